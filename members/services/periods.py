"""What is left of a period where others have it already. Ends are the first day without; ``FAR`` is an open end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

FAR = date.max
Period = tuple[date, date]


def period_of(start: date, end: date | None) -> Period:
    return start, end or FAR


def free_parts(wanted: Period, taken: Iterable[Period]) -> list[Period]:
    """The parts of ``wanted`` that none of ``taken`` covers, the earliest first. A period without a day stands free."""
    start, end = wanted
    meeting = sorted(one for one in taken if max(start, one[0]) < min(end, one[1]))
    if not meeting:
        return [wanted]
    parts, day = [], start
    for begun, ended in meeting:
        if day < begun:
            parts.append((day, begun))
        day = max(day, ended)
    return [*parts, (day, end)] if day < end else parts


def part_to_keep(parts: Iterable[Period], today: date) -> Period | None:
    """The part with ``today`` in it, else the next one to come, else the earliest; None of none."""
    every = list(parts)
    unended = [part for part in every if part[1] > today]
    return next(iter(unended or every), None)


def end_of(part: Period) -> date | None:
    """The end of ``part`` as rows have it."""
    return None if part[1] == FAR else part[1]
