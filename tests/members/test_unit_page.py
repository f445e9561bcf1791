"""The page of a unit in the workbench: its parts saved one by one, nothing typed lost, nothing of another street."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import Liaison, MemberUnit, PartyOrganisation
from members.services import (
    create_building,
    create_organisation,
    describe_unit,
    save_strengths,
    seat_liaison,
    set_tags,
    suspend_unit,
)
from members.services.party import Entry
from members.services.profile import Strong
from members.states import PartyKind
from tests.cast import browser_of
from tests.members.conftest import Twins, person

pytestmark = pytest.mark.django_db


def page_of(unit: MemberUnit, tail: str = "change/") -> str:
    return f"/admin/members/memberunit/{unit.pk}/{tail}"


def text(response: Any) -> str:
    return str(response.content.decode())


def seen(page: str, part: str) -> str:
    found = re.search(rf'name="{part}-seen" value="(\w+)"', page)
    assert found, part
    return found[1]


def send(desk: Client, unit: MemberUnit, part: str, opened: str, **typed: Any) -> Any:
    data = {f"{part}-{name}": value for name, value in typed.items()}
    return desk.post(page_of(unit, f"{part}/"), {f"{part}-seen": seen(opened, part), **data})


def test_every_part_is_saved_by_its_own_form(twins: Twins) -> None:
    unit, desk = twins.here.unit, browser_of(twins.here.clerk)
    tower = create_building(area=twins.here.community, name="汇金大厦", by=twins.here.clerk)
    opened = text(desk.get(page_of(unit)))
    assert send(desk, unit, "intro", opened, intro="操场大").status_code == 302
    lines = "书法：周三下午\n\n- 合唱"
    assert send(desk, unit, "strengths", opened, expertise=lines, service="操场开放:周六").status_code == 302
    assert send(desk, unit, "tags", opened, trade="教育、校园；体育").status_code == 302
    assert send(desk, unit, "place", opened, building=tower.pk, floor="2层").status_code == 302
    assert send(desk, unit, "shown", opened, is_public="on", shows=["intro", "tags"]).status_code == 302
    unit = MemberUnit.objects.get(pk=unit.pk)
    assert sorted(unit.strengths.values_list("name", "detail")) == [
        ("书法", "周三下午"),
        ("合唱", ""),
        ("操场开放", "周六"),
    ]
    assert sorted(unit.tags.values_list("name", flat=True)) == ["体育", "教育", "校园"]
    assert (unit.intro, unit.building, unit.floor) == ("操场大", tower, "2层")
    assert (unit.is_public, unit.shows) == (True, ["intro", "tags"])
    shown = text(desk.get(page_of(unit)))
    for words in ("操场大", "书法：周三下午", "汇金大厦", "校园", "单位同意公开", twins.here.clerk.name):
        assert words in shown
    again = send(desk, unit, "tags", shown, trade_has=["教育"], interest="跑步")
    assert again.status_code == 302
    assert sorted(unit.tags.values_list("name", flat=True)) == ["教育", "跑步"]


def test_every_form_carries_what_a_browser_needs_to_send_it(twins: Twins) -> None:
    desk = browser_of(twins.here.clerk, enforce_csrf_checks=True)
    shown = text(desk.get(page_of(twins.here.unit)))
    forms = re.findall(r'<form method="post" action="[^"]*memberunit.*?</form>', shown, re.S)
    assert len(forms) == 7  # six parts, and taking no part for a while
    assert all("csrfmiddlewaretoken" in form for form in forms)


def test_the_entry_is_saved_on_the_same_page(twins: Twins) -> None:
    unit, desk = twins.here.unit, browser_of(twins.here.clerk)
    typed = {"entry-name": "甲街道第一小学", "entry-kind": "school", "entry-area": twins.here.community.pk}
    typed["entry-seen"] = seen(text(desk.get(page_of(unit))), "entry")
    assert desk.post(page_of(unit), typed).status_code == 302
    assert MemberUnit.objects.get(pk=unit.pk).name == "甲街道第一小学"
    refused = desk.post(page_of(unit), {**typed, "entry-uscc": "123", "entry-note": "要留住的话"})
    assert refused.status_code == 422 and "要留住的话" in text(refused)
    assert MemberUnit.objects.get(pk=unit.pk).uscc is None


def test_a_refused_part_keeps_what_was_typed_and_says_why_at_the_field(twins: Twins) -> None:
    unit, desk = twins.here.unit, browser_of(twins.here.clerk)
    opened = text(desk.get(page_of(unit)))
    refused = send(desk, unit, "strengths", opened, expertise="长" * 41, service="留住我")
    assert refused.status_code == 422
    shown = text(refused)
    assert "留住我" in shown and "长" * 41 in shown and "最多40字" in shown
    assert not unit.strengths.exists()


def test_a_part_somebody_else_changed_is_shown_again_with_both(twins: Twins) -> None:
    unit, desk = twins.here.unit, browser_of(twins.here.clerk)
    opened = text(desk.get(page_of(unit)))
    describe_unit(pk=unit.pk, by=None, intro="单位自己写的")
    stale = send(desk, unit, "intro", opened, intro="街道写的")
    shown = text(stale)
    assert stale.status_code == 409 and "单位自己写的" in shown and "街道写的" in shown and "别人刚改过" in shown
    assert send(desk, unit, "intro", shown, intro="街道写的").status_code == 302
    assert MemberUnit.objects.get(pk=unit.pk).intro == "街道写的"
    without = desk.post(page_of(unit, "intro/"), {"intro-intro": "没有底稿"})
    assert without.status_code == 409 and "没有底稿" in text(without)


def test_whoever_may_not_save_sees_no_form_and_is_refused(twins: Twins) -> None:
    unit, shared = twins.here.unit, twins.shared
    forms = {"intro/", "strengths/", "tags/", "place/", "shown/"}
    for stranger, there, status in (
        (twins.here.worker, unit, 403),
        (twins.here.administrator, unit, 403),
        (twins.there.clerk, shared, 403),
        (twins.there.clerk, unit, 404),
    ):
        desk = browser_of(stranger)
        page = desk.get(page_of(there))
        assert page.status_code == (404 if status == 404 else 200)
        assert not [tail for tail in forms if page_of(there, tail) in text(page)]
        for tail in (*forms, "change/"):
            assert desk.post(page_of(there, tail), {"intro-intro": "x"}).status_code == status, (stranger, tail)
    assert desk.get(page_of(unit, "intro/")).status_code == 404
    assert browser_of(twins.here.clerk).get(page_of(unit, "intro/")).status_code == 302
    for path in ("/admin/members/memberunit/0/change/", "/admin/members/memberunit/x/change/"):
        assert browser_of(twins.here.clerk).get(path).status_code == 404


def test_what_belongs_to_a_unit_stands_beside_it(twins: Twins) -> None:
    unit, clerk = twins.here.unit, twins.here.clerk
    speaker = person("speaker", None, None)
    seat_liaison(unit=unit, user=speaker, by=None, name="沈老师", title="校办主任")
    area = twins.here.community
    create_organisation(
        entry=Entry(name="甲小学党支部", kind=PartyKind.BRANCH, area=area, unit=unit, member_count=18), by=clerk
    )
    suspend_unit(pk=unit.pk, by=clerk, why="校舍大修")
    describe_unit(pk=unit.pk, by=speaker, intro="自己说的")
    shown = text(browser_of(clerk).get(page_of(unit)))
    for words in ("甲联盟", "沈老师", "校办主任", "甲小学党支部", "校舍大修", "恢复参加", "最近改动"):
        assert words in shown
    assert shown.count("校舍大修") == 2  # above everything, and where it is taken back
    assert PartyOrganisation.objects.count() == 1 and Liaison.objects.count() == 1


def test_the_page_asks_no_more_often_for_a_full_unit(twins: Twins) -> None:
    unit, desk = twins.here.unit, browser_of(twins.here.clerk)

    def statements() -> int:
        desk.get(page_of(unit))
        with CaptureQueriesContext(connection) as seen_:
            assert desk.get(page_of(unit)).status_code == 200
        return len(seen_)

    def fill(count: int) -> None:
        lines = [Strong("service", f"第{n}项") for n in range(count)]
        save_strengths(pk=unit.pk, by=twins.here.clerk, strengths=lines)
        set_tags(pk=unit.pk, by=twins.here.clerk, tags={"trade": [f"行业{n}" for n in range(count)]})
        for n in range(count):
            create_building(area=twins.here.community, name=f"{count}号楼{n}", by=None)
            entry = Entry(name=f"{count}支部{n}", kind=PartyKind.BRANCH, area=twins.here.community, unit=unit)
            create_organisation(entry=entry, by=None)

    fill(2)
    few = statements()
    fill(7)
    assert statements() == few < 45
