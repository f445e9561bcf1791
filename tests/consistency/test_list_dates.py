"""One way to write a day in all staff lists: 11月23日 on the page, 2026-11-23 in a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from alliance.lib.listing import Cell, Chosen, Reading, known
from members.models import Alliance, Body, PartyOrganisation
from needs.models import Need
from resources.models import Resource

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


def _dated() -> set[str]:
    """Every list with a column that is a day: by the calendar in a file."""
    return {
        listing.key
        for listing in known()
        for column in listing.columns
        if column.page and column.value and "iso" in column.value.__code__.co_names
    }


def _days_known() -> None:
    """What nobody has typed a day for has one now: a list without is not judged."""
    day = timezone.localdate().replace(month=1, day=2)
    Alliance.objects.filter(founded_on=None).update(founded_on=day)
    for model in (Body, PartyOrganisation):
        model._default_manager.filter(set_up_on=None).update(set_up_on=day)
    words = "想请人教剪纸"
    Need.objects.filter(listed=False).update(listed=True, listed_at=timezone.now(), listed_words=words)
    Resource.objects.filter(until=None).update(until=day.replace(year=day.year + 1))


def test_every_list_writes_a_day_alike(world: World) -> None:
    _days_known()
    days, year = _days(world), f"{timezone.localdate().year}年"
    lists = {where.rpartition(".")[0] for where, _text, _value in days}
    assert len(_dated()) > 8 and sorted(_dated() - lists) == [], "control: of every list with a day one is read"
    assert [(where, text) for where, text, _value in days if not DAY.fullmatch(text) or text.startswith(year)] == []
    assert [(where, value) for where, _text, value in days if not ISO.fullmatch(str(value))] == []
