"""Hourly work on meetings."""

from __future__ import annotations

from celery import shared_task

from meetings.services.planning import plan_ahead


@shared_task(name="meetings.plan")
def plan() -> None:
    """Make the meetings of the coming quarter."""
    plan_ahead()
