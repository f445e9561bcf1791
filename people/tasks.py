"""Hourly cleaning."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from people.services.limits import purge_buckets
from people.services.phone_sign_in import purge_codes


@shared_task(name="people.purge")
def purge() -> None:
    """Drop limits whose window has passed, old codes, and sessions that have ended."""
    purge_buckets()
    purge_codes()
    SessionStore.clear_expired()
