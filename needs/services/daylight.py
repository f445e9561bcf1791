"""Hours in which residents may be written to by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

QUIET_FROM, QUIET_UNTIL = 21, 8
"""Hours of the night in which residents are left alone."""


def by_daylight() -> datetime | None:
    """Now (None), or eight in the morning: nobody is woken by a text message that no person sends."""
    now = timezone.localtime()
    if now.hour >= QUIET_FROM or now.hour < QUIET_UNTIL:
        morning = now.replace(hour=QUIET_UNTIL, minute=0, second=0, microsecond=0)
        return morning if now.hour < QUIET_UNTIL else morning + timedelta(days=1)
    return None
