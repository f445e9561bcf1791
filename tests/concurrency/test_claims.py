"""Many want one thing. Each safety test stands beside a naive variant that shows the race is real."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from alliance.lib.errors import Conflict, RuleBroken
from claims import services
from claims.models import Claim, ClaimEvent, Offer
from claims.services.clock import expire
from claims.states import HOLDING, ClaimState, Ending, OfferState, Verb
from deadlines.models import Due
from deadlines.services.sweep import sweep
from members.models import MemberUnit
from people.models import User
from tests.cast import Cast, at_once, fresh
from tests.claims.things import another_unit, claim_by, offer_in

THREADS = 20


def _crowd(cast: Cast) -> list[tuple[MemberUnit, User]]:
    """Twenty units of one alliance with a liaison each."""
    return [(unit, fresh(user)) for unit, user in (another_unit(cast.chengxiang) for _n in range(THREADS))]


def _won(results: list[Any]) -> list[Claim]:
    lost = [result for result in results if not isinstance(result, Claim)]
    assert all(isinstance(result, RuleBroken) for result in lost), lost
    return [result for result in results if isinstance(result, Claim)]


def _as_stored(offer: Offer) -> tuple[int, int, int]:
    holding = Claim.objects.filter(offer=offer, state__in=HOLDING).count()
    return Offer.objects.get(pk=offer.pk).taken, holding, ClaimEvent.objects.filter(claim__offer=offer).count()


def test_of_twenty_who_claim_one_wish_one_has_it_and_the_rest_are_told(cast: Cast) -> None:
    crowd = _crowd(cast)
    for _round in range(5):
        offer = offer_in(cast.chengxiang.home)
        results = at_once(lambda n, offer=offer: claim_by(crowd[n][1], offer, crowd[n][0]), THREADS)
        assert len(_won(results)) == 1
        assert _as_stored(offer) == (1, 1, 1)
        assert Due.objects.filter(subject__in=[f"claim:{one.pk}" for one in _won(results)]).count() == 2
        assert all("认领" in str(lost.message) for lost in results if isinstance(lost, RuleBroken))


def test_of_twenty_who_claim_seven_shares_seven_have_one_each(cast: Cast) -> None:
    crowd, offer = _crowd(cast), offer_in(cast.chengxiang.home, shares=7)
    results = at_once(lambda n: claim_by(crowd[n][1], offer, crowd[n][0]), THREADS)
    assert len({claim.unit_id for claim in _won(results)}) == 7
    assert _as_stored(offer) == (7, 7, 7)


def _naive_claim(offer: Offer, unit: MemberUnit, by: User, gate: threading.Barrier, *, whole: bool) -> bool:
    """Reads, then writes, with nothing in between. ``gate`` widens the gap."""
    with transaction.atomic():
        seen = Offer.objects.get(pk=offer.pk)
        gate.wait(timeout=30)
        if seen.taken >= seen.shares:
            return False
        Offer.objects.filter(pk=offer.pk).update(taken=seen.taken + 1)
        Claim.objects.create(offer=offer, unit=unit, by=by, client_key=uuid4(), whole=whole, claimed_at=timezone.now())
        return True


def test_control_reading_then_writing_gives_one_wish_to_several(cast: Cast) -> None:
    crowd, offer, gate = _crowd(cast), offer_in(cast.chengxiang.home), threading.Barrier(THREADS)
    results = at_once(lambda n: _naive_claim(offer, *crowd[n], gate, whole=False), THREADS)
    assert results.count(True) > 1
    assert _as_stored(offer)[0] != _as_stored(offer)[1], "the counter does not even say so"


def test_even_then_the_table_holds_what_cannot_be_divided(cast: Cast) -> None:
    crowd, offer, gate = _crowd(cast), offer_in(cast.chengxiang.home), threading.Barrier(THREADS)
    results = at_once(lambda n: _naive_claim(offer, *crowd[n], gate, whole=True), THREADS)
    assert results.count(True) == 1
    refused = [str(result) for result in results if isinstance(result, Exception)]
    assert len(refused) == THREADS - 1 and all("claim_one_holds_the_whole" in text for text in refused)


def test_over_http_one_gets_201_the_rest_409_and_nobody_a_fault(cast: Cast) -> None:
    crowd, offer = _crowd(cast), offer_in(cast.chengxiang.home)
    tokens = [AuthToken.objects.create(user=user)[1] for _unit, user in crowd]

    def tap(n: int) -> int:
        client = Client(raise_request_exception=False, headers={"Authorization": f"Token {tokens[n]}"})
        said = {"client_key": str(uuid4()), "unit": crowd[n][0].pk}
        path = f"/api/v1/offers/{offer.pk}/claim/"
        return client.post(path, said, content_type="application/json").status_code

    assert Counter(at_once(tap, THREADS)) == {201: 1, 409: THREADS - 1}
    assert _as_stored(offer) == (1, 1, 1)


def test_eight_taps_of_one_phone_make_one_claim_though_shares_are_left(cast: Cast) -> None:
    unit, user = another_unit(cast.chengxiang)
    by = fresh(user)
    for shares in (1, 8):
        offer, key = offer_in(cast.chengxiang.home, shares=shares), uuid4()
        results = at_once(
            lambda _n, offer=offer, key=key: services.claim_offer(
                offer_id=offer.pk, by=by, client_key=key, unit_id=unit.pk
            ),
            8,
        )
        assert len({claim.pk for claim in _won(results)}) == 1
        assert [claim.just_made for claim in results].count(True) == 1
        assert _as_stored(offer) == (1, 1, 1)


def test_giving_back_and_claiming_at_once_keeps_the_counter(cast: Cast) -> None:
    crowd, offer = _crowd(cast), offer_in(cast.chengxiang.home, shares=2)
    first = [claim_by(user, offer, unit) for unit, user in crowd[:2]]

    def work(n: int) -> Any:
        unit, user = crowd[n]
        if n < 2:
            return services.return_claim(claim_id=first[n].pk, by=user, note="送不了")
        return claim_by(user, offer, unit)

    results = at_once(work, 10)
    assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, RuleBroken)]
    taken, holding, _events = _as_stored(offer)
    assert taken == holding <= 2


def test_two_colleagues_confirm_at_once_and_it_counts_once(cast: Cast) -> None:
    unit, user = another_unit(cast.chengxiang)
    staff = [fresh(cast.chengxiang.worker), fresh(cast.chengxiang.secretary)]
    for _round in range(5):
        offer = offer_in(cast.chengxiang.home)
        claim = claim_by(user, offer, unit)
        services.deliver(claim_id=claim.pk, by=fresh(user))
        results = at_once(lambda n, pk=claim.pk: services.confirm(claim_id=pk, by=staff[n], version=2), 2)
        assert Counter(type(result) for result in results) == {Claim: 1, Conflict: 1}
        now = Offer.objects.get(pk=offer.pk)
        assert (now.done, now.taken, now.ending) == (1, 1, Ending.FULFILLED)


def test_delivering_while_the_day_ends_is_the_one_or_the_other(cast: Cast) -> None:
    """The clerk's tap and the clock meet on the same claim: whoever comes second finds what the first left."""
    unit, user = another_unit(cast.chengxiang)
    by = fresh(user)
    for _round in range(6):
        offer = offer_in(cast.chengxiang.home)
        claim = claim_by(user, offer, unit)
        past = timezone.now() - timedelta(seconds=1)
        Claim.objects.filter(pk=claim.pk).update(deliver_by=past)
        Due.objects.filter(subject=f"claim:{claim.pk}", kind="claims.expire").update(due_at=past)

        def work(n: int, pk: int = claim.pk) -> Any:
            return services.deliver(claim_id=pk, by=by) if n else sweep()

        results = at_once(work, 2)
        assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, RuleBroken)], results
        now, stored = Claim.objects.get(pk=claim.pk), Offer.objects.get(pk=offer.pk)
        assert (now.state, stored.taken) in ((ClaimState.AWAITING, 1), (ClaimState.EXPIRED, 0))
        assert ClaimEvent.objects.filter(claim=claim).exclude(verb=Verb.CLAIM).count() == 1
        assert not Due.objects.undone().filter(subject=f"claim:{claim.pk}", kind="claims.expire").exists()


def _naive_expire(claim: Claim, gate: threading.Barrier) -> None:
    """Ends what it read a moment before."""
    seen = Claim.objects.get(pk=claim.pk)
    gate.wait(timeout=30)
    if seen.state == ClaimState.CLAIMED:
        gate.wait(timeout=30)
        Claim.objects.filter(pk=claim.pk).update(state=ClaimState.EXPIRED, ended_at=timezone.now())


def test_control_a_clock_that_reads_first_ends_what_was_delivered(cast: Cast) -> None:
    unit, user = another_unit(cast.chengxiang)
    claim, gate = claim_by(user, offer_in(cast.chengxiang.home), unit), threading.Barrier(2)

    def work(n: int) -> Any:
        if n:
            return _naive_expire(claim, gate)
        gate.wait(timeout=30)
        services.deliver(claim_id=claim.pk, by=fresh(user))
        return gate.wait(timeout=30)

    at_once(work, 2)
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.EXPIRED
    assert ClaimEvent.objects.filter(claim=claim).latest("id").verb == Verb.DELIVER


def test_taking_down_while_somebody_claims_is_the_one_or_the_other(cast: Cast) -> None:
    unit, user = another_unit(cast.chengxiang)
    worker = fresh(cast.chengxiang.worker)
    for _round in range(6):
        offer = offer_in(cast.chengxiang.home)

        def work(n: int, offer: Offer = offer) -> Any:
            return claim_by(user, offer, unit) if n else services.withdraw_offer(pk=offer.pk, by=worker)

        results = at_once(work, 2)
        assert [isinstance(result, RuleBroken) for result in results].count(True) == 1, results
        now = Offer.objects.get(pk=offer.pk)
        assert (now.state, now.taken) in ((OfferState.OPEN, 1), (OfferState.CLOSED, 0))


def test_many_claims_of_one_offer_expire_together_while_others_are_given_back(cast: Cast) -> None:
    """Offers first, then claims, then dues: nobody waits for somebody who waits for him."""
    crowd = _crowd(cast)[:8]
    offers = [offer_in(cast.chengxiang.home, shares=8) for _n in range(3)]
    claims = [claim_by(user, offer, unit) for offer in offers for unit, user in crowd]
    past = timezone.now() - timedelta(seconds=1)
    Claim.objects.filter(pk__in=[claim.pk for claim in claims]).update(deliver_by=past)
    dues = list(Due.objects.undone().filter(kind="claims.expire"))

    def work(n: int) -> Any:
        if n == 0:
            with transaction.atomic():
                return expire(dues)
        return services.return_claim(claim_id=claims[n].pk, by=crowd[n % 8][1], note="送不了")

    results = at_once(work, 8)
    assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, RuleBroken)], results
    for offer in offers:
        assert _as_stored(offer)[:2] == (0, 0)
