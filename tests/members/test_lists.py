"""The lists of the register: what they show to whom, how they are narrowed, what is remembered, how they turn pages."""

from __future__ import annotations

import re
from datetime import timedelta
from difflib import unified_diff
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alliance.lib.keyset import place_of
from alliance.lib.listing import Chosen, Reading, order_of, read
from members.listings.units import UNITS
from members.models import Body, BodyKind, Building, Membership, MemberUnit, Placement, Tag
from members.services import create_unit, suspend_unit
from members.states import Axis, Near, UnitKind
from people.models import ListChoice
from tests.cast import browser_of
from tests.members.conftest import Side, Twins

pytestmark = pytest.mark.django_db
LIST = "/admin/members/memberunit/"


def _page(client: Client, address: str = LIST, **params: str) -> str:
    answer = client.get(address, params)
    assert answer.status_code == 200
    return answer.content.decode()


def _names(page: str) -> list[str]:
    return re.findall(r'<th scope="row" class="what"><a href="[^"]+">([^<]+)</a>', page)


def _units(side: Side, *names: str, **values: Any) -> list[MemberUnit]:
    given = {"kind": UnitKind.BANK, "area": side.community, "by": None, "alliance": side.alliance, **values}
    return [create_unit(name=name, **given) for name in names]


def test_a_unit_is_found_by_name_initials_sound_and_the_tail_of_its_code(twins: Twins) -> None:
    _units(twins.here, "平安银行", uscc="91350100M000100Y43", short_name="平安行")
    _units(twins.here, "工商银行")
    client = browser_of(twins.here.clerk)
    for word in ("平安", "平安行", "PA", "pax", "pingan", "0Y43", "ＰＡＸ", "平 银行"):
        assert _names(_page(client, q=word)) == ["平安银行"], word
    assert _names(_page(client, q="银行")) == ["工商银行", "平安银行"]
    assert _names(_page(client, q="Y43")) == []
    assert _names(_page(client, q="'; drop")) == []
    assert 'type="search" name="q" value="银行"' in _page(client, q="银行")


def test_facets_narrow_together_and_count_what_is_left(twins: Twins) -> None:
    bank, shop = _units(twins.here, "甲银行", "乙商店")
    MemberUnit.objects.filter(pk=shop.pk).update(kind=UnitKind.PRIVATE_COMPANY)
    suspend_unit(pk=bank.pk, by=twins.here.clerk, why="装修")
    client = browser_of(twins.here.clerk)
    assert _names(_page(client, kind="bank")) == ["甲银行"]
    assert _names(_page(client, suspended="yes")) == ["甲银行"]
    assert _names(_page(client, suspended="no", kind="bank")) == []
    reading = Reading(UNITS, twins.here.clerk, Chosen(facets={"suspended": "yes", "kind": "school"}))
    counted = {value: count for value, _label, count in reading.answers(UNITS.facet("kind"))}
    assert counted == {**dict.fromkeys(UnitKind.values, 0), "bank": 1}


def test_group_zone_tag_and_building_narrow(twins: Twins) -> None:
    unit, _other = _units(twins.here, "甲银行", "乙银行")
    group, zone = (_body(twins.here, axis) for axis in Axis)
    membership = Membership.objects.get(unit=unit, alliance=twins.here.alliance)
    Placement.objects.create(membership=membership, group=group, zone=zone)
    tag = Tag.objects.create(near=Near.TRADE, name="金融", area=twins.here.street)
    unit.tags.add(tag)
    building = Building.objects.create(area=twins.here.community, name="银泰")
    MemberUnit.objects.filter(pk=unit.pk).update(building=building)
    client = browser_of(twins.here.clerk)
    for name, value in {"group": group, "zone": zone, "tag": tag, "building": building}.items():
        assert _names(_page(client, **{name: str(value.pk)})) == ["甲银行"], name
    Membership.objects.filter(pk=membership.pk).update(left_on=timezone.localdate() + timedelta(days=30))
    assert _names(_page(client, group=str(group.pk))) == ["甲银行"], "leaving is announced: a member until then"
    Placement.objects.update(ends_on=timezone.localdate(), starts_on=timezone.localdate() - timedelta(days=1))
    assert _names(_page(client, group=str(group.pk))) == []


def _body(side: Side, axis: str) -> Body:
    kind = BodyKind.objects.filter(axis=axis).first()
    kind = kind or BodyKind.objects.create(key=f"k-{axis}", name=f"{axis}类", axis=axis, roles=["成员"])
    return Body.objects.create(kind=kind, name=f"{side.street.name}{axis}", area=side.street, alliance=side.alliance)


def test_nothing_of_another_street_is_named_counted_or_answered(twins: Twins) -> None:
    theirs = _body(twins.there, Axis.GROUP)
    tag = Tag.objects.create(near=Near.TRADE, name="乙街标签", area=twins.there.street)
    twins.shared.tags.add(tag)
    membership = Membership.objects.get(unit=twins.shared, alliance=twins.there.alliance)
    Placement.objects.create(membership=membership, group=theirs)
    client = browser_of(twins.here.clerk)
    page = _page(client)
    assert twins.shared.name in page
    for foreign in ("乙街道小学", "乙联盟", "乙社区", "乙街标签", theirs.name):
        assert foreign not in page, foreign
    # The shared unit is in their alliance and group, which is no business of ours: neither answer leaves it.
    for name, value in {"alliance": twins.there.alliance, "group": theirs, "tag": tag}.items():
        assert _names(_page(client, **{name: str(value.pk)})) == [], name
    # The control: asked for by its own street, each of them does.
    there = browser_of(twins.there.clerk)
    for name, value in {"alliance": twins.there.alliance, "group": theirs, "tag": tag}.items():
        assert twins.shared.name in _names(_page(there, **{name: str(value.pk)})), name


def test_what_was_chosen_stands_there_the_next_time(twins: Twins) -> None:
    _units(twins.here, "甲银行")
    client = browser_of(twins.here.clerk)
    answer = client.post(LIST, {"kind": "bank", "q": "甲"})
    assert answer["Location"] == f"{LIST}?q=%E7%94%B2&kind=bank"
    page = _page(client)
    assert _names(page) == ["甲银行"]
    assert "按您上次选的" in page
    # Words may be somebody's name: they are not kept.
    assert ListChoice.objects.get().query == {"kind": "bank"}
    assert _names(_page(browser_of(twins.there.clerk))) == [twins.shared.name, "乙街道小学"]


def test_the_address_wins_over_what_is_remembered(twins: Twins) -> None:
    _units(twins.here, "甲银行")
    client = browser_of(twins.here.clerk)
    client.post(LIST, {"kind": "bank"})
    assert _names(_page(client, kind="school")) == ["甲街道小学"]
    assert len(_names(_page(client, sort="place"))) == 3
    assert ListChoice.objects.get().query == {"kind": "bank"}


def test_conditions_are_let_go_of_one_by_one_or_all_at_once(twins: Twins) -> None:
    client = browser_of(twins.here.clerk)
    both = {"kind": "bank", "public": "yes"}
    client.post(LIST, both)
    assert client.post(LIST, {**both, "drop": "kind"})["Location"] == f"{LIST}?public=yes"
    assert ListChoice.objects.get().query == {"public": "yes"}
    assert client.post(LIST, {**both, "clear": "1"})["Location"] == LIST
    assert not ListChoice.objects.exists()


def test_columns_are_chosen_and_the_first_always_stands(twins: Twins) -> None:
    client = browser_of(twins.here.clerk)
    heads = re.compile(r'<th scope="col"[^>]*>(?:<a href="[^"]+">)?([^<]+)')
    before = heads.findall(_page(client))
    client.post(LIST, {"columns": "1", "column": ["uscc", "tags", "nonsense"]})
    assert heads.findall(_page(client)) == ["单位", "标签", "统一社会信用代码"]
    client.post(LIST, {"columns": "1", "usual": "1"})
    assert heads.findall(_page(client)) == before
    assert not ListChoice.objects.exists()


def test_pages_neither_repeat_nor_leave_out_while_rows_arrive(twins: Twins) -> None:
    _units(twins.here, *(f"银行{number:02}" for number in range(30)))
    before = set(MemberUnit.objects.visible_to(twins.here.clerk).values_list("name", flat=True))
    client, seen, address = browser_of(twins.here.clerk), [], LIST
    for turn in range(9):
        page = _page(client, address)
        seen += _names(page)
        # Somebody registers a unit that stands before everything read so far.
        _units(twins.here, f"阿{turn}")
        found = re.search(r'rel="next" href="([^"]+)"', page)
        if found is None:
            break
        address = found[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


@pytest.mark.parametrize("sort", ["name", "-name", "kind", "-kind", "place", "-place"])
def test_every_order_turns_its_pages(twins: Twins, sort: str) -> None:
    for number in range(7):
        _units(twins.here, f"同名{number % 2}", kind=UnitKind.values[number % 3])
    whole = [unit.pk for unit in Reading(UNITS, twins.here.clerk, Chosen(sort=sort)).rows()]
    for cut in range(1, len(whole)):
        place = place_of(MemberUnit.objects.get(pk=whole[cut - 1]), order_of(UNITS, Chosen(sort=sort)))
        page = Reading(UNITS, twins.here.clerk, Chosen(sort=sort, cursor=place)).page()
        assert [row.pk for row in page.rows] == whole[cut:], cut


@pytest.mark.parametrize(
    "cursor", ["x", "AAAA", "W10", "WyJhIiwxLDJd", "WyJcdTAwMDAiLDFd", "W251bGwsMV0", "W1tdLHt9XQ"]
)
def test_a_made_up_place_is_refused_in_words(twins: Twins, cursor: str) -> None:
    answer = browser_of(twins.here.clerk).get(LIST, {"cursor": cursor})
    assert answer.status_code == 400
    assert "请从第一页重新看" in answer.content.decode() or "有几处需要改一下" in answer.content.decode()


def test_what_an_address_says_in_excess_is_left_out() -> None:
    chosen = read(UNITS, {"tab": "x", "sort": "note", "password__startswith": "a", "kind": "bank"})
    assert chosen == Chosen(facets={"kind": "bank"})


@pytest.mark.parametrize("rows", [3, 30])
def test_the_number_of_statements_does_not_follow_the_rows(twins: Twins, rows: int) -> None:
    _units(twins.here, *(f"单位{number}" for number in range(3)))
    client = browser_of(twins.here.clerk)
    for name in ("memberunit", "liaison"):
        address = reverse(f"admin:members_{name}_changelist")
        client.get(address)
        few = _asked(client, address)
        _units(twins.here, *(f"又一家{name}{number}" for number in range(rows)))
        many = _asked(client, address)
        assert len(many) == len(few), "\n".join([name, *unified_diff(few, many, lineterm="", n=0)])


def _asked(client: Client, address: str) -> list[str]:
    """What a page asks of the database. When somebody was last seen is written once a minute, whatever page it is."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [one["sql"] for one in captured if one["sql"].startswith(("SELECT", "WITH"))]
