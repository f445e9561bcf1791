"""Nightly work on needs."""

from __future__ import annotations

from celery import shared_task

from needs.services.retention import anonymise_old


@shared_task(name="needs.anonymise")
def anonymise() -> None:
    """Hide personal data of needs that ended long ago."""
    anonymise_old()
