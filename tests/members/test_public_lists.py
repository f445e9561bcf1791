"""Public pages of alliances: what is on which, found how, and for how many statements."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.lib.search import named
from members.models import (
    Body,
    BodySeat,
    Brand,
    Figure,
    MemberUnit,
    Placement,
    Strength,
    Tag,
)
from members.services import create_alliance, create_unit, leave_alliance
from members.services.documents import create_document, publish_version, save_draft
from members.states import Shown, UnitKind
from members.uscc import check_character
from tests.members.conftest import Twins
from tests.members.showing import NAME, Place, addresses, make_body, place, read

__all__ = ["place"]


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
    for word in ("28<small>家", "甲一家亲", "甲社区子联盟"):
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
    for _address, (text, _etag) in read(client, place).items():
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
        for address in addresses(place):
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts[address] = len(queries)
        return counts

    BodySeat.objects.create(body=make_body(twins, "", "机构"), role="成员", unit=place.shown)
    few = asked()
    typed = {"kind": UnitKind.OTHER, "area": twins.here.street, "by": None, "is_public": True}
    for number in range(20):
        unit = create_unit(name=f"第{number}家", alliance=place.alliance, **typed)
        MemberUnit.objects.filter(pk=unit.pk).update(shows=Shown.values, intro="一句话")
        Strength.objects.create(unit=unit, kind="service", name="义诊")
        unit.tags.add(Tag.objects.get())
        body = make_body(twins, "", f"机构{number}")
        BodySeat.objects.create(body=body, role="成员", unit=unit)
        Placement.objects.create(membership=unit.memberships.get(), group=place.group, zone=place.zone)
    assert asked() == few
    assert max(few.values()) <= 20, few


@pytest.mark.django_db
def test_search_finds_by_name_and_by_initials(client: Client, place: Place) -> None:
    address = f"/alliance/{place.alliance.pk}/units/"
    for word, there in (("图书", True), ("mmqtsg", True), ("MMQ", True), ("tsg", True), ("不存在", False)):
        rows = client.get(address, {"q": word}).context["rows"]
        assert bool(rows) == there, word


@pytest.mark.django_db
def test_a_code_finds_nobody_where_everybody_searches(client: Client, place: Place) -> None:
    code = "91330109MA2000007" + check_character("91330109MA2000007")
    MemberUnit.objects.filter(pk=place.shown.pk).update(uscc=code)
    staff = named(MemberUnit.objects.all(), code[-6:])
    assert place.shown in staff, "control: it stands there to be found"
    for word in (code[-4:], code[-6:], code, code.lower()):
        assert not client.get(f"/alliance/{place.alliance.pk}/units/", {"q": word}).context["rows"], word
        answer = client.get(f"/api/v1/public/alliances/{place.alliance.pk}/units/", {"q": word})
        assert answer.status_code == 200 and answer.json()["results"] == [], word


@pytest.mark.django_db
def test_what_was_shown_yesterday_and_is_taken_back_is_gone_at_once(client: Client, place: Place) -> None:
    assert NAME in client.get(f"/alliance/{place.alliance.pk}/").content.decode()
    MemberUnit.objects.filter(pk=place.shown.pk).update(is_public=False)
    assert client.get(f"/units/{place.shown.pk}/").status_code == 404
    assert NAME not in client.get(f"/alliance/{place.alliance.pk}/").content.decode()
