"""Hours, days and spans in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.dates import day_of
from resources.models import Opening
from resources.services.hours import DAY, WEEKDAYS, Day, Span, clock


def span(one: Span) -> str:
    """09:00–17:00."""
    return _("全天") if one == (0, DAY) else f"{clock(one[0])}–{clock(one[1])}"


def spans(every: Iterable[Span]) -> str:
    return _("、").join(span(one) for one in every)


def week(openings: Sequence[Opening]) -> list[tuple[str, str]]:
    """周一至周五 09:00–17:00 and so on: days with the same hours that follow each other are one line."""
    by_day: dict[int, tuple[Span, ...]] = {}
    for row in openings:
        by_day[row.weekday] = (*by_day.get(row.weekday, ()), (row.opens, row.closes))
    lines: list[tuple[int, int, tuple[Span, ...]]] = []
    for day in range(1, 8):
        hours = by_day.get(day, ())
        if lines and lines[-1][2] == hours:
            lines[-1] = (lines[-1][0], day, hours)
        else:
            lines.append((day, day, hours))
    return [(days(first, last), spans(hours) if hours else _("不开放")) for first, last, hours in lines]


def days(first: int, last: int) -> str:
    """周一至周五, of the days of a week from 1 to 7."""
    if (first, last) == (1, 7):
        return _("每天")
    if first == last:
        return str(WEEKDAYS[first - 1])
    return _("%(first)s至%(last)s") % {"first": WEEKDAYS[first - 1], "last": WEEKDAYS[last - 1]}


def last_day(ends: datetime) -> str:
    """The day that ends with ``ends``, or on which it lies: 11月28日周六."""
    return day(timezone.localdate(ends - timedelta(microseconds=1)))


def today(found: Day, *, following: Day | None = None, now: datetime | None = None) -> tuple[str, str]:
    """A tone and words: 开着, 到17:00; 明天08:30开; 今天关门：装修. ``following``: tomorrow, if it is known."""
    if found.closed_why is not None:
        return "warn", _("今天关门：%(why)s") % {"why": found.closed_why} if found.closed_why else _("今天关门")
    if not found.open:
        return "", _("今天不开放")
    if found.open == ((0, DAY),):
        return "ok", _("全天开放")
    local = timezone.localtime(now)
    minute = local.hour * 60 + local.minute
    for opens, closes in found.open:
        if minute < opens:
            return "", _("今天%(clock)s开门") % {"clock": clock(opens)}
        if minute < closes:
            return "ok", _("现在开着，到%(clock)s") % {"clock": clock(closes)}
    if following is not None and following.open and following.closed_why is None:
        return "", _("已关门，明天%(clock)s开") % {"clock": clock(following.open[0][0])}
    return "", _("今天已经关门")


def day(when: date) -> str:
    """11月28日周六; another year is named."""
    return _("%(day)s%(weekday)s") % {"day": day_of(when), "weekday": WEEKDAYS[when.weekday()]}


def between(starts: datetime, ends: datetime) -> str:
    """11月28日周六 14:00–16:00, or both days."""
    first, last = timezone.localtime(starts), timezone.localtime(ends)
    if (last - timedelta(microseconds=1)).date() == first.date():
        until = "24:00" if last.date() != first.date() else f"{last:%H:%M}"
        return f"{day(first.date())} {first:%H:%M}–{until}"
    return _("%(first)s到%(last)s") % {
        "first": f"{day(first.date())} {first:%H:%M}",
        "last": f"{day(last.date())} {last:%H:%M}",
    }
