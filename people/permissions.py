"""Who may do what to people, grants and areas. Derived from roles in areas."""

from __future__ import annotations

from typing import Any

from people.states import ADMIN_ROLES, Role

NONE: frozenset[str] = frozenset()


def area_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Areas: system administrators name them, open them, give phones."""
    if user.has_role(Role.SYSTEM_ADMIN):
        return frozenset({"view", "change"})
    return NONE


def user_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Accounts: made by system administrators, seen by security administrators."""
    if user.has_role(Role.SYSTEM_ADMIN):
        return frozenset({"view", "add", "change"})
    return frozenset({"view"}) if user.has_role(Role.SECURITY_ADMIN) else NONE


def grant_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Grants: given and ended by system administrators, seen by all three."""
    if user.has_role(Role.SYSTEM_ADMIN):
        return frozenset({"view", "add", "change"})
    return frozenset({"view"}) if user.has_role(*ADMIN_ROLES) else NONE


def consent_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Consents are seen by audit administrators."""
    return frozenset({"view"}) if user.has_role(Role.AUDIT_ADMIN) else NONE
