"""An errand and its need are locked in one order, and what is published between two locks is seen.

Each race stands beside a control without the guard, which deadlocks or leaves something running.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from alliance.lib.errors import RuleBroken
from claims import services as claims
from claims.models import Claim, Offer
from claims.services import offers
from claims.states import ClaimState, OfferState
from deadlines.models import Due, Stage
from desk import contributions
from needs.models import Errand, Need, Wish
from needs.services import errand_following, errands, finishing, following, wishes
from needs.services.finishing import finish_need
from needs.services.following import withdraw
from needs.services.wishes import approve_wish, withdraw_wish
from needs.states import State
from needs.states.wish import WishState, WishVerb
from people.services.residents import erase_account
from tests.cast import Cast, at_once, fresh, say_need
from tests.needs import wishing
from tests.needs.running import publish, runner, take

LONG = 20
WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"


def _until_somebody_waits_for_us() -> None:
    """Until another session wants a lock that this one holds."""
    stop = threading.Event()
    threading.Timer(LONG, stop.set).start()
    with connection.cursor() as cursor:
        while not stop.wait(0.02):
            cursor.execute(WAITS)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody came")


@pytest.mark.parametrize("held", [True, False], ids=["held", "control"])
def test_published_again_while_it_is_confirmed_nobody_is_caught_in_a_deadlock(
    cast: Cast, held: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, helper = cast.chengxiang, runner()
    need = say_need(here.home)
    claim = take(publish(need, here.worker), helper)
    claims.deliver(claim_id=claim.pk, by=fresh(helper))
    finish, confirming = errand_following._finish, threading.Event()

    def finish_when_somebody_waits(*given: Any) -> None:
        confirming.set()
        _until_somebody_waits_for_us()
        finish(*given)

    def work(number: int) -> Any:
        if number == 0:
            return claims.confirm(claim_id=claim.pk, by=fresh(here.secretary))
        assert confirming.wait(LONG)
        return publish(need, here.worker)

    monkeypatch.setattr(errand_following, "_finish", finish_when_somebody_waits)
    if not held:
        monkeypatch.setattr(errands, "need_with_errand_held", lambda pk, lock: (lock(), None))
    results = at_once(work, 2)
    right = isinstance(results[0], Claim) and isinstance(results[1], RuleBroken)
    assert right is held, results
    if held:
        claim.refresh_from_db()
        need.refresh_from_db()
        assert (claim.state, need.state) == (ClaimState.COMPLETED, State.TO_ANSWER)


def _withdraw(cast: Cast, need: Need) -> Need:
    return withdraw(token=need.link_token)


def _finish(cast: Cast, need: Need) -> Need:
    return finish_need(pk=need.pk, by=fresh(cast.chengxiang.worker), words="已经带到了。")


@pytest.mark.parametrize(
    ("end", "module", "name"),
    [(_withdraw, following, "_locked_for_resident"), (_finish, finishing, "locked_need")],
    ids=["withdrawn", "finished"],
)
@pytest.mark.parametrize("again", [True, False], ids=["again", "control"])
def test_an_errand_published_just_before_its_need_ends_ends_with_it(
    cast: Cast,
    again: bool,
    end: Callable[[Cast, Need], Need],
    module: Any,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    need = say_need(cast.chengxiang.home)
    if end is _finish:
        _lapsed(publish(need, cast.chengxiang.worker))
    lock, published = getattr(module, name), []

    def published_meanwhile(*given: Any, **named: Any) -> Any:
        if not published:
            published.extend(at_once(lambda _number: publish(need, cast.chengxiang.worker), 1))
        return lock(*given, **named)

    monkeypatch.setattr(module, name, published_meanwhile)
    if not again:
        monkeypatch.setattr(offers, "published_meanwhile", lambda subject, held: False)
    end(cast, need)
    [errand] = published
    assert isinstance(errand, Errand)
    assert (Offer.objects.get(pk=errand.offer_id).state == OfferState.CLOSED) is again
    assert (not Due.objects.undone().filter(subject=f"offer:{errand.offer_id}").exists()) is again
    assert (not Stage.objects.running().filter(subject=f"errand:{errand.pk}").exists()) is again


def _lapsed(errand: Errand) -> None:
    """Called off, so that the need is in hand and nothing is out."""
    claims.withdraw_offer(pk=errand.offer_id, by=None)


@pytest.mark.parametrize("again", [True, False], ids=["again", "control"])
def test_a_wish_approved_just_before_it_is_withdrawn_leaves_the_wall(
    cast: Cast, again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = cast.chengxiang
    wish, lock = wishing.verified(here), wishes._locked
    approved: list[Any] = []

    def approved_meanwhile(*given: Any) -> Wish:
        if WishVerb.WITHDRAW in given and not approved:
            approved.append(None)
            approved[:] = at_once(lambda _: approve_wish(pk=wish.pk, by=fresh(here.secretary), version=None), 1)
        return lock(*given)

    monkeypatch.setattr(wishes, "_locked", approved_meanwhile)
    if not again:
        monkeypatch.setattr(offers, "published_meanwhile", lambda subject, held: False)
    withdraw_wish(pk=wish.pk, by=fresh(here.worker), version=None, words="家里人已经买了")
    assert isinstance(approved[0], Wish)
    assert wishing.again(wish).state == WishState.WITHDRAWN
    assert (Offer.objects.get().state == OfferState.CLOSED) is again


@pytest.mark.parametrize("held", [True, False], ids=["held", "control"])
def test_whoever_goes_gives_back_in_the_order_in_which_everybody_locks(
    cast: Cast, held: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, helper = cast.chengxiang, runner()
    found = [publish(say_need(here.home), here.worker) for _turn in range(2)]
    low, high = (errand.offer_id for errand in found)
    for errand in reversed(found):
        take(errand, helper)
    give_back, giving = contributions.return_claim, threading.Event()

    def give_back_when_somebody_waits(**given: Any) -> Claim:
        claim = give_back(**given)
        if not giving.is_set():
            giving.set()
            _until_somebody_waits_for_us()
        return claim

    def work(number: int) -> Any:
        if number == 0:
            return erase_account(user=fresh(helper))
        assert giving.wait(LONG)
        with transaction.atomic():
            offers.hold_offers([low])
            return [offer.pk for offer in offers.hold_offers([low, high])]

    monkeypatch.setattr(contributions, "return_claim", give_back_when_somebody_waits)
    if not held:
        monkeypatch.setattr(contributions, "hold_offers", lambda pks: [])
    results = at_once(work, 2)
    assert (results == [None, [low, high]]) is held, results
    if held:
        assert set(Claim.objects.values_list("state", flat=True)) == {ClaimState.RETURNED}
