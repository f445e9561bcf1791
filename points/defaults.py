"""Seed configuration: the first version of the rules. Idempotent; never overwrites what has been changed."""

from __future__ import annotations

from datetime import date

from points.models import Rule

FIRST_DAY = date(2020, 1, 1)
"""Before anything could have been given."""


def load_defaults() -> None:
    """The first version, where there is none."""
    if not Rule.objects.exists():
        Rule.objects.create(version=1, starts_on=FIRST_DAY)
