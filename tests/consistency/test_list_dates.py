"""One way to write a day in all staff lists: 11月23日 on the page, 2026-11-23 in a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from alliance.lib.listing import Cell, Chosen, Reading, known

if TYPE_CHECKING:
    from tests.consistency.site import World

pytestmark = pytest.mark.django_db
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
DAY = re.compile(r"(\d{4}年)?\d{1,2}月\d{1,2}日")
READERS = ("clerk", "party_office", "worker", "system_admin")


def _days(world: World) -> list[tuple[str, str, Any]]:
    """Of every list and tab somebody reads: where, what stands there, what a file has of it."""
    found = []
    for listing in known():
        for role in READERS:
            user: Any = world.person(role)
            if not listing.may_view(user):
                continue
            for tab in [one.key for one in listing.tabs] or [""]:
                rows = Reading(listing, user, Chosen(tab=tab)).slice("", 50)[0]
                for column, row in ((column, row) for column in listing.columns for row in rows):
                    cell = column.cell(row)
                    text = cell.text if isinstance(cell, Cell) else cell
                    if column.page and (DAY.fullmatch(text) or ISO.search(text)):
                        value = column.value(row) if column.value else text
                        found.append((f"{listing.key}.{column.key}", text, value))
    return found


def test_every_list_writes_a_day_alike(world: World) -> None:
    days, year = _days(world), f"{timezone.localdate().year}年"
    lists = {where.rpartition(".")[0] for where, _text, _value in days}
    assert {"members.liaisons", "members.memberships", "needs.needs"} <= lists, "control: there are days to be read"
    assert [(where, text) for where, text, _value in days if not DAY.fullmatch(text) or text.startswith(year)] == []
    assert [(where, value) for where, _text, value in days if not ISO.fullmatch(str(value))] == []
