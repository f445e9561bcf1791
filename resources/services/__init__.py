"""The shared warehouse's verbs."""

from __future__ import annotations

from resources.services.booking import Booker, book
from resources.services.closing import booked_between, close_days, open_again
from resources.services.free import days_of, days_of_many, obstacles
from resources.services.hours import Day, free_on, leaves, open_on, set_hours
from resources.services.keeping import could_be_parts, set_parts
from resources.services.kinds import save_kind
from resources.services.offering import (
    approve_resource,
    ask_again,
    change_hours,
    edit_resource,
    offer_resource,
    refuse_resource,
    resume_resource,
    stop_resource,
)
from resources.services.standing import lift_pause, may_pause, missed, pause_booking, set_mode
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
from resources.services.terms import set_terms
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
    "change_hours",
    "close_days",
    "could_be_parts",
    "days_of",
    "days_of_many",
    "decide_appeal",
    "edit_resource",
    "free_on",
    "hand_over",
    "last_to_cancel",
    "leaves",
    "lift_pause",
    "may_pause",
    "missed",
    "note_no_show",
    "note_use",
    "obstacles",
    "offer_resource",
    "open_again",
    "open_on",
    "pause_booking",
    "refuse_booking",
    "refuse_resource",
    "resume_resource",
    "save_kind",
    "set_hours",
    "set_mode",
    "set_parts",
    "set_terms",
    "stop_resource",
    "take_back",
    "used",
]
