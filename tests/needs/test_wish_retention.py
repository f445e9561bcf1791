"""A household stays with its wish for a year after the end, or until the need it came from is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alliance.lib.errors import NotAllowed
from claims.models import Offer
from needs.models import Need, Wish
from needs.permissions import wish_abilities
from needs.services import wishes
from needs.services.following import withdraw
from needs.services.mine import forget_one
from needs.services.retention import anonymise_old
from needs.services.wish_retention import KEEP, forget_households
from needs.services.wish_stages import may_reopen
from needs.states.wish import WishVerb
from notifications.models import Message
from notifications.states import Channel
from tests.cast import Cast, fresh, say_need
from tests.needs.wishing import again, published, raised, verified


def _over(here: Any, *, ago: timedelta) -> Wish:
    """A wish that nobody took and whose window closed ``ago``."""
    wish = published(here)
    then = timezone.now() - ago
    Offer.objects.filter(pk=wish.offer_id).update(state="closed", ending="lapsed", ended_at=then, closes_at=then)
    return again(wish)


def _known(wish: Wish) -> tuple[str, str, str]:
    now = Wish.objects.get(pk=wish.pk)
    return now.beneficiary, now.household, now.phone


def test_a_year_after_the_end_nobody_knows_whose_wish_it_was(cast: Cast) -> None:
    wish = _over(cast.chengxiang, ago=KEEP + timedelta(days=1))
    assert forget_households() == 1
    now = again(wish)
    assert _known(now) == ("", "", "") and now.forgotten_at is not None
    assert (now.item, now.called) == (wish.item, wish.called)
    assert not may_reopen(now)
    assert forget_households() == 0


def test_what_ended_lately_or_goes_on_is_left_alone(cast: Cast) -> None:
    lately = _over(cast.chengxiang, ago=KEEP - timedelta(days=1))
    old = published(cast.chengxiang, item="一盏旧灯")
    waits = raised(cast.chengxiang, item="一把椅子")
    Wish.objects.filter(pk=old.pk).update(created_at=timezone.now() - KEEP * 2)
    Wish.objects.filter(pk=waits.pk).update(created_at=timezone.now() - KEEP + timedelta(days=1))
    assert forget_households() == 0
    assert all(_known(lately)) and all(_known(old)) and all(_known(waits))


def test_what_nobody_verified_for_a_year_is_over(cast: Cast) -> None:
    asked, verified_lately = raised(cast.chengxiang), verified(cast.chengxiang, item="一把椅子")
    Wish.objects.update(created_at=timezone.now() - KEEP - timedelta(days=1))
    assert forget_households() == 2
    for wish in (asked, verified_lately):
        assert _known(wish) == ("", "", "")
        may = wish_abilities(fresh(cast.chengxiang.secretary), again(wish))
        assert WishVerb.REJECT in may and not may & {WishVerb.EDIT, WishVerb.VERIFY, WishVerb.APPROVE}
    with pytest.raises(NotAllowed):
        wishes.approve_wish(pk=verified_lately.pk, by=fresh(cast.chengxiang.secretary), version=None)


def test_whoever_is_forgotten_is_forgotten_in_the_wish_too(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    wish = raised(cast.chengxiang)
    Wish.objects.filter(pk=wish.pk).update(need=need)
    wishes.withdraw_wish(pk=wish.pk, by=fresh(cast.chengxiang.worker), version=None, words="不用了")
    assert forget_households() == 0
    Need.objects.filter(pk=need.pk).update(phone_index="")
    assert forget_households() == 1
    assert _known(wish) == ("", "", "")


def test_whoever_takes_back_the_need_leaves_no_household_behind(cast: Cast) -> None:
    """Waiting to be verified: the household goes with the need, and its keepers hear that the wish is still there."""
    here = cast.chengxiang
    need = say_need(here.home)
    wish, other = raised(here), raised(here, item="一把椅子")
    Wish.objects.filter(pk=wish.pk).update(need=need)
    forget_one(need.number)
    assert not _left_open()
    withdraw(token=need.link_token)
    assert Need.objects.get(pk=need.pk).phone_index == ""
    told = _left_open()
    assert {(row.subject_label, row.channel) for row in told} == {(wish.number, Channel.INAPP)}
    assert {row.recipient_key for row in told} == {f"u:{here.worker.pk}", f"u:{here.secretary.pk}"}
    assert forget_households() == 1
    assert _known(wish) == ("", "", "") and all(_known(other))


def test_of_a_wish_that_is_over_nobody_is_told(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    wish = _over(cast.chengxiang, ago=timedelta(days=3))
    Wish.objects.filter(pk=wish.pk).update(need=need)
    withdraw(token=need.link_token)
    assert not _left_open()


def test_what_is_on_the_wall_stays_open_when_its_need_is_forgotten(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    wish = published(cast.chengxiang)
    Wish.objects.filter(pk=wish.pk).update(need=need)
    Need.objects.filter(pk=need.pk).update(ended_at=timezone.now() - timedelta(days=3 * 365))
    assert anonymise_old() == 1
    assert {row.subject_label for row in _left_open()} == {wish.number}
    assert forget_households() == 0 and all(_known(wish))


def _left_open() -> list[Message]:
    return list(Message.objects.filter(rule="needs.WishLeftOpen"))
