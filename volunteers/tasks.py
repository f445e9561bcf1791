"""Hourly work on volunteers."""

from __future__ import annotations

from celery import shared_task

from volunteers.services.growing import forget_guardians


@shared_task(name="volunteers.forget")
def forget() -> None:
    """Nothing of a guardian stays once the child is fourteen."""
    forget_guardians()
