"""What a person may do to a need: derived from the table of steps, asked by buttons, views, admin and API."""

from __future__ import annotations

from typing import Any

from needs.models import Need
from needs.states import ONLOOKERS, RESIDENT, WORKFLOW, Party, Verb, parties
from people.permissions import shared_abilities

REVEAL = "reveal"
"""Seeing the phone of a need in somebody else's hands: for handlers, with a reason."""


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
