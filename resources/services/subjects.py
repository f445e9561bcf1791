"""What a booking is for, where it is for something of an app above: that app knows it by its key."""

from __future__ import annotations

from typing import NamedTuple

from alliance.lib.errors import Text
from alliance.lib.registry import contributions
from people.models import User
from resources.models import Booking


class Subject(NamedTuple):
    """What it is called, and where staff find it; what a booking for it is likely for, and where one comes to."""

    label: Text
    url: str
    purpose: str = ""
    place: str = ""


def subject_for(user: User, key: str) -> Subject | None:
    """What ``key`` (``need:12``) is, if ``user`` may see it: ``booking.subject`` (person, key → ``Subject``)."""
    if not key:
        return None
    return next((found for find in contributions("booking.subject") if (found := find(user, key))), None)


def subject_of_booking(user: User, row: Booking) -> Subject | None:
    """What ``row`` was booked for; None: for nothing of the kind, or ``user`` may not see it."""
    return subject_for(user, row.subject)
