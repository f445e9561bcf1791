"""Counting in working days and office hours, against a naive walk through the announced calendar (R9)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadlines.services.calendar import calendar, import_csv
from deadlines.states import Unit
from deadlines.worktime import LOCAL, OFFICE_HOURS, Calendar
from tests.prove import r9

KNOWN = r9.announced()
WALK = r9.Walk()
ALL = r9.span(r9.FIRST, r9.LAST)
TURNING = [day for day in ALL if any(r9.worked(near) != (near.weekday() < 5) for near in (day, day + r9.DAY))]
SOME = sorted({*TURNING, *ALL[::9]})
AMOUNTS = (1, 2, 7, 20)

days = st.dates(r9.FIRST, r9.LAST)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.sampled_from([UTC, LOCAL]))
offsets = st.integers(-40, 40)
spells = st.integers(0, 4000)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.django_db
def test_the_calendar_in_the_tables_ends_limits_where_the_walk_does() -> None:
    import_csv(by=None, text=r9.invented_csv(), fill=True)
    stored = calendar()
    outcome = r9.compare(stored.due_at, WALK, SOME, AMOUNTS)
    assert outcome.cases > 50_000
    assert outcome.wrong == []


@pytest.mark.parametrize("control", r9.CONTROLS)
def test_a_calendar_that_counts_otherwise_is_caught(control: str) -> None:
    outcome = r9.compare(r9.CONTROLS[control](KNOWN), WALK, TURNING, [1, 7])
    assert len(outcome.wrong) > 100


def test_every_day_is_worked_or_not_as_announced() -> None:
    assert [KNOWN.is_working(day) for day in ALL] == [r9.worked(day) for day in ALL]
    assert not any(Calendar({}, OFFICE_HOURS).is_known(day) for day in ALL)


@settings(max_examples=300, deadline=None)
@given(days, offsets.filter(bool))
def test_counting_back_finds_the_number_that_was_counted(day: date, n: int) -> None:
    there = KNOWN.next_working(day, n)
    assert KNOWN.is_working(there)
    assert (there > day) == (n > 0)
    assert KNOWN.working_days_between(day, there) == n


@settings(max_examples=300, deadline=None)
@given(days, days)
def test_days_between_are_those_one_by_one(first: date, last: date) -> None:
    low, high = sorted((first, last))
    inner = r9.span(low + r9.DAY, high) if first <= last else r9.span(low, high - r9.DAY)
    wanted = sum(map(r9.worked, inner))
    assert KNOWN.working_days_between(first, last) == (wanted if first <= last else -wanted)


@settings(max_examples=300, deadline=None)
@given(moments, spells)
def test_minutes_added_are_the_minutes_between(start: datetime, minutes: int) -> None:
    end = KNOWN.add_minutes(start, minutes)
    assert KNOWN.minutes_between(start, end) == minutes
    assert KNOWN.minutes_between(end, start) == -minutes
    if minutes:
        assert any(starts < end.time() <= ends for starts, ends in OFFICE_HOURS)
        assert KNOWN.minutes_between(start, end - timedelta(microseconds=1)) < minutes


@settings(max_examples=200, deadline=None)
@given(moments, spells, spells)
def test_a_limit_in_two_parts_ends_with_the_whole(start: datetime, first: int, rest: int) -> None:
    # What a paused clock relies on.
    assert KNOWN.add_minutes(KNOWN.add_minutes(start, first), rest) == KNOWN.add_minutes(start, first + rest)


@settings(max_examples=200, deadline=None)
@given(moments, moments, st.integers(1, 20), st.sampled_from(Unit.values))
def test_who_begins_later_is_not_due_earlier(one: datetime, other: datetime, amount: int, unit: str) -> None:
    earlier, later = sorted((one, other))
    assert KNOWN.due_at(earlier, amount, unit) <= KNOWN.due_at(later, amount, unit)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        ("2026-09-30 17:29", 1, "work_hours", "2026-10-08 09:29"),  # over the National Day
        ("2026-10-09 16:30", 1, "work_hours", "2026-10-09 17:30"),  # closing time ends it
        ("2026-10-09 17:30", 1, "work_hours", "2026-10-10 09:30"),  # a Saturday worked in exchange
        ("2026-10-09 12:00", 4, "work_hours", "2026-10-09 17:30"),
        ("2026-10-09 00:00", 1, "work_days", "2026-10-11 00:00"),  # to the end of the Saturday
        ("2026-10-10 23:59", 1, "work_days", "2026-10-13 00:00"),
        ("2026-10-03 09:00", 1, "work_days", "2026-10-09 00:00"),  # begun on a holiday: that day does not count
        ("2026-02-13 08:30", 0, "work_days", "2026-02-14 00:00"),
        ("2026-10-03 09:00", 90, "minutes", "2026-10-03 10:30"),
        ("2026-10-03 09:00", 24, "hours", "2026-10-04 09:00"),
    ],
)
def test_limits_one_can_check_by_hand(start: str, amount: int, unit: str, due: str) -> None:
    assert KNOWN.due_at(at(start), amount, unit) == at(due)


def test_before_eight_in_the_morning_it_is_today_in_hangzhou_and_yesterday_in_utc() -> None:
    monday = datetime(2026, 3, 8, 16, 0, tzinfo=UTC)  # 00:00 on Monday the 9th
    assert KNOWN.due_at(monday, 1, Unit.WORK_DAYS) == at("2026-03-11 00:00")
    assert KNOWN.due_at(monday - timedelta(minutes=1), 1, Unit.WORK_DAYS) == at("2026-03-10 00:00")
    assert KNOWN.minutes_between(datetime(2026, 3, 9, 0, tzinfo=UTC), datetime(2026, 3, 9, 1, tzinfo=UTC)) == 30


def test_the_edges_of_a_day() -> None:
    day = date(2026, 10, 10)
    assert (KNOWN.opening(day), KNOWN.end_of(day)) == (at("2026-10-10 08:30"), at("2026-10-11 00:00"))
    assert (KNOWN.next_working(day, 0), KNOWN.next_working(date(2026, 10, 1), 0)) == (day, date(2026, 10, 8))
    assert KNOWN.add_minutes(at("2026-10-03 09:00"), 0) == at("2026-10-03 09:00")


def test_what_cannot_be_counted_is_refused_and_does_not_hang() -> None:
    closed = Calendar({}, ())
    for attempt in (
        lambda: KNOWN.due_at(datetime(2026, 1, 1), 1, Unit.HOURS),  # no time zone
        lambda: KNOWN.due_at(at("2026-01-01"), -1, Unit.WORK_DAYS),
        lambda: KNOWN.due_at(at("2026-01-01"), 1, "moons"),
        lambda: closed.add_minutes(at("2026-01-01"), 1),
    ):
        with pytest.raises(ValueError):
            attempt()
    assert closed.minutes_between(at("2026-01-01"), at("2026-02-01")) == 0
    assert closed.opening(date(2026, 1, 1)).time() == time(8, 30)
