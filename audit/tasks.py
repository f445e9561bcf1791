"""Sealing, every few minutes."""

from __future__ import annotations

from celery import shared_task

from audit import services


@shared_task(name="audit.seal")
def seal() -> None:
    """Seal what has been written since the last time."""
    services.seal()
