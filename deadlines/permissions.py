"""Who may do what to the calendar, the time limits and what falls due."""

from __future__ import annotations

from typing import Any

from deadlines.models import Due
from deadlines.querysets import WATCHERS
from people.permissions import shared_abilities
from people.states import Role


def calendar_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Working days and office hours are the same for all streets: kept by administrators of a district or wider."""
    return shared_abilities(user)


KEEPERS = frozenset({Role.SYSTEM_ADMIN, Role.PARTY_OFFICE})
"""Who retries and cancels: the 党建办, which answers for the chasing, and whoever keeps the system running."""


def due_abilities(user: Any, due: Due | None = None) -> frozenset[str]:
    """``view``, ``retry``, ``cancel`` on ``due``; without one, what the page as such offers."""
    if due is None:
        able = {"view"} if user.has_role(*WATCHERS) else set()
        return frozenset(able | ({"retry", "cancel"} if user.has_role(*KEEPERS) else set()))
    parties = user.roles_at(due.area_code) if due.area_code else frozenset()
    if not parties & WATCHERS:
        return frozenset()
    return frozenset({"view", "retry", "cancel"}) if parties & KEEPERS else frozenset({"view"})
