"""Delivery, woken after commit and every minute: one task per channel, so that none waits for the other's server."""

from __future__ import annotations

from celery import shared_task

from notifications.services import deliver_all, purge_cards, say_all
from notifications.states import Channel


@shared_task(name="notifications.deliver")
def deliver() -> None:
    """Send the text messages that are due."""
    deliver_all([Channel.SMS])


@shared_task(name="notifications.deliver_email")
def deliver_email() -> None:
    """Send the e-mails that are due."""
    deliver_all([Channel.EMAIL])


@shared_task(name="notifications.post")
def post() -> None:
    """Say in groups what is due."""
    say_all()


@shared_task(name="notifications.purge")
def purge() -> None:
    """Delete cards that ended long ago."""
    purge_cards()
