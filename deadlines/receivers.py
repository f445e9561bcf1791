"""What deadlines do when their own calendar changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.dispatch import receiver

from deadlines.services.recounting import reaching, recount_from
from deadlines.signals import calendar_changed


@receiver(calendar_changed)
def recount_running(sender: Any, first: date, **kwargs: Any) -> int:
    """Limits that run through the changed days end at other moments; answers how many those may be."""
    recount_from(first)
    return reaching(first)
