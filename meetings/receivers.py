"""What meetings hear from below."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.dispatch import receiver

from deadlines.signals import calendar_changed
from meetings.services.clock import days_changed
from meetings.services.venue import booking_has_moved
from resources.models import Booking
from resources.signals import booking_moved


@receiver(calendar_changed, dispatch_uid="meetings.calendar_changed")
def days_off_were_decreed(sender: Any, first: date, last: date, **kwargs: Any) -> int:
    """Meetings are no limits that run: none is counted."""
    days_changed(first, last)
    return 0


@receiver(booking_moved, dispatch_uid="meetings.booking_moved")
def room_of_a_meeting_moved(sender: Any, booking: Booking, verb: str, **kwargs: Any) -> None:
    if booking.subject.startswith("meeting:"):
        booking_has_moved(booking=booking, verb=verb)
