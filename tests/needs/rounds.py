"""Rounds of the two lists, and what units write in them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from needs.models import ListRound, UnitLists
from needs.services.list_filling import ALL, Typed, fill_lists
from needs.services.list_rounds import open_round
from people.models import User
from resources.defaults import load_defaults
from tests.cast import Street, fresh
from tests.claims.things import alliance_of, unit_of


def round_in(street: Street, *, by: User | None = None, days: int = 20, **typed: Any) -> ListRound:
    """This year's round of the street's alliance."""
    load_defaults()
    today = timezone.localdate()
    said: dict[str, Any] = {
        "year": today.year,
        "title": "今年两张清单",
        "last_day": today + timedelta(days=days),
        **typed,
    }
    return open_round(alliance=alliance_of(street).pk, by=fresh(by or street.clerk), **said)


def give(what: str = "三楼会议室", **typed: Any) -> Typed:
    return Typed(**{"key": uuid4(), "side": "give", "what": what, "kind": "meeting-room", "amount": 40, **typed})


def need(what: str = "请人教剪纸", **typed: Any) -> Typed:
    return Typed(**{"key": uuid4(), "side": "need", "what": what, "whom": "三十位职工", "on_when": "三月", **typed})


def fill(street: Street, row: ListRound, *lines: Typed, send: str | UUID = "", **more: Any) -> UnitLists:
    """The street's liaison writes ``lines``."""
    by, unit = more.pop("by", street.liaison), more.pop("unit", None) or unit_of(street)
    return fill_lists(round_pk=row.pk, unit_id=unit.pk, by=fresh(by), lines=lines, send=str(send), **more)


def sent(street: Street, row: ListRound, *lines: Typed, **more: Any) -> UnitLists:
    return fill(street, row, *lines, send=ALL, **more)
