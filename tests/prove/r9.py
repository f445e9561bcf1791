"""R9: every time limit ends when a naive walk through the announced calendar says it ends.

The walk knows nothing of the product: it asks ``chinese_calendar`` day by day, lists every minute and every day that
is worked, and counts along the lists. Its clock is naive local time; the product gets the same moments in UTC.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar

from deadlines.defaults import official_years
from deadlines.services.workday_file import read_days
from deadlines.states import Unit
from deadlines.worktime import OFFICE_HOURS, Calendar

DAY, MINUTE, AHEAD = timedelta(days=1), timedelta(minutes=1), timedelta(hours=8)
FIRST, LAST = date(2024, 1, 1), date(2027, 12, 31)
MORE = 80
"""Days after the last that a limit may run into; they go by the week, in the walk and in the product."""
STARTS = [time(h, m) for h, m in ((0, 0), (3, 17), (8, 0), (8, 30), (12, 0), (12, 30), (17, 29), (17, 30), (23, 59))]
AMOUNTS = range(1, 21)
ENOUGH = 1_000_000
HOURS = [(8 * 60 + 30, 12 * 60), (13 * 60 + 30, 17 * 60 + 30)]

# A year not announced yet, made up the way the State Council makes them: (from, to, name), days worked in exchange.
INVENTED_OFF = [
    ((1, 1), (1, 3), "元旦"),
    ((2, 5), (2, 11), "春节"),
    ((4, 3), (4, 5), "清明节"),
    ((5, 1), (5, 5), "劳动节"),
    ((6, 9), (6, 9), "端午节"),
    ((9, 15), (9, 15), "中秋节"),
    ((10, 1), (10, 7), "国庆节"),
]
INVENTED_ON = [(1, 31), (2, 14), (4, 25), (5, 8), (9, 26), (10, 9)]


def span(first: date, last: date) -> list[date]:
    """All days from ``first`` to ``last``."""
    return [first + DAY * place for place in range((last - first).days + 1)]


def _invented() -> dict[date, bool]:
    off = {day: False for a, b, _name in INVENTED_OFF for day in span(date(2027, *a), date(2027, *b))}
    return {**off, **{date(2027, *day): True for day in INVENTED_ON}}


INVENTED = _invented()


def invented_csv() -> str:
    """The invented year as an office would type it."""
    return "日期,上班,说明\n" + "".join(f"{day},{'班' if on else '休'},\n" for day, on in sorted(INVENTED.items()))


def worked(day: date) -> bool:
    """What was announced; for 2027 what was invented; else the week."""
    if FIRST.year <= day.year <= 2026:
        return bool(chinese_calendar.is_workday(day))
    return INVENTED.get(day, day.isoweekday() <= 5)


def announced() -> Calendar:
    """The product's own calendar: what it loads at its first start, and the invented year as it reads it."""
    days = {day: on for rows in official_years().values() for day, on, _name in rows}
    return Calendar({**days, **{day: on for day, on, _name in read_days(invented_csv()).rows}}, OFFICE_HOURS)


class Walk:
    """The announced calendar, walked once from end to end, day by day and minute by minute."""

    def __init__(self) -> None:
        self.days = [day for day in span(FIRST, LAST + MORE * DAY) if worked(day)]
        self.minutes = [
            datetime.combine(day, time()) + MINUTE * minute
            for day in self.days
            for minute in range(24 * 60)
            if any(opens <= minute < closes for opens, closes in HOURS)
        ]

    def due(self, start: datetime, amount: int, unit: str) -> datetime:
        """When ``amount`` of ``unit`` from ``start`` (local, naive) is over."""
        if unit in ("minutes", "hours"):
            return start + MINUTE * amount * (60 if unit == "hours" else 1)
        if unit == "work_days":
            last = self.days[bisect_right(self.days, start.date()) + amount - 1]
            return datetime.combine(last, time()) + DAY
        wanted = amount * (60 if unit == "work_hours" else 1)
        return self.minutes[bisect_left(self.minutes, start) + wanted - 1] + MINUTE


@dataclass
class Outcome:
    """How many limits were compared, and which ended at another moment."""

    cases: int = 0
    wrong: list[str] = field(default_factory=list)


DueAt = Callable[[datetime, int, str], datetime]


def compare(due_at: DueAt, walk: Walk, days: Iterable[date], amounts: Sequence[int] = AMOUNTS) -> Outcome:
    """``due_at`` against the walk: every start of ``days``, every unit, every amount."""
    outcome = Outcome()
    for day in days:
        for at in STARTS:
            start = datetime.combine(day, at)
            moment = (start - AHEAD).replace(tzinfo=UTC)
            for unit in Unit.values:
                for amount in amounts:
                    outcome.cases += 1
                    wanted = (walk.due(start, amount, unit) - AHEAD).replace(tzinfo=UTC)
                    if (got := due_at(moment, amount, unit)) != wanted:
                        outcome.wrong.append(f"{start} + {amount} {unit}: {got}, wanted {wanted}")
    return outcome


def by_the_week(calendar: Calendar) -> DueAt:
    """Control: holidays and days worked in exchange are not known."""
    return Calendar({}, calendar.periods).due_at


def by_utc_dates(calendar: Calendar) -> DueAt:
    """Control: the day is taken from the moment in UTC, which is yesterday until eight in the morning."""

    def due_at(start: datetime, amount: int, unit: str) -> datetime:
        if unit != Unit.WORK_DAYS:
            return calendar.due_at(start, amount, unit)
        return calendar.end_of(calendar.next_working(start.astimezone(UTC).date(), amount))

    return due_at


def counting_the_first_day(calendar: Calendar) -> DueAt:
    """Control: the day on which a limit begins counts, if it is worked."""

    def due_at(start: datetime, amount: int, unit: str) -> datetime:
        day = (start + AHEAD).date()
        if unit != Unit.WORK_DAYS or not calendar.is_working(day):
            return calendar.due_at(start, amount, unit)
        return calendar.end_of(calendar.next_working(day, amount - 1))

    return due_at


CONTROLS = {
    "by the week": by_the_week,
    "by dates in UTC": by_utc_dates,
    "counting the first day": counting_the_first_day,
}
