"""The rules by which meetings mostly come again, as one chooses them, and back. No database."""

from __future__ import annotations

from datetime import date

EVERY: dict[str, tuple[str, int, bool]] = {
    "week": ("WEEKLY", 1, False),
    "fortnight": ("WEEKLY", 2, False),
    "month": ("MONTHLY", 1, False),
    "month_weekday": ("MONTHLY", 1, True),
    "quarter": ("MONTHLY", 3, False),
    "quarter_weekday": ("MONTHLY", 3, True),
    "half": ("MONTHLY", 6, False),
    "year": ("YEARLY", 1, False),
}
"""Frequency, interval, and whether it is the weekday that stays (the second Tuesday) and not the day of the month."""
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SHORTEST = 28
"""Days that every month has."""


def rule_of(every: str, first: date, times: int) -> str:
    """The RRULE of one of ``EVERY``, counted from ``first``. What would fall on a day that a month has not, falls on
    its last; the fifth of a weekday is the last one."""
    frequency, interval, by_weekday = EVERY[every]
    parts = [f"FREQ={frequency}"]
    if interval > 1:
        parts.append(f"INTERVAL={interval}")
    if by_weekday:
        turn = (first.day - 1) // 7 + 1
        parts.append(f"BYDAY={turn if turn < 5 else -1}{DAYS[first.weekday()]}")
    elif frequency == "MONTHLY" and first.day > SHORTEST:
        days = ",".join(str(day) for day in range(SHORTEST, first.day + 1))
        parts += [f"BYMONTHDAY={days}", "BYSETPOS=-1"]
    return ";".join([*parts, f"COUNT={times}"])


def every_of(rule: str, first: date) -> tuple[str, int] | None:
    """Which of ``EVERY`` it is, and how many times; None: it says something else."""
    times = dict(one.partition("=")[::2] for one in rule.split(";")).get("COUNT", "")
    if not times.isdecimal():
        return None
    found = [every for every in EVERY if set(rule_of(every, first, int(times)).split(";")) == set(rule.split(";"))]
    return (found[0], int(times)) if found else None
