"""Delivery, woken after commit and every minute."""

from __future__ import annotations

from celery import shared_task

from notifications.services import deliver_all


@shared_task(name="notifications.deliver")
def deliver() -> None:
    """Send what is due."""
    deliver_all()
