"""What falls due: a word two days before, the day that has passed, the end of a window."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from claims.models import Claim, ClaimEvent, Offer
from claims.signals import offer_ended
from claims.states import ClaimState, Ending, OfferState, Verb
from deadlines.kinds import due_kind
from deadlines.models import Due
from deadlines.services.sweep import sweep
from notifications.models import Message
from tests.cast import Cast, build
from tests.claims.taking_steps import do, make_due, rules, swept
from tests.claims.things import another_unit, claim_by, offer_in, units_claim


def test_after_the_window_the_last_to_end_closes_it(cast: Cast) -> None:
    offer, claim = units_claim(cast, shares=2)
    Offer.objects.filter(pk=offer.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    Due.objects.filter(subject=f"offer:{offer.pk}").update(due_at=timezone.now() - timedelta(seconds=1))
    swept()
    assert Offer.objects.get(pk=offer.pk).state == OfferState.OPEN, "somebody has it in hand"
    do(cast, claim, Verb.DELIVER, Verb.CONFIRM)
    ended = Offer.objects.get(pk=offer.pk)
    assert (ended.state, ended.ending, ended.done) == (OfferState.CLOSED, Ending.LAPSED, 1)


def test_a_window_nobody_used_lapses_and_its_owner_hears(cast: Cast) -> None:
    heard: list[tuple[Any, str, Any]] = []

    def hear(offer: Offer, why: str, by: Any, **kwargs: Any) -> None:
        heard.append((offer, why, by))

    offer = offer_in(cast.chengxiang.home)
    Offer.objects.filter(pk=offer.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    Due.objects.filter(subject=f"offer:{offer.pk}").update(due_at=timezone.now() - timedelta(seconds=1))
    offer_ended.connect(hear)
    try:
        swept()
        swept()
    finally:
        offer_ended.disconnect(hear)
    ended = Offer.objects.get(pk=offer.pk)
    assert (ended.state, ended.ending) == (OfferState.CLOSED, Ending.LAPSED)
    assert heard == [(offer, Ending.LAPSED, None)]


def test_two_days_before_there_is_a_friendly_word_and_once(cast: Cast) -> None:
    _offer, claim = units_claim(cast)
    make_due(claim, "claims.warn")
    swept()
    swept()
    assert rules(claim) == [("claims.ClaimDue", f"u:{cast.chengxiang.liaison.pk}")]
    said = Message.objects.get(rule="claims.ClaimDue", channel="inapp")
    last = timezone.localtime(claim.deliver_by)
    assert f"{last.month}月{last.day}日" in said.title and "温馨提醒" in said.title


def test_what_was_delivered_is_neither_warned_of_nor_expires(cast: Cast) -> None:
    _offer, claim = units_claim(cast)
    dues = list(Due.objects.undone().filter(subject=f"claim:{claim.pk}"))
    do(cast, claim, Verb.DELIVER)
    for due in dues:  # a sweeper that had them in hand already
        kind = due_kind(due.kind)
        assert kind is not None
        assert kind.handle([due]) == {due.pk: ("cancelled", "stopped")}
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.AWAITING
    assert rules(claim) == []


def test_when_the_day_has_passed_the_share_is_free_and_the_claimer_told(cast: Cast) -> None:
    offer, claim = units_claim(cast)
    make_due(claim, "claims.expire")
    swept()
    now = Claim.objects.get(pk=claim.pk)
    assert (now.state, Offer.objects.get(pk=offer.pk).taken) == (ClaimState.EXPIRED, 0)
    assert rules(claim) == [("claims.ClaimExpired", f"u:{cast.chengxiang.liaison.pk}")]
    event = ClaimEvent.objects.filter(claim=claim).latest("id")
    assert (event.verb, event.actor) == (Verb.EXPIRE, None)
    said = Message.objects.get(rule="claims.ClaimExpired", channel="inapp")
    assert not {"超期", "催", "督"} & set(said.title + said.body)
    other, its_liaison = another_unit(cast.chengxiang)
    assert claim_by(its_liaison, offer, other).just_made


def test_late_after_a_long_silence_it_still_expires_and_its_warning_is_not_sent(cast: Cast) -> None:
    expire, warn = due_kind("claims.expire"), due_kind("claims.warn")
    assert expire is not None and warn is not None
    assert expire.grace > timedelta(days=365) and warn.grace <= timedelta(days=2)


def test_the_sweep_itself_takes_them(transactional_db: None) -> None:
    cast = build()
    _offer, claim = units_claim(cast)
    make_due(claim, "claims.warn")
    make_due(claim, "claims.expire", timedelta(seconds=0))
    while sweep()[0]:
        pass
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.EXPIRED
    assert not Due.objects.undone().filter(subject=f"claim:{claim.pk}").exists()
