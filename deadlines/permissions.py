"""Who may do what to the calendar, the time limits and what falls due."""

from __future__ import annotations

from typing import Any

from deadlines.models import Due
from deadlines.querysets import WATCHERS
from people.permissions import shared_abilities
from people.states import COMMUNITY_ROLES, STREET_ROLES, Role


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
    if not due.area_code:  # the house's own work, such as counting again after a decree
        return frozenset({"view", "retry", "cancel"}) if "change" in shared_abilities(user) else frozenset()
    parties = user.roles_at(due.area_code)
    if not parties & WATCHERS:
        return frozenset()
    return frozenset({"view", "retry", "cancel"}) if parties & KEEPERS else frozenset({"view"})


def limit_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Time limits and reminders are the same for all streets: kept like the calendar, read by who works by them."""
    able = shared_abilities(user)
    return able | {"view"} if user.has_role(*WATCHERS) else able


def sees_cases(user: Any, area_code: str) -> bool:
    """Whether a case of ``area_code`` may be named and opened to ``user``: administrators see numbers alone."""
    return bool(user.roles_at(area_code) & (COMMUNITY_ROLES | STREET_ROLES))
