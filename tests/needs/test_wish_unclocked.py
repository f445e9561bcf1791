"""Wishes from before their waits had limits get them, all of them; what somebody holds just now waits for nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from claims.models import Claim
from claims.services import steps
from deadlines.models import Due, Stage
from needs.services import wish_unclocked
from needs.services.wish_unclocked import start_missing_wish_clocks
from needs.states.wish import APPROVE_WAIT, CONFIRM_WAIT, VERIFY_WAIT
from tests.cast import Cast, fresh
from tests.needs.wishing import published, raised, taken, verified

pytestmark = pytest.mark.django_db(transaction=True)


def unclock() -> None:
    """As the tables stand after an upgrade from a version that kept no limits."""
    Due.objects.filter(subject__startswith="stage:").delete()
    Stage.objects.all().delete()


def brought(cast: Cast) -> Claim:
    claim = taken(cast.chengxiang, published(cast.chengxiang))
    steps.deliver(claim_id=claim.pk, by=fresh(cast.chengxiang.liaison), note="送到了")
    return claim


def running(kind: str) -> int:
    return Stage.objects.running().filter(kind=kind).count()


def test_in_portions_none_is_left(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        raised(cast.chengxiang)
        verified(cast.chengxiang)
        brought(cast)
    unclock()
    monkeypatch.setattr(wish_unclocked, "PORTION", 2)
    assert start_missing_wish_clocks() == 9
    assert [running(kind) for kind in (VERIFY_WAIT, APPROVE_WAIT, CONFIRM_WAIT)] == [3, 3, 3]
    assert start_missing_wish_clocks() == 0


def test_it_ends_on_what_was_really_started(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for add in (raised, verified):
        add(cast.chengxiang)
    brought(cast)
    unclock()
    begun: list[str] = []
    real = wish_unclocked._start_some

    def some(kind: str) -> int:
        begun.append(kind)
        assert len(begun) <= 10, "goes on for ever"
        return real(kind)

    monkeypatch.setattr(wish_unclocked, "_start_some", some)
    for name in ("await_verifying", "await_confirmation"):
        monkeypatch.setattr(wish_unclocked, name, lambda *_about, **_when: None)
    start_missing_wish_clocks()
    assert begun.count(VERIFY_WAIT) == 1 and running(APPROVE_WAIT) == 1


@pytest.mark.parametrize("table", ["claims_offer", "claims_claim"])
def test_what_is_held_just_now_is_left_for_the_next_time(cast: Cast, table: str) -> None:
    held, free = brought(cast), brought(cast)
    unclock()
    pk = held.offer_id if table == "claims_offer" else held.pk
    elsewhere: Any = connection.copy()
    elsewhere.set_autocommit(False)
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE id = {int(pk)} FOR NO KEY UPDATE")  # noqa: S608 (own names)
        assert start_missing_wish_clocks() == 1
        assert Stage.objects.running().get(kind=CONFIRM_WAIT).subject == f"wish_claim:{free.pk}"
    finally:
        elsewhere.rollback()
        elsewhere.close()
    assert start_missing_wish_clocks() == 1 and running(CONFIRM_WAIT) == 2
