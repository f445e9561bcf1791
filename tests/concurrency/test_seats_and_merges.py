"""One seat, one answer; two merges that cross; a claim in the middle of a merge. Each beside what happens unguarded."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from alliance.lib.errors import DomainError, RuleBroken
from claims.models import Claim
from members.models import Liaison, MemberUnit, SeatOffer, UnitMerge
from members.services import offer_seat, withdraw_seat_offer
from members.services.merging import merge_units
from members.states import OfferState
from notifications.models import Message
from notifications.services import answer_card
from people.models import User
from tests.cast import Cast, at_once, fresh
from tests.claims.things import another_unit, claim_by, offer_in, unit_of
from tests.conftest import APP_ROLE

THREADS, ROUNDS = 8, 4


@pytest.fixture(autouse=True)
def _sms(settings: Any) -> None:
    settings.SITE_URL, settings.SMS_CHANNEL = "https://tongxin.example", "console"


def _asked(cast: Cast, number: int) -> tuple[SeatOffer, str]:
    """A unit without liaisons asks somebody; the offer, and the token of its link."""
    here = cast.chengxiang
    unit = MemberUnit.objects.create(name=f"第{number}小学", kind="school", area=here.street)
    offer = offer_seat(unit_id=unit.pk, by=fresh(here.clerk), name="某某", phone=f"1390000{number:04}")
    sent = Message.objects.filter(rule="members.SeatOffered").latest("pk")
    found = re.search(r"/c/([\w-]+)", sent.secrets)
    assert found
    return offer, found.group(1)


def test_of_eight_taps_one_takes_the_seat(cast: Cast) -> None:
    offer, token = _asked(cast, 1)
    results = at_once(lambda n: answer_card(token=token, value="take" if n % 2 else "decline")[1], THREADS)
    assert results.count(True) == 1 and results.count(False) == THREADS - 1
    offer.refresh_from_db()
    seats = Liaison.objects.filter(unit=offer.unit_id).count()
    assert (offer.state, seats) in ((OfferState.TAKEN, 1), (OfferState.DECLINED, 0))


def test_a_seat_is_taken_or_taken_back_never_both(cast: Cast) -> None:
    for number in range(ROUNDS):
        offer, token = _asked(cast, number)
        clerk = fresh(cast.chengxiang.clerk)

        def work(turn: int, offer: SeatOffer = offer, token: str = token, clerk: User = clerk) -> Any:
            return answer_card(token=token, value="take") if turn else withdraw_seat_offer(pk=offer.pk, by=clerk)

        results = at_once(work, 2)
        assert [isinstance(one, RuleBroken) for one in results].count(True) == 1, results
        offer.refresh_from_db()
        seats = Liaison.objects.filter(unit=offer.unit_id).count()
        assert (offer.state, seats) in ((OfferState.TAKEN, 1), (OfferState.WITHDRAWN, 0))


def test_control_whoever_reads_before_writing_seats_somebody_who_was_taken_off_the_list(cast: Cast) -> None:
    offer, _token = _asked(cast, 1)
    gate = threading.Barrier(2)

    def work(turn: int) -> None:
        with transaction.atomic():
            seen = SeatOffer.objects.get(pk=offer.pk)
            gate.wait(timeout=30)
            if seen.state == OfferState.OPEN and turn:
                Liaison.objects.create(unit_id=seen.unit_id, user=cast.nobody)
            elif seen.state == OfferState.OPEN:
                SeatOffer.objects.filter(pk=offer.pk).update(state=OfferState.WITHDRAWN)

    at_once(work, 2)
    assert SeatOffer.objects.get(pk=offer.pk).state == OfferState.WITHDRAWN
    assert Liaison.objects.filter(unit=offer.unit_id).exists()


def test_of_two_merges_that_cross_one_is_done(cast: Cast) -> None:
    here = cast.chengxiang
    for number in range(ROUNDS):
        first, second = (
            MemberUnit.objects.create(name=f"{name}{number}", kind="other", area=here.street) for name in ("甲", "乙")
        )
        ways = [(first.pk, second.pk), (second.pk, first.pk)]
        clerk = fresh(here.clerk)

        def work(turn: int, ways: Any = ways, clerk: User = clerk) -> UnitMerge:
            return merge_units(kept_id=ways[turn][0], gone_id=ways[turn][1], by=clerk)

        results = at_once(work, 2)
        assert sorted(type(one).__name__ for one in results) == ["RuleBroken", "UnitMerge"], results
        left = MemberUnit.objects.filter(pk__in=ways[0], merged_into__isnull=True)
        assert left.count() == 1


def test_control_without_locks_two_units_are_merged_into_each_other(cast: Cast) -> None:
    first, second = (
        MemberUnit.objects.create(name=name, kind="other", area=cast.chengxiang.street) for name in ("甲", "乙")
    )
    ways, gate = [(first.pk, second.pk), (second.pk, first.pk)], threading.Barrier(2)

    def work(turn: int) -> None:
        kept, gone = ways[turn]
        with transaction.atomic():
            found = MemberUnit.objects.in_bulk([kept, gone])
            gate.wait(timeout=30)
            if not any(unit.merged_into_id for unit in found.values()):
                MemberUnit.objects.filter(pk=gone).update(merged_into=kept)

    at_once(work, 2)
    assert MemberUnit.objects.filter(pk__in=ways[0], merged_into__isnull=False).count() == 2


def _claim_while_merging(cast: Cast) -> Any:
    """Somebody claims for the gone unit while a merge is done and not committed yet. What the claimer got."""
    here = cast.chengxiang
    gone, user = another_unit(here)
    offer, merged, may_end = offer_in(here.home), threading.Event(), threading.Event()
    clerk, speaker = fresh(here.clerk), fresh(user)

    def merge() -> None:
        with transaction.atomic():
            merge_units(kept_id=unit_of(here).pk, gone_id=gone.pk, by=clerk)
            merged.set()
            may_end.wait(timeout=30)

    def claim() -> Any:
        merged.wait(timeout=30)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '30s'")  # on a busy machine the merge may take longer to commit
        return claim_by(speaker, offer, gone)

    def end() -> None:
        # Once the claim waits for the merge, or is through without waiting, the merge may commit.
        merged.wait(timeout=30)
        for _look in range(200):
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                (waiting,) = cursor.fetchone()
            if waiting or Claim.objects.filter(offer=offer).exists():
                break
            threading.Event().wait(0.01)
        may_end.set()

    results = at_once(lambda n: (merge, claim, end)[n](), 3)
    return results[1], Claim.objects.filter(unit=gone).count()


def test_no_claim_is_left_behind_with_a_unit_that_is_being_merged(cast: Cast) -> None:
    got, left = _claim_while_merging(cast)
    assert isinstance(got, DatabaseError | DomainError), got
    assert left == 0


@contextmanager
def _unguarded(table: str) -> Iterator[None]:
    def switch(how: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute(f"ALTER TABLE {table} {how} TRIGGER {table}_unit_new")
            cursor.execute(f"SET ROLE {APP_ROLE}")

    switch("DISABLE")
    try:
        yield
    finally:
        switch("ENABLE")


def test_control_without_the_trigger_a_claim_is_left_behind(cast: Cast) -> None:
    with _unguarded("claims_claim"):
        got, left = _claim_while_merging(cast)
    assert isinstance(got, Claim) and left == 1, got
