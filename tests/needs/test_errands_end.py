"""An errand whose need ends another way, and many hands at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.errors import RuleBroken
from claims import services as claims
from claims.models import Claim, Offer
from claims.states import ClaimState, Ending
from needs.models import Need
from needs.services.finishing import finish_need
from needs.services.following import withdraw
from needs.states import State, Verb
from tests.cast import Cast, at_once, fresh, say_need
from tests.needs.running import publish, runner, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(cast: Cast) -> Need:
    return say_need(cast.chengxiang.home)


def test_finished_another_way_what_was_brought_stays_brought(cast: Cast, need: Need) -> None:
    errand, helper = publish(need, cast.chengxiang.worker), runner()
    claim = take(errand, helper)
    claims.deliver(claim_id=claim.pk, by=fresh(helper))
    finish_need(pk=need.pk, by=fresh(cast.chengxiang.worker), words="药送到了，阿婆说好多了。")
    claim.refresh_from_db()
    errand.refresh_from_db()
    assert (claim.state, errand.offer.ending) == (ClaimState.COMPLETED, Ending.FULFILLED)
    assert need.events.filter(verb=Verb.FINISH).count() == 1


def test_nobody_takes_what_is_not_wanted_any_more(cast: Cast, need: Need) -> None:
    errand = publish(need, cast.chengxiang.worker)
    Need.objects.filter(pk=need.pk).update(state=State.WITHDRAWN, ended_at=timezone.now())
    with pytest.raises(RuleBroken) as refused:
        take(errand, runner())
    assert "不用跑了" in str(refused.value.message)
    assert not Claim.objects.exists() and Offer.objects.get().taken == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_runs(cast: Cast) -> None:
    errand = publish(say_need(cast.chengxiang.home), cast.chengxiang.worker)
    people = [runner(f"1390000001{number}") for number in range(8)]
    results = at_once(lambda number: take(errand, people[number]), 8)
    assert sum(isinstance(result, Claim) for result in results) == 1
    assert all(isinstance(result, Claim | RuleBroken) for result in results)


@pytest.mark.django_db(transaction=True)
def test_withdrawn_and_confirmed_at_once_neither_waits_for_the_other_for_ever(cast: Cast) -> None:
    for round_ in range(4):
        need = say_need(cast.chengxiang.home)
        errand, helper = publish(need, cast.chengxiang.worker), runner(f"1390000002{round_}")
        claim = take(errand, helper)
        claims.deliver(claim_id=claim.pk, by=fresh(helper))

        def one(number: int, need: Need = need, claim: Claim = claim) -> Any:
            if number:
                return claims.confirm(claim_id=claim.pk, by=fresh(cast.chengxiang.secretary))
            return withdraw(token=need.link_token)

        results = at_once(one, 2)
        assert all(isinstance(result, Claim | Need | RuleBroken) for result in results), results
        need.refresh_from_db()
        claim.refresh_from_db()
        assert need.state in (State.WITHDRAWN, State.TO_ANSWER) and claim.state == ClaimState.COMPLETED
