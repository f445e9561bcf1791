"""What meetings hear from below."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.dispatch import receiver

from deadlines.signals import calendar_changed
from meetings.services.clock import days_changed


@receiver(calendar_changed, dispatch_uid="meetings.calendar_changed")
def days_off_were_decreed(sender: Any, first: date, last: date, **kwargs: Any) -> int:
    """Meetings are no limits that run: none is counted."""
    days_changed(first, last)
    return 0
