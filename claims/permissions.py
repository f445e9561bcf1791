"""What a person may do to an offer or a claim: derived from the table of steps, asked by buttons, views and API."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from claims.models import Claim, ClaimEvent, Offer
from claims.querysets import seated_units
from claims.states import CLAIM_WORKFLOW, KEEPERS, ClaimState, OfferState, Party, Verb
from people.states import WORK_ROLES

STREET_LENGTH = 9
OWN_WORD = frozenset({Verb.CONFIRM, Verb.NOT_THERE})
"""Nobody confirms for the community what they brought themselves."""


def keeps(user: Any, offer: Offer) -> bool:
    """Whether ``user`` accompanies and confirms: of the office that put it up, or of one above it."""
    return bool(user.roles_at(offer.keeper_code) & KEEPERS)


def taking_places(user: Any) -> list[str]:
    """Beginnings of the street codes where ``user`` takes things in person: staff where they work, others anywhere."""
    if not user.roles:
        return [""]
    return sorted({area[:STREET_LENGTH] for role, area in user.roles if role in WORK_ROLES})


def near(user: Any, street_code: str) -> bool:
    """Whether an offer of the street is this person's to take."""
    return user.is_active and street_code.startswith(tuple(taking_places(user)))


def offer_abilities(user: Any, offer: Offer) -> frozenset[str]:
    """``withdraw`` for those who keep it, ``claim`` for those who may take it in person.

    Units that may take it: ``services.units_for``.
    """
    able = set()
    if keeps(user, offer) and offer.state == OfferState.OPEN:
        able.add("withdraw")
    if offer.for_people and offer.state == OfferState.OPEN and near(user, offer.street_code):
        able.add("claim")
    return frozenset(able)


def parties(user: Any, claim: Claim, units: Collection[int] | None = None) -> frozenset[Party]:
    """What ``user`` is to the claim. ``units``: keys of the units they speak for, if known."""
    here = set()
    if claim.person_id == user.pk or (claim.unit_id is not None and _speaks_for(user, claim.unit_id, units)):
        here.add(Party.CLAIMER)
    if keeps(user, claim.offer):
        here.add(Party.KEEPER)
    return frozenset(here)


def abilities(
    user: Any,
    claim: Claim,
    units: Collection[int] | None = None,
    brought: Mapping[int, int | None] | None = None,
) -> frozenset[str]:
    """Verbs open to ``user`` on ``claim``. ``units`` as in ``parties``, ``brought`` from ``brought_by``, so that lists
    ask once.
    """
    here = parties(user, claim, units)
    verbs = CLAIM_WORKFLOW.verbs(claim.state, here)
    if Party.CLAIMER in here:
        return frozenset(verbs - OWN_WORD)
    if Verb.CONFIRM in verbs and reported(user, claim, brought):
        return frozenset(verbs - {Verb.CONFIRM})
    return frozenset(verbs)


def reported(user: Any, claim: Claim, brought: Mapping[int, int | None] | None = None) -> bool:
    """Whether it was ``user`` who reported the delivery that waits to be confirmed, for whomever."""
    return bool((brought_by([claim]) if brought is None else brought).get(claim.pk) == user.pk)


def brought_by(claims: Iterable[Claim]) -> dict[int, int | None]:
    """By claim: who reported the delivery that waits to be confirmed. One query, and none where nothing waits."""
    waiting = [claim.pk for claim in claims if claim.state == ClaimState.AWAITING]
    if not waiting:
        return {}
    rows = ClaimEvent.objects.filter(claim__in=waiting, verb=Verb.DELIVER).order_by("pk")
    return dict(rows.values_list("claim_id", "actor_id"))  # the last one stays


def _speaks_for(user: Any, unit_id: int, units: Collection[int] | None) -> bool:
    return unit_id in units if units is not None else seated_units(user).filter(unit_id=unit_id).exists()
