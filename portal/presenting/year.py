"""The calendar of a year: months across, the street and its communities down, what is missing as proposals. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from alliance.lib.year import Tally
from volunteers.states import ActivityKind

MONTHS = range(1, 13)
PROPOSED = (ActivityKind.ONCE, ActivityKind.COURSE, ActivityKind.PARTY_DAY, ActivityKind.TRIP, ActivityKind.MATCH)
"""What is proposed where a month is empty: of these the one the community has had least, in turn."""
SOON, MOST = 2, 8
"""Gaps of this month and the next stand above the table, those of the communities that have least, so many of them."""


@dataclass(frozen=True)
class Place:
    code: str
    name: str
    is_street: bool


@dataclass(frozen=True)
class Gap:
    """An empty month that is not over, and the form that would fill it."""

    place: str
    month: int
    kind: str
    url: str


@dataclass(frozen=True)
class Cell:
    month: int
    held: int
    planned: int
    said: str
    gap: Gap | None
    is_over: bool


@dataclass(frozen=True)
class Line:
    place: Place
    cells: Sequence[Cell]
    covered: int
    """Months with an activity, of twelve."""
    said: str


@dataclass(frozen=True)
class Table:
    lines: Sequence[Line]
    sums: Sequence[Cell]
    gaps: Sequence[Gap]
    """Of this month and the next: of whoever has least first, the nearest first."""
    empty: int
    """How many gaps there are altogether."""


def table(places: Sequence[Place], found: Iterable[Tally], *, year: int, today: date, proposes: bool) -> Table:
    """``proposes``: whether whoever looks may draft an activity."""
    by_place: dict[str, list[Tally]] = {place.code: [] for place in places}
    for tally in found:
        by_place[tally.area].append(tally)
    lines = [_line(place, by_place[place.code], year, today, proposes) for place in places]
    gaps = [(line.covered, cell.gap) for line in lines for cell in line.cells if cell.gap]
    everything = [tally for rows in by_place.values() for tally in rows]
    sums = [_cell(month, everything, None, False) for month in MONTHS]
    first = today.month if year == today.year else 1
    near = [(covered, gap) for covered, gap in gaps if gap.month < first + SOON]
    soon = [gap for _covered, gap in sorted(near, key=lambda pair: (pair[0], pair[1].month))[:MOST]]
    return Table(lines, sums, soon, len(gaps))


def _line(place: Place, rows: Sequence[Tally], year: int, today: date, proposes: bool) -> Line:
    filled = {tally.month for tally in rows if tally.fills}
    had = Counter[str]()
    for tally in rows:
        had[tally.sort] += (tally.held + tally.planned) * tally.fills
    cells = []
    for month in MONTHS:
        over = (year, month) < (today.year, today.month)
        open_gap = month not in filled and not over and not place.is_street
        gap = _gap(place, month, had, year) if open_gap and proposes else None
        cells.append(_cell(month, rows, gap, over))
    return Line(place, cells, len(filled), said(rows))


def _cell(month: int, rows: Sequence[Tally], gap: Gap | None, over: bool) -> Cell:
    mine = [tally for tally in rows if tally.month == month]
    held, planned = sum(tally.held for tally in mine), sum(tally.planned for tally in mine)
    return Cell(month, held, planned, said(mine), gap, over)


def said(rows: Iterable[Tally]) -> str:
    """How often each, in words: “活动3，会议1”."""
    counts: dict[str, tuple[Any, int]] = {}
    for tally in rows:
        _label, n = counts.get(tally.key, (tally.label, 0))
        counts[tally.key] = (tally.label, n + tally.held + tally.planned)
    parts = [_("%(what)s%(n)d") % {"what": label, "n": n} for label, n in counts.values()]
    return _("，").join(parts)


def _gap(place: Place, month: int, had: Counter[str], year: int) -> Gap:
    turn = {kind: (had[kind], (index - month) % len(PROPOSED)) for index, kind in enumerate(PROPOSED)}
    kind = min(PROPOSED, key=lambda one: turn[one])
    asked = {"area": place.code, "kind": kind.value, "month": f"{year}-{month:02d}"}
    url = f"{reverse('admin:volunteers_activity_add')}?{urlencode(asked)}"
    return Gap(place.name, month, str(kind.label), url)
