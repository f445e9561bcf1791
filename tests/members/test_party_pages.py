"""The pages of party organisations, lists, buildings and brands; pickers that know pinyin; the API of all of these."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.floors import floor_key
from members.models import Brand, Building, Cultivation, Listed, MemberUnit, PartyOrganisation
from members.services import (
    create_brand,
    create_building,
    create_cultivation,
    create_organisation,
    create_unit,
    decide_listed,
    list_organisation,
    place_unit,
    seat_liaison,
    set_tags,
)
from members.services.party import Entry
from members.services.profile import stamp
from members.states import Outcome, Part, PartyKind, UnitKind
from tests.cast import api_of, browser_of
from tests.members.conftest import Twins, person

pytestmark = pytest.mark.django_db
ADMIN, API = "/admin/members", "/api/v1"


def text(response: Any) -> str:
    return str(response.content.decode())


def branch(twins: Twins, name: str = "甲小学党支部", **changes: Any) -> PartyOrganisation:
    entry = Entry(**{"name": name, "kind": PartyKind.BRANCH, "area": twins.here.community, **changes})
    return create_organisation(entry=entry, by=None)


def test_an_organisation_is_entered_changed_and_ended_on_its_page(twins: Twins) -> None:
    desk = browser_of(twins.here.clerk)
    typed = {"name": "甲社区党委", "kind": "committee", "area": twins.here.community.pk, "member_count": "120"}
    assert desk.post(f"{ADMIN}/partyorganisation/add/", typed).status_code == 302
    row = PartyOrganisation.objects.get()
    page = f"{ADMIN}/partyorganisation/{row.pk}/change/"
    assert desk.post(page, {**typed, "name": "甲社区总党委"}).status_code == 302
    low = branch(twins, parent=row)
    shown = text(desk.get(page))
    assert "甲社区总党委" in shown and "下级党组织" in shown and low.name in shown
    ending = {**typed, "name": "甲社区总党委", "ended_on": "2030-01-01"}
    refused = desk.post(page, ending)
    assert refused.status_code == 200 and "它下面还有党组织" in text(refused)
    low_page = f"{ADMIN}/partyorganisation/{low.pk}/change/"
    kept = {"name": low.name, "kind": low.kind, "area": low.area_id, "parent": row.pk}
    assert desk.post(low_page, {**kept, "parent": low.pk}).status_code == 200, "under itself"
    assert PartyOrganisation.objects.get(pk=low.pk).parent == row
    assert desk.post(low_page, {**kept, "ended_on": "2030-01-01"}).status_code == 302
    assert str(PartyOrganisation.objects.get(pk=low.pk).ended_on) == "2030-01-01"


def test_pickers_find_by_pinyin_and_only_in_ones_own_street(twins: Twins) -> None:
    branch(twins, "甲社区第一党支部")
    entry = Entry(name="乙社区第一党支部", kind=PartyKind.BRANCH, area=twins.there.community)
    create_organisation(entry=entry, by=None)
    desk = browser_of(twins.here.clerk)

    def found(field: str, word: str) -> list[str]:
        given = {"app_label": "members", "model_name": "partyorganisation", "field_name": field, "term": word}
        return [row["text"] for row in desk.get("/admin/autocomplete/", given).json()["results"]]

    assert found("unit", "jjdxx") == found("unit", "jiajiedao") == ["甲街道小学"]
    assert found("parent", "jsq") == ["甲社区第一党支部"]
    assert found("unit", "yjdxx") == found("parent", "ysq") == []
    PartyOrganisation.objects.update(ended_on="2020-01-01")
    assert found("parent", "jsq") == []


def test_a_list_is_kept_on_one_page(twins: Twins) -> None:
    desk, one = browser_of(twins.here.clerk), branch(twins)
    opened = text(desk.get(f"{ADMIN}/cultivation/add/"))
    assert "门常开" in opened, "the first list begins with a text to change"
    typed = {"name": "过硬支部培育", "year": "2026", "area": twins.here.street.pk, "criteria": "我们自己的标准"}
    assert desk.post(f"{ADMIN}/cultivation/add/", typed).status_code == 302
    assert "我们自己的标准" in text(desk.get(f"{ADMIN}/cultivation/add/")), "later ones with those of the one before"
    row = Cultivation.objects.get()
    page = f"{ADMIN}/cultivation/{row.pk}"
    assert one.name in text(desk.get(f"{page}/change/"))
    assert desk.post(f"{page}/list/", {"list-organisation": ""}).status_code == 422
    assert desk.post(f"{page}/list/", {"list-organisation": one.pk}).status_code == 302
    listed = Listed.objects.get()
    name = f"row{listed.pk}"
    wrong = {
        "listed": listed.pk,
        f"{name}-outcome": "reached",
        f"{name}-decided_on": "2000-01-01",
        f"{name}-note": "留住",
    }
    refused = desk.post(f"{page}/decide/", wrong)
    assert refused.status_code == 422 and "留住" in text(refused) and "认定日期在列入以后" in text(refused)
    assert desk.post(f"{page}/decide/", {"listed": listed.pk, f"{name}-outcome": "reached"}).status_code == 302
    assert Listed.objects.get().outcome == Outcome.REACHED
    shown = text(desk.get(f"{page}/change/"))
    assert "已达标" in shown and "名单上是党组织，不写个人" in shown
    for stranger, status in ((twins.here.worker, 403), (twins.there.clerk, 404)):
        other = browser_of(stranger)
        assert other.post(f"{page}/decide/", {"listed": listed.pk, f"{name}-outcome": "left"}).status_code == status
        assert other.post(f"{page}/list/", {"list-organisation": one.pk}).status_code == status
    assert Listed.objects.get().outcome == Outcome.REACHED


def test_a_building_shows_its_units_from_below(twins: Twins) -> None:
    clerk = twins.here.clerk
    tower = create_building(area=twins.here.community, name="汇金大厦", by=clerk)
    for name, floor in (
        ("顶楼公司", "顶层"),
        ("地下车库", "B1"),
        ("十楼公司", "10层"),
        ("二楼公司", "二层"),
        ("哪层公司", ""),
    ):
        unit = create_unit(name=name, kind=UnitKind.PRIVATE_COMPANY, area=twins.here.community, by=clerk)
        place_unit(pk=unit.pk, by=clerk, building=tower, floor=floor)
    shown = text(browser_of(clerk).get(f"{ADMIN}/building/{tower.pk}/change/"))
    places = [shown.index(name) for name in ("地下车库", "二楼公司", "十楼公司", "顶楼公司", "哪层公司")]
    assert places == sorted(places) and "5家" in shown and "民营企业 5" in shown


def test_floors_stand_in_order_however_they_are_written() -> None:
    written = ["地下二层", "B1", "1层", "二层", "3-5层", "十层", "十二楼", "二十一层", "30F", "顶层", "大堂"]
    assert sorted(set(written), key=floor_key) == written


def test_a_community_writes_its_brand_on_the_page(twins: Twins) -> None:
    desk = browser_of(twins.here.worker)
    opened = text(desk.get(f"{ADMIN}/brand/add/"))
    assert twins.here.community.name in opened and twins.there.community.name not in opened
    typed = {"area": twins.here.community.pk, "name": "军民一家", "feature": "军警民共建"}
    assert desk.post(f"{ADMIN}/brand/add/", typed).status_code == 302
    assert desk.post(f"{ADMIN}/brand/add/", {**typed, "area": twins.there.community.pk}).status_code == 200
    page = f"{ADMIN}/brand/{twins.here.community.pk}/change/"
    assert desk.post(page, {"name": "军民一家亲"}).status_code == 302
    assert list(Brand.objects.values_list("name", flat=True)) == ["军民一家亲"]
    assert browser_of(twins.there.worker).get(page).status_code == 404


def test_pages_ask_no_more_often_for_more_rows(twins: Twins) -> None:
    clerk, desk = twins.here.clerk, browser_of(twins.here.clerk)
    row = create_cultivation(area=twins.here.street, name="过硬支部培育", year=2026, by=clerk)
    tower = create_building(area=twins.here.community, name="汇金大厦", by=clerk)
    top = branch(twins, "党委", kind=PartyKind.COMMITTEE)

    def fill(count: int) -> None:
        for n in range(count):
            one = branch(twins, f"{count}第{n}党支部", parent=top)
            branch(twins, f"{count}没列入{n}")
            list_organisation(pk=row.pk, organisation=one, by=clerk)
            unit = create_unit(name=f"{count}公司{n}", kind=UnitKind.BANK, area=twins.here.community, by=clerk)
            place_unit(pk=unit.pk, by=clerk, building=tower, floor=f"{n}层")

    def statements() -> list[int]:
        counts = []
        for tail in (f"cultivation/{row.pk}", f"building/{tower.pk}", f"partyorganisation/{top.pk}"):
            desk.get(f"{ADMIN}/{tail}/change/")
            with CaptureQueriesContext(connection) as seen:
                assert desk.get(f"{ADMIN}/{tail}/change/").status_code == 200
            counts.append(len(seen))
        return counts

    fill(2)
    few = statements()
    fill(6)
    assert statements() == few


def _units(client: Any, **query: str) -> list[str]:
    return [row["name"] for row in client.get(f"{API}/units/", query).json()["results"]]


def test_units_are_read_over_the_api_by_staff_and_their_own_liaison(twins: Twins) -> None:
    speaker = person("speaker", None, None)
    seat_liaison(unit=twins.here.unit, user=speaker, by=None, name="沈老师")
    set_tags(pk=twins.here.unit.pk, by=twins.here.clerk, tags={"trade": ["教育"]})
    clerk, own = api_of(twins.here.clerk), api_of(speaker)
    assert sorted(_units(clerk)) == ["某某区图书馆", "甲街道小学"]
    assert _units(clerk, q="jjdxx") == _units(clerk, tag="教育") == _units(own) == ["甲街道小学"]
    assert _units(clerk, kind="hospital") == _units(clerk, building="7") == []
    path = f"{API}/units/{twins.here.unit.pk}/"
    body = own.get(path).json()
    assert body["tags"] == [{"near": "trade", "name": "教育"}] and body["abilities"] == ["intro", "strengths", "shown"]
    assert [row["name"] for row in body["alliances"]] == ["甲联盟"]
    assert api_of(twins.there.clerk).get(path).status_code == 404
    shared = api_of(twins.there.clerk).get(f"{API}/units/{twins.shared.pk}/").json()
    assert [row["name"] for row in shared["alliances"]] == ["乙联盟"] and shared["abilities"] == []
    assert api_of(None).get(path).status_code == 401


def test_a_profile_is_changed_over_the_api_in_parts_all_or_none(twins: Twins) -> None:
    unit, path = twins.here.unit, f"{API}/units/{twins.here.unit.pk}/"
    tower = create_building(area=twins.here.community, name="汇金大厦", by=twins.here.clerk)
    clerk = api_of(twins.here.clerk)
    opened = clerk.get(path).json()["seen"]
    sent = {
        "intro": "操场大",
        "strengths": [{"kind": "service", "name": "操场开放", "detail": "周六"}],
        "tags": {"trade": ["教育"]},
        "place": {"building": tower.pk, "floor": "2层"},
        "shown": {"is_public": True, "shows": ["intro"]},
        "seen": opened,
    }
    body = clerk.patch(path, sent, format="json")
    assert body.status_code == 200, body.json()
    assert body.json()["strengths"] == sent["strengths"] and body.json()["building"] == tower.pk
    assert clerk.patch(path, {"intro": "又改", "seen": opened}, format="json").status_code == 409
    assert clerk.patch(path, {}, format="json").status_code == 400
    for wrong in (
        {"place": {"building": 999999}},
        {"place": {"building": None, "grid": "330109001001-009"}},
        {"shown": {"is_public": True, "shows": ["secrets"]}},
        {"strengths": [{"kind": "magic", "name": "x"}]},
    ):
        assert clerk.patch(path, {"intro": "不该留下", **wrong}, format="json").status_code == 400
    speaker = person("speaker", None, None)
    seat_liaison(unit=unit, user=speaker, by=None, name="沈老师")
    own = api_of(speaker)
    assert own.patch(path, {"intro": "自己说"}, format="json").status_code == 200
    assert own.patch(path, {"intro": "不该留下", "tags": {}}, format="json").status_code == 403
    for stranger, status in ((twins.here.worker, 403), (twins.there.clerk, 404)):
        assert api_of(stranger).patch(path, {"intro": "不该留下"}, format="json").status_code == status
    unit = MemberUnit.objects.get(pk=unit.pk)
    assert unit.intro == "自己说" and stamp(unit, Part.INTRO) != opened["intro"]


def test_organisations_lists_buildings_and_brands_are_read_over_the_api(twins: Twins) -> None:
    clerk = twins.here.clerk
    one = branch(twins, secretary="沈大伟", member_count=18)
    row = create_cultivation(area=twins.here.street, name="过硬支部培育", year=2026, by=clerk, criteria="一\n二")
    listed = list_organisation(pk=row.pk, organisation=one, by=clerk)
    decide_listed(pk=listed.pk, by=clerk, outcome=Outcome.REACHED)
    create_building(area=twins.here.community, name="汇金大厦", by=clerk)
    create_brand(area=twins.here.community, name="军民一家", by=clerk)
    client = api_of(clerk)
    (party,) = client.get(f"{API}/party-organisations/").json()["results"]
    assert (party["name"], party["secretary"], party["member_count"]) == ("甲小学党支部", "沈大伟", 18)
    (masked,) = api_of(twins.here.administrator).get(f"{API}/party-organisations/").json()["results"]
    assert masked["secretary"] == "沈*伟"
    assert client.get(f"{API}/party-organisations/", {"kind": "committee"}).json()["results"] == []
    detail = client.get(f"{API}/cultivations/{row.pk}/").json()
    assert detail["criteria"] == ["一", "二"] and detail["listed"][0]["outcome"] == "reached"
    assert client.get(f"{API}/buildings/").json()["results"][0]["units"] == 0
    assert client.get(f"{API}/brands/").json()[0]["name"] == "军民一家"
    there = api_of(twins.there.clerk)
    for path in ("party-organisations", "cultivations", "buildings"):
        assert there.get(f"{API}/{path}/").json()["results"] == []
    assert there.get(f"{API}/brands/").json() == [] and Building.objects.count() == 1
    assert there.get(f"{API}/cultivations/{row.pk}/").status_code == 404
