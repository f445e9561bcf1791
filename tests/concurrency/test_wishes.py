"""Two who approve one wish at the same moment: one decides, the others are told. A naive variant decides twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, RuleBroken
from claims.models import Offer
from needs.models import Wish, WishEvent
from needs.services.wish_policy import save_policy
from needs.services.wishes import approve_wish, edit_wish, reject_wish
from needs.states.wish import WishState, WishVerb
from notifications.models import Message
from people.models import User
from tests.cast import Cast, at_once, fresh
from tests.needs.wishing import CANARIES, again, typed, verified

AT_ONCE = 8
DECISIONS = (WishVerb.APPROVE, WishVerb.REJECT)


def _approvers(cast: Cast) -> list[User]:
    """The street decides: its head of section and its party office, at several desks each."""
    here = cast.chengxiang
    save_policy(by=fresh(here.party_office), street_code=here.street.pk, approver="street")
    return [fresh(here.section_head), fresh(here.party_office)] * (AT_ONCE // 2)


def _decisions(wish: Wish) -> list[str]:
    return list(WishEvent.objects.filter(wish=wish, verb__in=DECISIONS).values_list("verb", flat=True))


@pytest.mark.parametrize("version", [2, None], ids=["version", "without"])
@pytest.mark.parametrize("turn", range(2))
def test_of_eight_who_approve_one_does_and_the_rest_are_told(cast: Cast, turn: int, version: int | None) -> None:
    wish, people = verified(cast.chengxiang), _approvers(cast)
    results = at_once(lambda n: approve_wish(pk=wish.pk, by=people[n], version=version), AT_ONCE)
    assert sum(isinstance(result, Wish) for result in results) == 1, results
    assert sum(isinstance(result, Conflict | RuleBroken) for result in results) == AT_ONCE - 1, results
    winner = next(n for n, result in enumerate(results) if isinstance(result, Wish))
    found = again(wish)
    assert (found.state, found.decided_by) == (WishState.PUBLISHED, people[winner])
    assert Offer.objects.filter(subject=f"wish:{wish.pk}").count() == 1 and _decisions(wish) == [WishVerb.APPROVE]
    published = Message.objects.filter(rule="needs.WishPublished").values_list("recipient_key", flat=True)
    assert len(published) == len(set(published)) > 0


def test_yes_no_and_a_change_at_once_are_one_of_them(cast: Cast) -> None:
    wish, people = verified(cast.chengxiang), _approvers(cast)
    worker = fresh(cast.chengxiang.worker)
    words = {name: value for name, value in typed(item="一件厚外套").items() if name not in CANARIES}
    kinds: list[Callable[[User], Any]] = [
        lambda by: approve_wish(pk=wish.pk, by=by, version=2),
        lambda by: reject_wish(pk=wish.pk, by=by, version=2, words="家里已经有了"),
        lambda by: edit_wish(pk=wish.pk, by=worker, version=2, **words),
    ]
    results = at_once(lambda n: kinds[n % 3](people[n]), AT_ONCE)
    assert sum(isinstance(result, Wish) for result in results) == 1, results
    assert sum(isinstance(result, Conflict) for result in results) == AT_ONCE - 1, results
    found = again(wish)
    assert found.version == 3 and len(_decisions(wish)) <= 1
    assert (found.offer is not None) == (found.state == WishState.PUBLISHED)
    assert found.state != WishState.PUBLISHED or found.item == wish.item, "what is on the wall was approved"


def _naive(pk: int, by: User, gate: threading.Barrier) -> bool:
    """Reads, decides, then writes: what the service must not be. ``gate`` widens the gap."""
    with transaction.atomic():
        wish = Wish.objects.get(pk=pk)
        gate.wait(timeout=30)
        if wish.state != WishState.TO_VERIFY or wish.decided_by_id is not None:
            return False
        Wish.objects.filter(pk=pk).update(decided_by=by, decided_at=timezone.now())
        wish.write_event(verb=WishVerb.APPROVE, actor=by, source=wish.state, target=WishState.PUBLISHED, note="")
        return True


def test_control_without_the_locked_row_several_decide(cast: Cast) -> None:
    wish, people = verified(cast.chengxiang), _approvers(cast)
    gate = threading.Barrier(AT_ONCE)
    results = at_once(lambda n: _naive(wish.pk, people[n], gate), AT_ONCE)
    assert sum(result is True for result in results) > 1, results
    assert len(_decisions(wish)) > 1
