"""Who may look at deliveries."""

from __future__ import annotations

from typing import Any

from people.states import Role

NONE: frozenset[str] = frozenset()


def message_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """System administrators see what became of messages (not what they said); nobody writes them."""
    return frozenset({"view"}) if user.has_role(Role.SYSTEM_ADMIN) else NONE
