"""Counting in working days and office hours: pure, no database.

A limit in days does not count the day on which it begins and lasts to the end of its last day (民法典 art. 201, 203).
A limit in hours runs in office hours alone and ends at the very minute, even if that is closing time.
Days are days in China, whatever the moment's own offset: at 01:00 in Hangzhou it is still yesterday in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deadlines.states import Unit

LOCAL = ZoneInfo("Asia/Shanghai")
OFFICE_HOURS = ((time(8, 30), time(12)), (time(13, 30), time(17, 30)))
"""Where none are written down."""
SATURDAY = 5
_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


def local(moment: datetime) -> datetime:
    """``moment`` by the clock on the wall. Raises ``ValueError`` for one without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(LOCAL)


@dataclass(frozen=True)
class Calendar:
    """Which days are worked (``days``; those not in it: Monday to Friday), and the hours of such a day, in order."""

    days: Mapping[date, bool]
    periods: tuple[tuple[time, time], ...]

    def is_working(self, day: date) -> bool:
        """By its row, else from Monday to Friday."""
        row = self.days.get(day)
        return day.weekday() < SATURDAY if row is None else row

    def is_known(self, day: date) -> bool:
        """Whether somebody has said so, rather than the week."""
        return day in self.days

    def next_working(self, day: date, n: int) -> date:
        """The ``n``-th working day after ``day``, which itself does not count; backwards if ``n`` is negative.

        0: ``day`` itself if it is worked, else the next one that is.
        """
        if n == 0:
            return day if self.is_working(day) else self.next_working(day, 1)
        step = _DAY if n > 0 else -_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days one meets from ``first``, which does not count, to ``last``, which does.

        Negative when ``last`` is the earlier: the inverse of ``next_working`` in both directions.
        """
        sign = 1 if last >= first else -1
        span = range(1, abs((last - first).days) + 1)
        return sign * sum(self.is_working(first + sign * offset * _DAY) for offset in span)

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """``minutes`` of office hours after ``start``; outside them the count begins at the next opening.

        What is used up at closing time ends then, not on the next morning; 0 is ``start`` itself.
        Raises ``ValueError`` for negative minutes and for a calendar without office hours.
        """
        if minutes < 0 or not self.periods:
            raise ValueError(f"{minutes} minutes in {len(self.periods)} periods")
        now, left = local(start), timedelta(minutes=minutes)
        if not left:
            return now
        for opens, closes in self._hours_from(now.date()):
            begins = max(opens, now)
            if closes - begins >= left:
                return begins + left
            left -= max(closes - begins, _NOTHING)
        raise AssertionError("unreachable: days do not end")

    def minutes_between(self, a: datetime, b: datetime) -> int:
        """Whole minutes of office hours from ``a`` to ``b``; negative when ``b`` is the earlier."""
        if b < a:
            return -self.minutes_between(b, a)
        begin, end, total = local(a), local(b), _NOTHING
        for opens, closes in self._hours_from(begin.date()) if self.periods else ():
            if opens >= end:
                break
            total += max(min(closes, end) - max(opens, begin), _NOTHING)
        return total // timedelta(minutes=1)

    def opening(self, day: date) -> datetime:
        """When the office opens on ``day``, were it a working one."""
        starts = self.periods[0][0] if self.periods else OFFICE_HOURS[0][0]
        return datetime.combine(day, starts, LOCAL)

    def end_of(self, day: date) -> datetime:
        """The midnight that ends ``day``."""
        return datetime.combine(day + _DAY, time(), LOCAL)

    def due_at(self, start: datetime, amount: int, unit: str) -> datetime:
        """When ``amount`` of ``unit`` (``states.Unit``) from ``start`` is over. Raises ``ValueError``.

        Minutes and hours are those of the clock. 0 working days: the end of the day itself, or of the next worked.
        """
        if amount < 0:
            raise ValueError(f"{amount} {unit}")
        match Unit(unit):
            case Unit.MINUTES:
                return local(start) + timedelta(minutes=amount)
            case Unit.HOURS:
                return local(start) + timedelta(hours=amount)
            case Unit.WORK_MINUTES:
                return self.add_minutes(start, amount)
            case Unit.WORK_HOURS:
                return self.add_minutes(start, 60 * amount)
            case Unit.WORK_DAYS:
                return self.end_of(self.next_working(local(start).date(), amount))

    def _hours_from(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Opening and closing of every period from ``day`` on, without end."""
        while True:
            if self.is_working(day):
                for starts, ends in self.periods:
                    yield datetime.combine(day, starts, LOCAL), datetime.combine(day, ends, LOCAL)
            day += _DAY
