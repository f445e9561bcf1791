"""The year as a page: twelve months, every day with a word where it differs from the week, the names below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from deadlines.models import WorkDay
from deadlines.services.calendar import Change, year_days
from deadlines.services.workday_file import YEARS
from deadlines.worktime import SATURDAY

Rows = dict[date, tuple[bool, str]]
WORK, WEEKEND, OFF, SWAP = "work", "weekend", "off", "swap"


@dataclass(frozen=True)
class Cell:
    """One day. ``kind``: work, weekend, off (a holiday), swap (worked in exchange); ``known``: it has a row."""

    day: date
    kind: str
    name: str
    known: bool
    url: str = ""
    today: bool = False

    @property
    def mark(self) -> str:
        """The word in the cell, where the week would say otherwise."""
        return {OFF: _("休"), SWAP: _("班")}.get(self.kind, "")

    @property
    def state(self) -> str:
        return _("上班") if self.kind in (WORK, SWAP) else _("休息")

    @property
    def label(self) -> str:
        """All of it in words, for a screen reader and for a pointer that rests."""
        return " ".join(part for part in (written(self.day, _("n月j日 l")), self.state, self.name) if part)


def year_url(year: int, **params: Any) -> str:
    """Address of the page of ``year``."""
    extra = "".join(f"&{name}={value}" for name, value in params.items())
    return f"{reverse('admin:deadlines_workday_changelist')}?year={year}{extra}"


def asked_year(text: str) -> int:
    """The year typed in an address; this one if it is none."""
    return int(text) if text.isascii() and text.isdigit() and int(text) in YEARS else timezone.localdate().year


def year_context(year: int, *, may_change: bool) -> dict[str, Any]:
    """Months, sums, neighbours; ``known`` is whether every day is written down."""
    found = WorkDay.objects.filter(day__gte=date(year, 1, 1), day__lt=date(year + 1, 1, 1))
    rows: Rows = {day: (working, name) for day, working, name in found.values_list("day", "working", "name")}
    cells = [_cell(day, rows, may_change) for day in year_days(year)]
    months = [_month(list(group)) for _number, group in groupby(cells, key=lambda cell: cell.day.month)]
    return {
        "year": year,
        "known": len(rows) == len(cells),
        "unknown_text": unknown_text(year),
        "months": months,
        "sums": _sums(cells),
        "neighbours": [
            {"year": one, "url": year_url(one), "current": one == year} for one in range(year - 1, year + 2)
        ],
        "may_change": may_change,
    }


def unknown_text(year: int) -> str:
    """The warning while a year is not written down."""
    return _("%(year)s年的放假安排还没有录入，先按周一到周五算。") % {"year": year}


def _cell(day: date, rows: Rows, may_change: bool) -> Cell:
    weekend = day.weekday() >= SATURDAY
    working, name = rows.get(day, (not weekend, ""))
    if working:
        kind = SWAP if weekend else WORK
    else:
        kind = WEEKEND if weekend and not name else OFF
    url = year_url(day.year, day=day) + "#day" if may_change else ""
    return Cell(day, kind, name, day in rows, url, day == timezone.localdate())


def _month(cells: list[Cell]) -> dict[str, Any]:
    first = cells[0].day
    blanks: list[Cell | None] = [None] * first.weekday()
    padded = [*blanks, *cells]
    padded += [None] * (-len(padded) % 7)
    return {
        "number": first.month,
        "title": written(first, _("n月")),
        "short": written(first, pgettext("short", "n月")),
        "weeks": [padded[place : place + 7] for place in range(0, len(padded), 7)],
        "notes": list(_notes(cells)),
    }


def _notes(cells: list[Cell]) -> Iterator[dict[str, str]]:
    """Spells of the same kind and name: 1日–7日 国庆节 休息."""
    named = [cell for cell in cells if cell.name or cell.kind in (OFF, SWAP)]
    spell: list[Cell] = []
    for cell in named:
        if spell and (cell.day - spell[-1].day != timedelta(days=1) or _like(cell) != _like(spell[-1])):
            yield _note(spell)
            spell = []
        spell.append(cell)
    if spell:
        yield _note(spell)


def _like(cell: Cell) -> tuple[str, str]:
    return cell.name, cell.state


def _note(spell: list[Cell]) -> dict[str, str]:
    first, last = (written(cell.day, _("j日")) for cell in (spell[0], spell[-1]))
    return {
        "days": first if len(spell) == 1 else f"{first}–{last}",
        "name": spell[0].name,
        "state": spell[0].state,
        "kind": spell[0].kind,
    }


def _sums(cells: list[Cell]) -> dict[str, int]:
    off = [cell for cell in cells if cell.kind == OFF]
    return {
        "working": sum(cell.kind in (WORK, SWAP) for cell in cells),
        "off": len(off),
        "swap": sum(cell.kind == SWAP for cell in cells),
    }


def change_rows(changes: tuple[Change, ...]) -> list[dict[str, Any]]:
    """What an import makes of which day, those first in which the working day itself turns."""
    words = {True: _("上班"), False: _("休息")}
    return [
        {
            "day": written(one.day, _("Y年n月j日")),
            "week": written(one.day, "l"),
            "before": words[one.before] if one.before is not None else _("未录入"),
            "after": words[one.after],
            "name": one.name,
            "turns": one.moves,
        }
        for one in sorted(changes, key=lambda one: (not one.moves, one.day))
    ]
