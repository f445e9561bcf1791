"""The shared accounts are summed up, and the nightly check is planned."""

from __future__ import annotations

from celery import shared_task

from points.services.folding import fold
from points.services.keeping import plan_lost_ends
from points.services.verifying import plan_checks


@shared_task(name="points.keep")
def keep() -> None:
    """Plan the checks of the coming nights and what should have ended, then fold."""
    plan_checks()
    plan_lost_ends()
    fold()
