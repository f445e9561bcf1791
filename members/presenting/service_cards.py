"""Service cards as the pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from members.models import Alliance
from members.services.service_cards import Given, Quarter, given_by, members_in, quarter_named


def rows_of(given: Sequence[Given], unit: int) -> list[dict[str, Any]]:
    """The lines of one unit's card."""
    return [{"label": one.label, "text": one.counts[unit]} for one in given if one.counts.get(unit)]


def table_of(alliance: Alliance, quarter: Quarter) -> dict[str, Any]:
    """``heads``, ``lines`` (unit and numbers; those who gave something) and ``sums`` of an alliance's card."""
    units = {one.unit_id: one.unit for one in members_in(alliance, quarter)}
    given = given_by(units, quarter)
    cells = {pk: [one.counts.get(pk, 0) for one in given] for pk in units}
    return {
        "heads": [one.label for one in given],
        "lines": [{"unit": units[pk], "cells": cells[pk]} for pk in units if any(cells[pk])],
        "sums": [sum(one.counts.values()) for one in given],
        "members": len(units),
    }


def steps_around(quarter: Quarter) -> dict[str, str]:
    """The names of the quarter before and, if it has begun, of the next."""
    before = quarter_named("", quarter.since.date())
    begun = quarter.until <= timezone.now()
    following = quarter_named("", _day_after_next(quarter)) if begun else None
    return {"before": before.name, "next": following.name if following else ""}


def _day_after_next(quarter: Quarter) -> Any:
    """A day in the quarter after the next one: the one before it is the next."""
    year, month = quarter.until.year, quarter.until.month + 3
    return quarter.until.date().replace(year=year + (month > 12), month=(month - 1) % 12 + 1)
