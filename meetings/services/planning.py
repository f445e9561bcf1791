"""Meetings of a series are made ahead by its rule, off days off, and follow it when it is changed.

Locks: the series, its meetings by key, the calendar (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import uuid4

import structlog
from django.db import transaction
from django.utils import timezone

from alliance.lib import recurring
from alliance.lib.errors import RuleBroken
from deadlines.services.calendar import calendar, hold_calendar
from deadlines.worktime import Calendar
from meetings.models import Meeting, Series
from meetings.services.agenda import fill_agenda, release_topics
from meetings.services.dues import follow_meeting
from meetings.services.inviting import fill_invitees
from meetings.states import MeetingState, MeetingVerb, OffDays, SeriesState, SeriesVerb
from people.models import Area, User
from people.querysets import STREET_LENGTH
from people.services.numbers import next_number

NUMBER_KIND = "HY"
AHEAD = timedelta(days=100)
"""A quarter and a little: the next meeting stands in the calendar when this one ends."""
MOST = 200
FREQUENCIES = frozenset({"WEEKLY", "MONTHLY", "YEARLY"})
PARTS = frozenset({"INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"})
YEARS = timedelta(days=3 * 366)
_STEP = {OffDays.AFTER: 1, OffDays.BEFORE: -1}
_log = structlog.get_logger("tongxin.meetings")


def moments(rule: str, starts: datetime) -> list[datetime]:
    """When the rule has it, off days not minded. Raises ``Invalid`` on ``rule``."""
    until = timezone.now() + YEARS
    return recurring.occurrences(rule, starts, frequencies=FREQUENCIES, parts=PARTS, most=MOST, until=until)


def off_days_off(moment: datetime, off_days: str, cal: Calendar) -> datetime:
    """``moment``, or the same time of the next or last working day where its day is off."""
    local = timezone.localtime(moment)
    step = _STEP.get(OffDays(off_days))
    if step is None or cal.is_working(local.date()):
        return local
    day = cal.next_working(local.date(), step)
    return timezone.make_aware(datetime.combine(day, local.time()))


def plan_ahead() -> None:
    """The meetings of the coming quarter, of every series that runs. One that fails stops none of the others."""
    for pk in list(Series.objects.running().order_by("pk").values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                plan_one(pk)
        except RuleBroken:
            _log.warning("series_without_number", series=pk)


def plan_one(pk: int) -> int:
    """As ``plan_ahead``, of one series, which it locks; returns how many are new."""
    series: Series = Series.objects.select_related("area", "unit").locked(pk)
    return plan_series(series, by=None) if series.state == SeriesState.RUNNING else 0


def plan_series(series: Series, *, by: User | None) -> int:
    """Make what the locked ``series`` says for the coming quarter and is not there; returns how many are new.

    A day once planned is not planned again, whatever became of it: what somebody called off stays off.
    """
    hold_calendar()
    there = set(Meeting.objects.filter(series=series).values_list("of_day", flat=True))
    new = [moment for moment in _coming(series) if timezone.localdate(moment) not in there]
    cal = calendar()
    for moment in new:
        _make(series, moment, cal, by)
    if new:
        series.move_to(SeriesVerb.PLAN, actor=by, params={"meetings": len(new)})
    return len(new)


def _coming(series: Series) -> list[datetime]:
    now = timezone.now()
    return [moment for moment in moments(series.rule, series.starts) if now < moment <= now + AHEAD]


def _make(series: Series, moment: datetime, cal: Calendar, by: User | None) -> Meeting:
    starts = off_days_off(moment, series.off_days, cal)
    street = Area.objects.get(pk=series.area_id[:STREET_LENGTH])
    row = Meeting.objects.create(
        number=next_number(NUMBER_KIND, street, timezone.localdate()),
        client_key=uuid4(),
        area=series.area,
        series=series,
        of_day=timezone.localdate(moment),
        kind=series.kind,
        title=series.title,
        unit=series.unit,
        starts=starts,
        ends=starts + timedelta(minutes=series.minutes),
        place=series.place,
        planned_by=by,
    )
    row.write_event(verb=MeetingVerb.PLAN, actor=by, source="", target=row.state, note="")
    fill_invitees(row)
    follow_meeting(row)
    return row


def replan_series(series: Series, *, by: User) -> None:
    """The rule, the time or the place of the locked ``series`` has changed. Meetings with content stay as they are; all
    others follow: they move to the new days in order, and what is too many goes."""
    hold_calendar()
    empty = _empty(series)
    kept = set(Meeting.objects.filter(series=series).values_list("of_day", flat=True)) - {m.of_day for m in empty}
    days = {timezone.localdate(moment): moment for moment in _coming(series)}
    free = [day for day in days if day not in kept]
    same = {m.of_day: m for m in empty if m.of_day in free}
    others = [m for m in empty if m.of_day not in same]
    cal = calendar()
    for day in free:
        row = same.get(day) or (others.pop(0) if others else None)
        if row is not None:
            _follow(row, series, day, off_days_off(days[day], series.off_days, cal), by)
    for row in others:
        _let_go(row, by)
    plan_series(series, by=by)


def _empty(series: Series) -> list[Meeting]:
    """Nobody has been told of them, and nobody has put anything into them."""
    rows = Meeting.objects.filter(series=series, state=MeetingState.DRAFT, by_hand=False, starts__gt=timezone.now())
    held = rows.order_by("pk").select_related("area", "unit", "series").select_for_update(of=("self",), no_key=True)
    return sorted(held, key=lambda one: one.starts)


def _follow(row: Meeting, series: Series, day: date, starts: datetime, by: User) -> None:
    values = {
        "of_day": day,
        "starts": starts,
        "ends": starts + timedelta(minutes=series.minutes),
        "kind": series.kind,
        "title": series.title,
        "unit": series.unit,
        "place": series.place,
    }
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    row.series = series
    fill_invitees(row)
    if changed:
        row.move_to(MeetingVerb.MOVE, actor=by, changes=changed)
        follow_meeting(row)


def _let_go(row: Meeting, by: User) -> None:
    release_topics(row, by=by)
    changes = {"ended_at": timezone.now(), "of_day": None}
    row.move_to(MeetingVerb.CALL_OFF, actor=by, changes=changes)
    follow_meeting(row)


def move_off(rows: Sequence[Meeting], cal: Calendar) -> list[Meeting]:
    """Of locked drafts of a series those whose day is decreed off or worked by now go where the rule has them; returns
    those that moved."""
    moved = []
    for row in rows:
        if row.series is None or row.of_day is None or row.by_hand:
            continue
        local = timezone.localtime(row.starts)
        by_rule = timezone.make_aware(datetime.combine(row.of_day, local.time()))
        starts = off_days_off(by_rule, row.series.off_days, cal)
        if starts != row.starts and starts > timezone.now():
            row.move_to(
                MeetingVerb.MOVE, actor=None, changes={"starts": starts, "ends": starts + (row.ends - row.starts)}
            )
            moved.append(row)
    return moved


def fill_all(row: Meeting, *, by: User | None) -> None:
    """List and agenda of the locked ``row`` as they are by now."""
    fill_invitees(row)
    fill_agenda(row, by=by)
