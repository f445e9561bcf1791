"""Clearing away what nobody claimed, every hour."""

from __future__ import annotations

from celery import shared_task

from files import services


@shared_task(name="files.purge_held")
def purge_held() -> None:
    """Photos of forms that were never sent, and files whose rows never came to be."""
    services.purge_held()
