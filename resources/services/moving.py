"""One step of a locked booking: state, event, and what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from deadlines.services.dues import drop_dues
from people.models import User
from resources.models import Booking
from resources.signals import booking_moved
from resources.states import LIVE, BookingVerb


def subject_of(booking: Booking) -> str:
    """The booking as the subject of dues."""
    return f"booking:{booking.pk}"


def move(
    booking: Booking, verb: str, *, by: User | None, note: str = "", changes: Mapping[str, Any] | None = None
) -> Any:
    """Take the step ``verb`` on the locked ``booking``; what is over lets go of its time and of its reminders."""
    was_live = booking.state in LIVE
    step = booking.workflow.find(booking.state, verb)
    ends = was_live and step is not None and step.target not in LIVE
    more = {"ended_at": timezone.now(), "place": None} if ends else {}
    event = booking.move_to(verb, actor=by, note=note, changes={**(changes or {}), **more})
    if ends:
        booking.holds.update(live=False)
        if verb != BookingVerb.LAPSE:  # a due must not cancel itself
            drop_dues(subject=subject_of(booking))
    booking_moved.send(Booking, booking=booking, verb=verb, by=by)
    return event
