"""What a merge, or taking one back, does to people's rights: written down, and told to whoever loses a seat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from audit.states import Action
from members import messages
from members.models import BodySeat, Liaison, UnitMerge
from members.services.bodies import record_body_seat
from members.services.journal import Entry
from members.services.seats import record_seat
from notifications.services import queue
from people.models import User


def rights_moved(merge: UnitMerge, by: User) -> None:
    """Who speaks for the kept unit from now on, who sits for it in a body, and whose seat ended; they are told."""
    for seat, entry in _seats(merge.moved["entries"]):
        if "unit_id" in entry["set"]:
            _note(Action.GRANT, seat, by)
        else:
            _note(Action.GRANT_ENDED, seat, by)
            _tell(messages.seat_ended_by_merge, merge, seat)


def rights_back(merge: UnitMerge, entries: Sequence[Entry], by: User) -> None:
    """The merge was taken back, and with it ``entries``: whose seat stands as before."""
    for seat, entry in _seats(entries):
        _note(Action.GRANT, seat, by)
        if "unit_id" not in entry["set"]:
            _tell(messages.seat_back_after_merge, merge, seat)


def _seats(entries: Sequence[Entry]) -> list[tuple[Any, Entry]]:
    """Seats of liaisons and in bodies that were moved or ended, as they stand now."""
    found: list[tuple[Any, Entry]] = []
    for rows in (Liaison.objects.select_related("unit", "user"), BodySeat.objects.select_related("body")):
        own = {
            entry["pk"]: entry
            for entry in entries
            if entry["model"] == rows.model._meta.label and {"unit_id", "ends_on"} & set(entry["set"])
        }
        found += [(seat, own[seat.pk]) for seat in rows.filter(pk__in=own).order_by("pk")]
    return found


def _note(action: Action, seat: Any, by: User) -> None:
    """A right that lasts, or one that ended; what was over before is no right of anybody."""
    if action == Action.GRANT and seat.ends_on is not None and seat.ends_on <= timezone.localdate():
        return
    note = record_seat if isinstance(seat, Liaison) else record_body_seat
    note(action, seat, by)


def _tell(message: Any, merge: UnitMerge, seat: Any) -> None:
    """Liaisons are told; whoever sits in a body hears of it from the body."""
    if isinstance(seat, Liaison):
        queue(message(seat, merge), occurrence=f"merge {merge.pk} seat {seat.pk}", users=[seat.user])
