"""Hourly work on needs."""

from __future__ import annotations

from celery import shared_task

from needs.services.retention import anonymise_old
from needs.services.silence import plan_lines
from needs.services.wish_retention import forget_households


@shared_task(name="needs.anonymise")
def anonymise() -> None:
    """Hide personal data of needs and wishes that ended long ago."""
    anonymise_old()
    forget_households()


@shared_task(name="needs.silence")
def silence() -> None:
    """Put a line to the residents of needs of which nothing was heard for days on the list."""
    plan_lines()
