"""What a wish has come to, read from its offer: 待认领, 圆梦中, 已圆梦, 到期未认领 are stored nowhere."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from claims.states import OfferState
from needs.models import Wish
from needs.states.wish import WishStage, WishState


def stage_of(wish: Wish, now: datetime | None = None) -> WishStage:
    """The word people read. A wish of several shares is 待认领 until the last share is taken.

    Asks no database where ``wish.offer`` is loaded.
    """
    if wish.state != WishState.PUBLISHED or wish.offer is None:
        return WishStage(wish.state)
    offer = wish.offer
    in_time = offer.closes_at is None or offer.closes_at > (now or timezone.now())
    if offer.state == OfferState.OPEN and in_time and offer.left:
        return WishStage.OPEN
    if offer.taken > offer.done:
        return WishStage.UNDER_WAY
    return WishStage.FULFILLED if offer.done else WishStage.UNCLAIMED


def may_reopen(wish: Wish, now: datetime | None = None) -> bool:
    """Whether a new window makes sense: the last one is over, nobody has a share, and one is left."""
    over = stage_of(wish, now) in (WishStage.UNCLAIMED, WishStage.FULFILLED)
    return over and wish.forgotten_at is None and wish.offer is not None and wish.offer.done < wish.offer.shares


def may_withdraw(wish: Wish, now: datetime | None = None) -> bool:
    """What is fulfilled stays."""
    return stage_of(wish, now) != WishStage.FULFILLED
