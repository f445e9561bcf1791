"""What something is worth by a rule: pure arithmetic in tenths of a point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Protocol


class Rates(Protocol):
    """The part of a rule that reckoning reads."""

    hour: int
    step_minutes: int
    day_minutes: int
    coefficients: Sequence[Mapping[str, Any]]
    organiser_percent: int
    keep_years: int


def minutes_counted(rule: Rates, minutes: int, before: int = 0) -> int:
    """Of ``minutes`` of service those that count: whole steps, and with ``before`` no more than a day's."""
    left = max(0, rule.day_minutes - before)
    return min(minutes, left) // rule.step_minutes * rule.step_minutes


def of_service(
    rule: Rates, minutes: int, *, before: int = 0, coefficient: str = "ordinary", organiser: bool = False
) -> int:
    """Tenths for ``minutes`` of service on a day on which ``before`` minutes were counted already; rounded down.

    Raises ``KeyError`` for a coefficient that the rule does not know.
    """
    percents = {str(one["key"]): int(one["percent"]) for one in rule.coefficients}
    bonus = 100 + (rule.organiser_percent if organiser else 0)
    counted = minutes_counted(rule, minutes, before)
    return counted * rule.hour * percents[coefficient] * bonus // (60 * 100 * 100)


def expires_on(rule: Rates, day: date) -> date:
    """The last day on which points given on ``day`` count: the end of a later year."""
    return date(day.year + rule.keep_years, 12, 31)


def last_day(ends: date, told_on: date | None, notice_days: int) -> date:
    """The last day on which points of a lot count: ``ends``, but not before the notice has run since it was given."""
    return ends if told_on is None else max(ends, told_on + timedelta(days=notice_days))
