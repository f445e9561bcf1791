"""Public pages and the public API: who did not agree is nowhere, and of who did only what they agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import (
    Alliance,
    Body,
    BodyKind,
    BodySeat,
    Brand,
    Figure,
    MemberUnit,
    PartyOrganisation,
    Placement,
    Strength,
    Tag,
)
from members.services import create_alliance, create_unit, leave_alliance
from members.services.documents import create_document, publish_version, save_draft
from members.states import PartyKind, Shown, StrengthKind, UnitKind
from tests.members.conftest import Twins

PARTS = {
    Shown.INTRO: "楼下邻居都认得我们",
    Shown.STRENGTHS: "水电维修班",
    Shown.TAGS: "爱下象棋",
    Shown.PLACE: "甲社区 ",
    Shown.PARTY: "图书馆第一党支部",
}
NAME, HIDDEN = "某某区图书馆", "不愿露面的单位"


@dataclass(frozen=True)
class Place:
    """An alliance with one unit that is shown, one that is not, and a cell with both."""

    alliance: Alliance
    shown: MemberUnit
    hidden: MemberUnit
    group: Body
    zone: Body


@pytest.fixture
def place(twins: Twins) -> Place:
    here, unit = twins.here, twins.shared
    hidden = create_unit(name=HIDDEN, kind=UnitKind.BANK, area=here.street, by=None, alliance=here.alliance)
    tag = Tag.objects.create(near="interest", name=PARTS[Shown.TAGS], area=here.street)
    for one in (unit, hidden):
        MemberUnit.objects.filter(pk=one.pk).update(intro=PARTS[Shown.INTRO], area=here.community, floor="12层")
        Strength.objects.create(unit=one, kind=StrengthKind.EXPERTISE, name=PARTS[Shown.STRENGTHS])
        one.tags.add(tag)
    branch = {"kind": PartyKind.BRANCH, "area": here.community, "is_public": True}
    PartyOrganisation.objects.create(name=PARTS[Shown.PARTY], unit=unit, **branch)
    MemberUnit.objects.filter(pk=hidden.pk).update(shows=Shown.values)
    group, zone = (_body(twins, axis, name) for axis, name in (("group", "教育卫生"), ("zone", "万寿桥片")))
    for one in (unit, hidden):
        membership = one.memberships.get(alliance=here.alliance)
        Placement.objects.create(membership=membership, group=group, zone=zone)
    return Place(here.alliance, unit, hidden, group, zone)


def _body(twins: Twins, axis: str, name: str, **more: Any) -> Body:
    roles = ["召集人", "联系人", "成员"]
    typed = {"name": f"类型{axis}", "axis": axis, "roles": roles, "single_roles": roles[:2]}
    kind, _made = BodyKind.objects.get_or_create(key=f"test-{axis or 'plain'}", defaults=typed)
    area, alliance = twins.here.street, twins.here.alliance
    return Body.objects.create(
        **{"kind": kind, "name": name, "area": area, "alliance": alliance, "is_public": True, **more}
    )


def _addresses(place: Place) -> list[str]:
    a, u = place.alliance.pk, place.shown.pk
    cell = f"group={place.group.pk}&zone={place.zone.pk}"
    return [
        "/",
        "/alliance/",
        f"/alliance/{a}/",
        f"/alliance/{a}/units/",
        f"/alliance/{a}/units/?q={HIDDEN[:2]}",
        f"/alliance/{a}/units/?q=by",
        f"/alliance/{a}/units/?kind=bank",
        f"/alliance/{a}/units/?{cell}",
        f"/alliance/{a}/groups/",
        f"/units/{u}/",
        "/api/v1/public/alliances/",
        f"/api/v1/public/alliances/{a}/",
        f"/api/v1/public/alliances/{a}/units/",
        f"/api/v1/public/alliances/{a}/units/?{cell}",
        f"/api/v1/public/alliances/{a}/groups/",
        f"/api/v1/public/units/{u}/",
    ]


def _read(client: Client, place: Place) -> dict[str, tuple[str, str]]:
    found = {}
    for address in _addresses(place):
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        found[address] = (response.content.decode(), response.headers.get("ETag", ""))
    return found


@pytest.mark.django_db
def test_a_unit_that_did_not_agree_is_nowhere(client: Client, place: Place) -> None:
    for address, (text, _etag) in _read(client, place).items():
        # What was typed into the search stands in its field again: that is the visitor's word, not ours.
        assert HIDDEN not in text, address
        assert f"/units/{place.hidden.pk}/" not in text, address
    for address in (f"/units/{place.hidden.pk}/", f"/api/v1/public/units/{place.hidden.pk}/"):
        assert client.get(address).status_code == 404
        nowhere = client.get(address.replace(str(place.hidden.pk), "987654"))
        assert nowhere.status_code == 404


@pytest.mark.django_db
def test_control_with_its_consent_it_stands_everywhere(client: Client, place: Place) -> None:
    MemberUnit.objects.filter(pk=place.hidden.pk).update(is_public=True)
    texts = {address: text for address, (text, _etag) in _read(client, place).items()}
    where = [address for address, text in texts.items() if HIDDEN in text]
    assert len(where) >= 8, where
    assert client.get(f"/units/{place.hidden.pk}/").status_code == 200
    assert client.get(f"/api/v1/public/units/{place.hidden.pk}/").status_code == 200


@pytest.mark.django_db
def test_nothing_told_changes_with_a_unit_that_is_not_shown(client: Client, place: Place) -> None:
    """Neither counts nor the ETag of an answer: what is left out cannot be told from what is there."""
    api = [address for address in _addresses(place) if address.startswith("/api/")]
    before = {address: client.get(address) for address in api}
    assert all(response.headers["ETag"] for response in before.values())
    MemberUnit.objects.filter(pk=place.hidden.pk).update(name="换了名字", kind=UnitKind.SCHOOL, intro="换了")
    place.hidden.memberships.get().placements.all().delete()
    for address, response in before.items():
        again = client.get(address)
        assert (again.content, again.headers["ETag"]) == (response.content, response.headers["ETag"]), address
        assert client.get(address, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


@pytest.mark.django_db
def test_control_the_etag_changes_with_a_unit_that_is_shown(client: Client, place: Place) -> None:
    address = f"/api/v1/public/alliances/{place.alliance.pk}/units/"
    before = client.get(address).headers["ETag"]
    MemberUnit.objects.filter(pk=place.shown.pk).update(name="换了名字")
    assert client.get(address).headers["ETag"] != before
    assert client.get(address, headers={"If-None-Match": before}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("part", [None, *Shown])
def test_of_a_unit_only_the_part_it_agreed_to_is_read(client: Client, place: Place, part: Shown | None) -> None:
    MemberUnit.objects.filter(pk=place.shown.pk).update(shows=[part] if part else [])
    pages = [f"/units/{place.shown.pk}/", f"/api/v1/public/units/{place.shown.pk}/"]
    lists = [f"/alliance/{place.alliance.pk}/units/", f"/api/v1/public/alliances/{place.alliance.pk}/units/"]
    for address in pages + lists:
        text = client.get(address).content.decode()
        assert NAME in text, address
        told = {one for one, words in PARTS.items() if words in text}
        assert told <= {part}, (address, told)
        if address in pages:
            assert told == ({part} if part else set()), (address, told)


@pytest.mark.django_db
def test_a_tag_finds_only_units_that_show_their_tags(client: Client, place: Place) -> None:
    tag, address = Tag.objects.get(), f"/alliance/{place.alliance.pk}/units/"
    assert NAME not in client.get(f"{address}?tag={tag.pk}").content.decode()
    assert PARTS[Shown.TAGS] not in client.get(address).content.decode()
    MemberUnit.objects.filter(pk=place.shown.pk).update(shows=[Shown.TAGS])
    found = client.get(f"{address}?tag={tag.pk}").content.decode()
    assert NAME in found
    assert HIDDEN not in found


@pytest.mark.django_db
def test_a_person_is_named_only_who_agreed_and_a_unit_likewise(client: Client, twins: Twins, place: Place) -> None:
    body = _body(twins, "", "智库团")
    for holder in (
        {"name": "演示甲", "title": "退休工程师", "is_public": True},
        {"name": "演示乙", "title": "不公开的专家"},
        {"unit": place.hidden},
        {"unit": place.hidden, "name": "演示丙", "title": f"{HIDDEN}经理", "is_public": True},
        {"unit": place.shown, "name": "演示丁"},
        {"name": "演示戊", "is_public": True, "ends_on": timezone.localdate(), "starts_on": "2020-01-01"},
    ):
        BodySeat.objects.create(**{"body": body, "role": "成员", **holder})
    _body(twins, "", "内部小组", is_public=False)
    for address in (f"/alliance/{place.alliance.pk}/", f"/api/v1/public/alliances/{place.alliance.pk}/"):
        text = client.get(address).content.decode()
        for word in ("演示甲", "退休工程师", "演示丙", NAME, "智库团"):
            assert word in text, (address, word)
        for word in ("演示乙", "不公开的专家", HIDDEN, "演示丁", "演示戊", "内部小组"):
            assert word not in text, (address, word)


@pytest.mark.django_db
def test_cells_count_shown_units_and_lead_to_them(client: Client, place: Place) -> None:
    page = client.get(f"/alliance/{place.alliance.pk}/groups/")
    assert [row["total"] for row in page.context["rows"]] == [1]
    link = f"/alliance/{place.alliance.pk}/units/?group={place.group.pk}&amp;zone={place.zone.pk}"
    assert link in page.content.decode()
    Body.objects.filter(pk=place.zone.pk).update(is_public=False)
    page = client.get(f"/alliance/{place.alliance.pk}/groups/")
    assert "万寿桥片" not in page.content.decode()
    found = client.get(f"/alliance/{place.alliance.pk}/units/?zone={place.zone.pk}").content.decode()
    assert NAME not in found, "a zone that is not public finds nothing"


@pytest.mark.django_db
def test_the_other_streets_alliance_shows_its_own_and_nothing_of_this_one(client: Client, twins: Twins) -> None:
    Figure.objects.create(alliance=twins.here.alliance, label="首批", value="28家", source="某报")
    Brand.objects.create(area=twins.here.community, name="甲一家亲")
    sub = create_alliance(area=twins.here.community, parent=twins.here.alliance, name="甲社区子联盟", by=None)
    theirs = client.get(f"/alliance/{twins.there.alliance.pk}/").content.decode()
    ours = client.get(f"/alliance/{twins.here.alliance.pk}/").content.decode()
    for word in ("28家", "甲一家亲", "甲社区子联盟"):
        assert word in ours
        assert word not in theirs
    assert NAME in theirs, "a unit of both alliances is a member of both"
    assert "甲一家亲" in client.get(f"/alliance/{sub.pk}/").content.decode()


@pytest.mark.django_db
def test_who_left_is_not_a_member_any_more(client: Client, twins: Twins, place: Place) -> None:
    leave_alliance(pk=place.shown.memberships.get(alliance=place.alliance).pk, by=twins.here.clerk)
    assert NAME not in client.get(f"/alliance/{place.alliance.pk}/units/").content.decode()
    page = client.get(f"/units/{place.shown.pk}/").content.decode()
    assert place.alliance.name not in page.split("<main", 1)[1].split("</main>", 1)[0]
    leave_alliance(pk=place.shown.memberships.active().get().pk, by=twins.there.clerk)
    assert client.get(f"/units/{place.shown.pk}/").status_code == 404


@pytest.mark.django_db
def test_a_suspended_unit_is_a_member_like_others_and_nobody_reads_why(client: Client, place: Place) -> None:
    MemberUnit.objects.filter(pk=place.shown.pk).update(suspended_at=timezone.now(), suspended_why="两次没有送到")
    for _address, (text, _etag) in _read(client, place).items():
        assert "两次没有送到" not in text
        assert "暂停" not in text


@pytest.mark.django_db
def test_a_doubles_page_leads_to_the_unit_that_stands(client: Client, place: Place) -> None:
    double = MemberUnit.objects.create(name="图书馆（重复）", kind="other", area=place.shown.area, is_public=True)
    MemberUnit.objects.filter(pk=double.pk).update(merged_into=place.shown)
    response = client.get(f"/units/{double.pk}/")
    assert (response.status_code, response.headers["Location"]) == (302, f"/units/{place.shown.pk}/")
    MemberUnit.objects.filter(pk=double.pk).update(merged_into=place.hidden)
    assert client.get(f"/units/{double.pk}/").status_code == 404


@pytest.mark.django_db
def test_documents_are_public_when_marked_and_published_and_drafts_never(client: Client, twins: Twins) -> None:
    here, by = twins.here, twins.here.clerk
    typed = {"alliance": here.alliance, "by": by, "kind": "charter"}
    open_ = publish_version(pk=create_document(title="公开的章程", text="第一条", is_public=True, **typed).pk, by=by)
    closed = publish_version(pk=create_document(title="内部办法", text="内部", **typed).pk, by=by)
    draft = create_document(title="还是草稿", text="草稿", is_public=True, **typed)
    save_draft(document_pk=open_.document_id, by=by, text="第一条 下一版的草稿", change="改")
    page = client.get(f"/alliance/{here.alliance.pk}/").content.decode()
    assert "公开的章程" in page
    assert not [word for word in ("内部办法", "还是草稿") if word in page]
    shown = client.get(f"/alliance/{here.alliance.pk}/documents/{open_.document_id}/").content.decode()
    assert "第一条" in shown
    assert "下一版" not in shown
    for version in (closed, draft):
        assert client.get(f"/alliance/{here.alliance.pk}/documents/{version.document_id}/").status_code == 404
    other = f"/alliance/{twins.there.alliance.pk}/documents/{open_.document_id}/"
    assert client.get(other).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["?cursor=x", "?tag=x&group=-1&zone=99999999999&kind=%00", "?q=%F0%9F%98%80" + "长" * 99]
)
def test_what_makes_no_sense_is_answered_kindly(client: Client, place: Place, query: str) -> None:
    for address in (f"/alliance/{place.alliance.pk}/units/", f"/api/v1/public/alliances/{place.alliance.pk}/units/"):
        assert client.get(address + query).status_code in (200, 400)


@pytest.mark.django_db
def test_units_come_page_by_page_none_twice(client: Client, place: Place, twins: Twins) -> None:
    for number in range(60):
        unit = create_unit(
            name=f"一样读音{number % 7}",
            kind=UnitKind.OTHER,
            area=twins.here.street,
            by=None,
            alliance=place.alliance,
            is_public=True,
        )
        assert unit.pinyin
    address, seen = f"/alliance/{place.alliance.pk}/units/", []
    while address:
        page = client.get(address)
        seen += [row["unit"].pk for row in page.context["rows"]]
        address = page.context["next_url"]
    assert len(seen) == len(set(seen)) == 61


@pytest.mark.django_db
def test_a_page_asks_as_often_for_many_as_for_few(client: Client, place: Place, twins: Twins) -> None:
    def asked() -> dict[str, int]:
        counts = {}
        for address in _addresses(place):
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts[address] = len(queries)
        return counts

    BodySeat.objects.create(body=_body(twins, "", "机构"), role="成员", unit=place.shown)
    few = asked()
    typed = {"kind": UnitKind.OTHER, "area": twins.here.street, "by": None, "is_public": True}
    for number in range(20):
        unit = create_unit(name=f"第{number}家", alliance=place.alliance, **typed)
        MemberUnit.objects.filter(pk=unit.pk).update(shows=Shown.values, intro="一句话")
        Strength.objects.create(unit=unit, kind="service", name="义诊")
        unit.tags.add(Tag.objects.get())
        body = _body(twins, "", f"机构{number}")
        BodySeat.objects.create(body=body, role="成员", unit=unit)
        Placement.objects.create(membership=unit.memberships.get(), group=place.group, zone=place.zone)
    assert asked() == few
    assert max(few.values()) <= 20, few


@pytest.mark.django_db
def test_search_finds_by_name_and_by_initials(client: Client, place: Place) -> None:
    address = f"/alliance/{place.alliance.pk}/units/"
    for word, there in (("图书", True), ("mmqtsg", True), ("MMQ", True), ("tsg", False), ("不存在", False)):
        rows = client.get(address, {"q": word}).context["rows"]
        assert bool(rows) == there, word


@pytest.mark.django_db
def test_what_was_shown_yesterday_and_is_taken_back_is_gone_at_once(client: Client, place: Place) -> None:
    assert NAME in client.get(f"/alliance/{place.alliance.pk}/").content.decode()
    MemberUnit.objects.filter(pk=place.shown.pk).update(is_public=False)
    assert client.get(f"/units/{place.shown.pk}/").status_code == 404
    assert NAME not in client.get(f"/alliance/{place.alliance.pk}/").content.decode()
