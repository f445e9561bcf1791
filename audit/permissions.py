"""The log is read by audit administrators and written by nobody's hand."""

from __future__ import annotations

from typing import Any

from people.states import Role


def audit_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """``view`` for audit administrators; which rows is the queryset's answer."""
    return frozenset({"view"}) if user.has_role(Role.AUDIT_ADMIN) else frozenset()
