"""What a person may do with rules, accounts and postings."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from members.models import MemberUnit
from people.models import Area
from people.permissions import shared_abilities
from people.querysets import STREET_LENGTH
from people.states import WORK_ROLES, Level
from points.models import Account, Redemption, Reward, Rule
from points.querysets import streets_kept
from points.states import REDEMPTION_WORKFLOW, Shelf, Side
from resources.permissions import KEEPERS, keeps, speaks_for

NONE: frozenset[str] = frozenset()


def rule_abilities(user: Any, obj: Rule | None = None) -> frozenset[str]:
    """Rules are one set for all streets: read by whoever works here, kept as shared lists are.

    ``withdraw``: of one that has not begun, by whoever keeps them.
    """
    able = shared_abilities(user)
    if obj is not None and "change" in able and obj.withdrawn_at is None and obj.starts_on > timezone.localdate():
        able |= {"withdraw"}
    return able | {"view"} if user.has_role(*WORK_ROLES) else able


def on_duty(user: Any, area_code: str) -> bool:
    """Whether what ``user`` does in ``area_code`` is their job: no points for that. Of a street: anywhere in it."""
    within = len(area_code) <= STREET_LENGTH and any(one.startswith(area_code) for one in user.areas_of(*WORK_ROLES))
    return within or bool(user.roles_at(area_code) & WORK_ROLES)


def account_abilities(user: Any, obj: Account | None = None) -> frozenset[str]:
    """``view`` for the street office (and the person, of their own); ``reverse`` for the office alone."""
    kept = streets_kept(user)
    if obj is None:
        return frozenset({"view"}) if kept else NONE
    able = set()
    if obj.person_id is not None and obj.person_id == user.pk:
        able.add("view")
    if any(obj.street_id.startswith(code) or code.startswith(obj.street_id) for code in kept):
        able |= {"view"} if obj.person_id == user.pk else {"view", "reverse"}
    return frozenset(able)


def reward_abilities(user: Any, obj: Reward | None = None) -> frozenset[str]:
    """Rewards are kept by the office in whose area they are; staff of the street read them."""
    if obj is None:
        able = {"view"} if user.has_role(*WORK_ROLES) else set()
        return frozenset(able | {"add", "change"} if user.has_role(*KEEPERS) else able)
    if not keeps(user, obj.area_id):
        return frozenset({"view"}) if user.roles_at(obj.street_code) & WORK_ROLES else NONE
    return frozenset({"view", "change", "stop" if obj.state == Shelf.ON else "resume"})


def writes_off(user: Any, unit: MemberUnit | None, area: Area | None) -> bool:
    """Whether ``user`` stands at the counter of ``unit``, or of the office of ``area``."""
    if unit is not None:
        return speaks_for(user, unit.pk)
    return area is not None and area.level in (Level.STREET, Level.COMMUNITY) and keeps(user, area.pk)


def redemption_sides(user: Any, obj: Redemption) -> frozenset[Side]:
    """What ``user`` is to the exchange."""
    found = set()
    if obj.account.person_id is not None and obj.account.person_id == user.pk:
        found.add(Side.HOLDER)
    elif keeps(user, obj.reward.area_id):
        found.add(Side.OFFICE)
    at_the_desk = speaks_for(user, obj.reward.unit_id) or (
        obj.reward.unit_id is None and keeps(user, obj.reward.area_id)
    )
    if at_the_desk and Side.HOLDER not in found:  # nobody hands anything to themselves
        found.add(Side.DESK)
    return frozenset(found)


def may_call_off(user: Any, obj: Reward) -> bool:
    """Whether ``user`` takes back what others have on hold of it; a row of one's own is cancelled instead."""
    return keeps(user, obj.area_id)


def redemption_abilities(user: Any, obj: Redemption) -> frozenset[str]:
    """Verbs open to ``user``."""
    return REDEMPTION_WORKFLOW.verbs(obj.state, redemption_sides(user, obj))
