"""A household stays with its wish for a year after the end, or until the need it came from is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from claims.models import Offer
from needs.models import Need, Wish
from needs.services import wishes
from needs.services.wish_retention import KEEP, forget_households
from needs.services.wish_stages import may_reopen
from tests.cast import Cast, fresh, say_need
from tests.needs.wishing import again, published, raised


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
    old = raised(cast.chengxiang, item="一盏旧灯")
    Wish.objects.filter(pk=old.pk).update(created_at=timezone.now() - KEEP * 2)
    assert forget_households() == 0
    assert all(_known(lately)) and all(_known(old))


def test_whoever_is_forgotten_is_forgotten_in_the_wish_too(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    wish = raised(cast.chengxiang)
    Wish.objects.filter(pk=wish.pk).update(need=need)
    wishes.withdraw_wish(pk=wish.pk, by=fresh(cast.chengxiang.worker), version=None, words="不用了")
    assert forget_households() == 0
    Need.objects.filter(pk=need.pk).update(phone_index="")
    assert forget_households() == 1
    assert _known(wish) == ("", "", "")
