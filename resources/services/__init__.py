"""The shared warehouse's verbs."""

from __future__ import annotations

from resources.services.booking import Booker, book
from resources.services.closing import booked_between, close_days, open_again
from resources.services.hours import Day, free_on, leaves, open_on, set_hours
from resources.services.offering import (
    approve_resource,
    ask_again,
    edit_resource,
    offer_resource,
    refuse_resource,
    resume_resource,
    stop_resource,
)
from resources.services.steps import (
    appeal,
    approve_booking,
    call_off_booking,
    cancel_booking,
    decide_appeal,
    hand_over,
    last_to_cancel,
    note_no_show,
    refuse_booking,
    take_back,
)
from resources.services.usage import note_use, used

__all__ = [
    "Booker",
    "Day",
    "appeal",
    "approve_booking",
    "approve_resource",
    "ask_again",
    "book",
    "booked_between",
    "call_off_booking",
    "cancel_booking",
    "close_days",
    "decide_appeal",
    "edit_resource",
    "free_on",
    "hand_over",
    "last_to_cancel",
    "leaves",
    "note_no_show",
    "note_use",
    "offer_resource",
    "open_again",
    "open_on",
    "refuse_booking",
    "refuse_resource",
    "resume_resource",
    "set_hours",
    "stop_resource",
    "take_back",
    "used",
]
