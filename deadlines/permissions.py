"""Who may do what to the calendar and its hours."""

from __future__ import annotations

from typing import Any

from people.permissions import shared_abilities


def calendar_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Working days and office hours are the same for all streets: kept by administrators of a district or wider."""
    return shared_abilities(user)
