"""Who may do what to people, grants and areas. Derived from roles in areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from people.querysets import STREET_LENGTH
from people.states import ADMIN_ROLES, CODE_LENGTH, Level, Role

if TYPE_CHECKING:
    from people.models import User

NONE: frozenset[str] = frozenset()
GUARDED_ROLES = frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""Whose accounts a system administrator does not touch: otherwise a new password would open the other offices."""


def area_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Areas: system administrators name them, open them, give phones."""
    if user.has_role(Role.SYSTEM_ADMIN):
        return frozenset({"view", "change"})
    return NONE


def may_change_account(by: Any, account: User) -> bool:
    """Whether ``by`` may rename, switch or reset ``account``: never one's own.

    An ordinary account is in the hands of the system administrators, a security or audit administrator's in those of
    (other) security administrators, who also help system administrators. Either must hold that role where the
    account is at home and wherever it has or will have a role. What the installation made without a home and a role
    stays with the installation.
    """
    held = list(account.grants.unended().values_list("role", "area_id"))
    roles = {role for role, _area in held}
    keepers = set() if roles & GUARDED_ROLES else {Role.SYSTEM_ADMIN}
    if roles & ADMIN_ROLES:
        keepers.add(Role.SECURITY_ADMIN)
    places = {area for _role, area in held} | ({account.area_id} if account.area_id else set())
    return by.pk != account.pk and bool(places) and all(by.roles_at(place) & keepers for place in places)


def user_abilities(user: Any, obj: User | None = None) -> frozenset[str]:
    """Accounts: made by system administrators; seen by security administrators, who keep other administrators'."""
    if not user.has_role(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        return NONE
    able = {"view", "add"} if user.has_role(Role.SYSTEM_ADMIN) else {"view"}
    own_name = obj is not None and obj.pk == user.pk and user.has_role(Role.SYSTEM_ADMIN)
    if obj is None or own_name or may_change_account(user, obj):
        able.add("change")
    return frozenset(able)


def grant_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Grants: given and ended by system administrators, seen by all three."""
    if user.has_role(Role.SYSTEM_ADMIN):
        return frozenset({"view", "add", "change"})
    return frozenset({"view"}) if user.has_role(*ADMIN_ROLES) else NONE


def consent_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Consents are seen by audit administrators."""
    return frozenset({"view"}) if user.has_role(Role.AUDIT_ADMIN) else NONE


def shared_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Lists that all streets share: kept by system administrators of a district or wider, shown to all of them."""
    codes = user.areas_of(Role.SYSTEM_ADMIN)
    if any(len(code) <= CODE_LENGTH[Level.DISTRICT] for code in codes):
        return frozenset({"view", "add", "change"})
    return frozenset({"view"}) if codes else NONE


def workplace(user: User) -> str:
    """The code of the one street where ``user`` works: their own, if they work in several; empty where none is theirs.

    Empty, too, for whoever works above streets alone.
    """
    streets = {code[:STREET_LENGTH] for _role, code in user.roles if len(code) >= STREET_LENGTH}
    own = (user.area_id or "")[:STREET_LENGTH]
    return own if own in streets else streets.pop() if len(streets) == 1 else ""
