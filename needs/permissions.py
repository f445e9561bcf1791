"""What a person may do to a need: derived from the table of steps, asked by buttons, views, admin and API."""

from __future__ import annotations

from typing import Any

from needs.models import Need, Wish, WishPolicy
from needs.states import ONLOOKERS, RESIDENT, WORKFLOW, Party, Verb, parties
from needs.states.wish import APPROVERS, KEEPERS, VERIFIERS, WISH_WORKFLOW, Approver, WishVerb
from people.permissions import shared_abilities
from people.states import STREET_ROLES, Role

REVEAL = "reveal"
"""Seeing the phone of a need in somebody else's hands: for handlers, with a reason."""
DECISIONS = frozenset({WishVerb.APPROVE, WishVerb.REJECT})


def abilities(user: Any, need: Need | None = None) -> frozenset[str]:
    """Verbs open to ``user`` on ``need``; without a need, what the pages as such offer (``view``).

    ``dial`` belongs to the present holder, and to every handler while nobody holds the need yet; other handlers
    have ``reveal``.
    """
    if need is None:
        return frozenset({"view"}) if user.has_role(*ONLOOKERS) else frozenset()
    roles = user.roles_at(need.area_id)
    if not roles & ONLOOKERS:
        return frozenset()
    here = parties(roles, need.office, holds=need.holder_id == user.pk)
    verbs = set(WORKFLOW.verbs(need.state, here)) | {"view"}
    if Party.COLLEAGUE in here and not need.is_over:
        verbs.add(Verb.DIAL if need.holder_id in (None, user.pk) else REVEAL)
    return frozenset(verbs)


def resident_abilities(need: Need) -> frozenset[str]:
    """What the bearer of the need's link or code may do."""
    return WORKFLOW.verbs(need.state, [RESIDENT])


def category_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Categories are one list for all streets."""
    return shared_abilities(user)


WISH_REVEAL = "household"
"""Seeing who a wish is for, where they live and their phone: for those who keep wishes there."""


def wish_abilities(user: Any, wish: Wish | None = None) -> frozenset[str]:
    """Verbs open to ``user`` on ``wish``; without one, what the pages as such offer (``view``, ``add``).

    Who approves is the street's setting, and never whoever verified.
    """
    if wish is None:
        added = {"add"} if user.has_role(*VERIFIERS) else set()
        return frozenset({"view"} | added) if user.has_role(*ONLOOKERS) else frozenset()
    roles = user.roles_at(wish.area_id)
    if not roles & ONLOOKERS:
        return frozenset()
    verbs = set(WISH_WORKFLOW.verbs(wish.state, roles)) | {"view"}
    if verbs & DECISIONS:
        approver = Approver(WishPolicy.objects.approver_of(wish.street_code))
        if not roles & APPROVERS[approver] or wish.verified_by_id == user.pk:
            verbs -= DECISIONS
        elif wish.verified_by_id is None:
            verbs.discard(WishVerb.APPROVE)
    return frozenset(verbs | {WISH_REVEAL} if roles & KEEPERS else verbs)


def wish_policy_abilities(user: Any, obj: WishPolicy | None = None) -> frozenset[str]:
    """Who approves wishes is set by the street's party office, and read by the street."""
    if obj is not None:
        kept = Role.PARTY_OFFICE in user.roles_at(obj.street_id)
    else:
        kept = user.has_role(Role.PARTY_OFFICE)
    if kept:
        return frozenset({"view", "add", "change"})
    return frozenset({"view"}) if user.has_role(*STREET_ROLES) else frozenset()
