"""A model of what should be, held against what is."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import uuid4

import pytest

from alliance.lib.errors import DomainError, RuleBroken
from claims import services
from claims.models import Claim, Offer
from claims.signals import claim_moved
from claims.states import CLAIM_WORKFLOW, HOLDING, LIVE, ClaimState, OfferState, Verb
from deadlines.models import Due
from people.models import User
from tests.cast import Cast, fresh, resident
from tests.claims.taking_steps import SERVICES, make_due, swept
from tests.claims.things import alliance_of, offer_in, unit_of


@pytest.mark.parametrize("seed", range(8))
def test_any_sequence_of_verbs_keeps_the_counters(cast: Cast, seed: int) -> None:
    """A model of what should be, held against what is, after each of sixty steps."""
    random, moved = Random(seed), []

    def hear(verb: str, **kwargs: Any) -> None:
        moved.append(verb)

    alliance_of(cast.chengxiang)
    offer, unit = offer_in(cast.chengxiang.home, shares=random.choice([1, 2, 3])), unit_of(cast.chengxiang)
    people: list[User] = [fresh(cast.chengxiang.liaison), fresh(cast.chengxiang.worker), resident("13812345678")]
    model: dict[int, str] = {}
    claim_moved.connect(hear)
    try:
        for _step in range(60):
            before = len(moved)
            try:
                verb, pk, state = _random_step(random, people, offer, unit.pk, model)
            except DomainError:
                assert len(moved) == before
            else:
                assert moved[before:] == [verb]
                model[pk] = state
            _compare(offer, model)
    finally:
        claim_moved.disconnect(hear)
    assert model


def _random_step(
    random: Random, people: list[User], offer: Offer, unit: int, model: dict[int, str]
) -> tuple[str, int, str]:
    verb = random.choice([Verb.CLAIM, *SERVICES, Verb.EXPIRE])
    by = random.choice(people)
    if verb == Verb.CLAIM or not model:
        as_unit = unit if by == people[0] else None
        claim = services.claim_offer(offer_id=offer.pk, by=by, client_key=uuid4(), unit_id=as_unit)
        return Verb.CLAIM, claim.pk, ClaimState.CLAIMED
    pk = random.choice(sorted(model))
    step = CLAIM_WORKFLOW.find(model[pk], verb)
    if verb == Verb.EXPIRE:
        if step is None:
            raise RuleBroken
        make_due(Claim.objects.get(pk=pk), "claims.expire")
        swept()
    else:
        SERVICES[verb](claim_id=pk, by=by, note="一句话")
    assert step is not None, "a step that the table does not have was taken"
    return verb, pk, step.target


def _compare(offer: Offer, model: dict[int, str]) -> None:
    now = Offer.objects.get(pk=offer.pk)
    assert dict(Claim.objects.filter(offer=offer).values_list("pk", "state")) == model
    states = list(model.values())
    assert now.taken == sum(state in HOLDING for state in states)
    assert now.done == states.count(ClaimState.COMPLETED)
    assert now.done <= now.taken <= now.shares
    assert (now.state == OfferState.CLOSED) == (now.done == now.shares)
    for pk, state in model.items():
        undone = Due.objects.undone().filter(subject=f"claim:{pk}", kind="claims.expire").count()
        assert undone == (1 if state in LIVE and state != ClaimState.AWAITING else 0)
