"""全年活动: what was held and is planned by community and month; an empty month ahead proposes an activity."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.lib.year import Tally, tallies
from meetings.services.meetings import call_off_meeting
from members.models import Alliance
from portal.presenting.year import Cell, Place, table
from tests.cast import Cast, browser_of
from tests.claims.things import alliance_of
from tests.meetings.things import called, passed
from tests.projects.running import running
from tests.volunteers.things import begun, drafted, published
from volunteers.models import Activity, Slot
from volunteers.states import ActivityKind

HERE = ZoneInfo("Asia/Shanghai")
STREET, HOME = Place("330109001", "城厢街道", True), Place("330109001048", "万寿桥社区", False)
TODAY = date(2026, 10, 15)


def activity(month: int, *, held: int = 0, planned: int = 0, area: str = HOME.code, sort: str = "course") -> Tally:
    return Tally(key="activities", label="活动", area=area, month=month, held=held, planned=planned, sort=sort)


def cell(found: Any, code: str, month: int) -> Cell:
    line = next(line for line in found.lines if line.place.code == code)
    return next(one for one in line.cells if one.month == month)


def test_empty_months_ahead_are_gaps_and_those_behind_are_over() -> None:
    rows = [activity(3, held=2), activity(11, planned=1)]
    found = table([STREET, HOME], rows, year=2026, today=TODAY, proposes=True)
    gaps = {month for month in range(1, 13) if cell(found, HOME.code, month).gap}
    assert gaps == {10, 12} and found.empty == 2
    assert not [one for one in found.lines[0].cells if one.gap], "the street itself is no community"
    assert found.lines[1].covered == 2
    assert [gap.month for gap in found.gaps] == [10], "this month and the next stand above the table"
    nobody = table([HOME], rows, year=2026, today=TODAY, proposes=False)
    assert nobody.empty == 0
    ahead = table([HOME], [], year=2027, today=TODAY, proposes=True)
    behind = table([HOME], [], year=2025, today=TODAY, proposes=True)
    assert (ahead.empty, behind.empty) == (12, 0)


def test_what_is_proposed_is_what_the_community_had_least() -> None:
    had = [activity(1, held=5, sort=kind) for kind in ("once", "course", "party_day", "trip")]
    found = table([HOME], had, year=2026, today=TODAY, proposes=True)
    assert {gap.kind for line in found.lines for one in line.cells if (gap := one.gap)} == {
        str(ActivityKind.MATCH.label)
    }
    fresh = table([HOME], [], year=2026, today=TODAY, proposes=True)
    kinds = [one.gap.kind for one in fresh.lines[0].cells if one.gap]
    assert len(set(kinds)) == len(kinds) == 3, "one after the other"


def test_a_meeting_is_counted_and_fills_no_gap() -> None:
    meeting = Tally(key="meetings", label="会议", area=HOME.code, month=12, held=0, planned=1, fills=False)
    found = table([HOME], [meeting, activity(12)], year=2026, today=TODAY, proposes=True)
    assert cell(found, HOME.code, 12).planned == 1
    only = table([HOME], [meeting], year=2026, today=TODAY, proposes=True)
    assert cell(only, HOME.code, 12).gap is not None and only.lines[0].covered == 0


@pytest.mark.django_db
def test_the_apps_count_what_was_held_and_is_planned(cast: Cast) -> None:
    here = cast.chengxiang
    _row, post = published(here)
    begun(post)
    _later, ahead = published(here, title="下周的")
    _off, off = published(here, title="取消的")
    Slot.objects.filter(pk=off.slot_id).update(called_off_at=timezone.now(), called_off_why="台风")
    drafted(here, title="草稿")
    passed(called(here))
    gone = called(here, title="取消的会")
    call_off_meeting(pk=gone.pk, by=here.worker, version=None, why="台风")
    running(here, 60, 40)
    now = timezone.localdate()
    years = {now.year, (now + timedelta(days=400)).year, (now - timedelta(days=5)).year}
    sums = dict[str, tuple[int, int]]()
    for year in range(min(years), max(years) + 1):
        for one in tallies([here.home.pk, here.street.pk], year):
            held, planned = sums.get(one.key, (0, 0))
            sums[one.key] = (held + one.held, planned + one.planned)
    assert sums == {"activities": (1, 1), "meetings": (1, 0), "milestones": (0, 2)}
    assert Slot.objects.get(pk=ahead.slot_id).starts > timezone.now()


@pytest.mark.django_db
def test_months_are_those_of_hangzhou(cast: Cast) -> None:
    _row, post = published(cast.chengxiang)
    starts = datetime(2026, 12, 31, 23, 30, tzinfo=HERE)
    Slot.objects.filter(pk=post.slot_id).update(starts=starts, ends=starts + timedelta(hours=2))
    assert [(one.month, one.planned + one.held) for one in tallies([cast.chengxiang.home.pk], 2026)] == [(12, 1)]
    first = datetime(2027, 1, 1, 0, 30, tzinfo=HERE)
    Slot.objects.filter(pk=post.slot_id).update(starts=first, ends=first + timedelta(hours=2))
    assert [one.month for one in tallies([cast.chengxiang.home.pk], 2027)] == [1]


def page(user: Any, **asked: Any) -> Any:
    return browser_of(user).get("/admin/year/", asked)


@pytest.mark.django_db
def test_everybody_of_the_street_sees_where_they_work_and_nobody_else(cast: Cast) -> None:
    here = cast.chengxiang
    alliance = alliance_of(here)
    names = {who: page(user).content.decode() for who, user in (("clerk", here.clerk), ("worker", here.worker))}
    assert here.home.name in names["clerk"] and here.next_door.name in names["clerk"]
    table_of = names["worker"].partition("<tbody>")[2].partition("</tbody>")[0]
    assert here.home.name in table_of and here.next_door.name not in table_of
    assert page(cast.xiasha.clerk, alliance=alliance.pk).status_code == 404
    assert page(here.audit_admin).status_code == 403
    assert page(here.clerk, year="9999").status_code == 200 and page(here.clerk, alliance="x").status_code == 404


@pytest.mark.django_db
def test_a_gap_opens_the_form_as_far_as_it_is_known(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    next_year = timezone.localdate().year + 1
    found = page(here.worker, year=next_year).content.decode()
    asked = f"area={here.home.pk}&amp;kind=course&amp;month={next_year}-"
    assert asked in found
    form = browser_of(here.worker).get(f"/admin/volunteers/activity/add/?area={here.home.pk}&kind=course&month=2026-12")
    begun_with = form.context["form"].initial
    assert (begun_with["area"], begun_with["kind"], begun_with["title"]) == (here.home.pk, "course", "12月课程")
    odd = browser_of(here.worker).get("/admin/volunteers/activity/add/?area=x&kind=course&month=2026-99")
    assert odd.status_code == 200 and "title" not in odd.context["form"].initial


@pytest.mark.django_db
def test_the_number_of_statements_is_the_same_however_much_there_is(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    browser = browser_of(here.clerk)
    browser.get("/admin/year/")
    with CaptureQueriesContext(connection) as before:
        browser.get("/admin/year/")
    for number in range(4):
        published(here, title=f"活动{number}", starts=48 + 24 * number)
        called(here, title=f"会议{number}")
    with CaptureQueriesContext(connection) as after:
        browser.get("/admin/year/")
    assert Activity.objects.count() == 4 and Alliance.objects.count() == 1
    # What waits for the clerk is counted beside, by the workbench itself.
    assert len(after) == len(before), [query["sql"][:120] for query in after][len(before) - 3 :]
