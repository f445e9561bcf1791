"""Hourly cleaning."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from people.services.limits import purge_buckets


@shared_task(name="people.purge")
def purge() -> None:
    """Drop limits whose window has passed and sessions that have ended."""
    purge_buckets()
    SessionStore.clear_expired()
