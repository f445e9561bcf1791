"""Periods of an indicator for which a figure may be typed, as choices: the newest first, with what stands there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from projects.models import Indicator
from projects.presenting.figures import when
from projects.services.figures import first_day
from projects.services.wording import number
from projects.states import Period

MANY = {Period.DAY: 31, Period.MONTH: 18, Period.QUARTER: 8, Period.YEAR: 6}
SEEN = "@"
"""Behind it stands as what the figure of the period was seen."""


def last_periods(period: str, since: date, today: date | None = None) -> list[date]:
    """First days of the last periods since ``since``, the newest first."""
    day = first_day(period, today or timezone.localdate())
    found: list[date] = []
    while len(found) < MANY[Period(period)] and day >= first_day(period, since):
        found.append(day)
        day = first_day(period, day - timedelta(days=1))
    return found


def choices(indicator: Indicator, since: date) -> list[tuple[str, str]]:
    """``(value, label)``; a period that has its figure says it, and is changed by choosing it."""
    days = last_periods(indicator.period, since)
    there = {one.period: one for one in indicator.readings.filter(period__in=days)}
    return [_choice(indicator, day, there.get(day)) for day in days]


def _choice(indicator: Indicator, day: date, reading: Any) -> tuple[str, str]:
    said = when(indicator.period, day)
    if reading is None:
        return day.isoformat(), said
    label = _("%(when)s（已记%(value)s，再记就是改）") % {"when": said, "value": number(reading.value)}
    return f"{day.isoformat()}{SEEN}{reading.version}", label


def first_free(found: list[tuple[str, str]]) -> str:
    """The newest period without a figure."""
    return next((value for value, _label in found if SEEN not in value), found[0][0] if found else "")


def read(value: str) -> tuple[date, int | None]:
    """A choice as the day and the version that was seen."""
    day, _mark, version = value.partition(SEEN)
    return date.fromisoformat(day), int(version) if version else None
