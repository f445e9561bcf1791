"""Hourly work on needs."""

from __future__ import annotations

from celery import shared_task

from needs.services.retention import anonymise_old
from needs.services.wish_retention import forget_households


@shared_task(name="needs.anonymise")
def anonymise() -> None:
    """Hide personal data of needs and wishes that ended long ago."""
    anonymise_old()
    forget_households()
