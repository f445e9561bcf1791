"""What a unit has in hand, in numbers: for whoever hands a seat over or takes it, and before a unit leaves."""

from __future__ import annotations

from dataclasses import dataclass

from alliance.lib.errors import Text
from alliance.lib.registry import contributions
from people.models import User


@dataclass(frozen=True)
class InHand:
    """One kind of thing and how many of it."""

    label: Text
    count: int


def in_hand(unit_id: int) -> list[InHand]:
    """What apps above add (``seat.in_hand``: key of a unit → ``InHand``); nothing of which there is none."""
    found = (count(unit_id) for count in contributions("seat.in_hand"))
    return [one for one in found if one.count]


@dataclass(frozen=True)
class OpenThing:
    """One thing the unit has in hand, for staff: what it is, and where they go on with it."""

    title: Text
    what: Text
    url: str


def open_things(user: User, unit_id: int) -> list[OpenThing]:
    """What apps above add (``unit.open``: person, key of a unit → ``OpenThing``), as far as ``user`` sees it."""
    return [one for find in contributions("unit.open") for one in find(user, unit_id)]
