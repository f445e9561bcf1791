"""Who may look at deliveries, and who may change what messages say."""

from __future__ import annotations

from typing import Any

from notifications.models import Message, Robot
from notifications.states import State
from people.permissions import shared_abilities
from people.states import Role

NONE: frozenset[str] = frozenset()
RETRY, CANCEL = "retry", "cancel"


def message_abilities(user: Any, obj: Message | None = None) -> frozenset[str]:
    """System administrators see what became of messages (not what they said); nobody writes them.

    What is still on its way in their area they may send at once or call off.
    """
    if not user.has_role(Role.SYSTEM_ADMIN):
        return NONE
    able = {"view"}
    if obj is not None and obj.state == State.WAITING and Role.SYSTEM_ADMIN in user.roles_at(obj.area_code):
        able |= {RETRY, CANCEL}
    return frozenset(able)


def robot_abilities(user: Any, obj: Robot | None = None) -> frozenset[str]:
    """Robots carry a secret: system administrators of their area keep and try them."""
    if not user.has_role(Role.SYSTEM_ADMIN):
        return NONE
    if obj is None or Role.SYSTEM_ADMIN in user.roles_at(obj.area_id):
        return frozenset({"view", "add", "change"})
    return NONE


def text_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Wordings are one list for all streets: changed by system administrators of a district or wider."""
    return shared_abilities(user)
