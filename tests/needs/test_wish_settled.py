"""A notice about a wish is marked read for everybody once what it asks for is done, or wanted no more."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from claims.services import steps
from needs.services import wishes
from needs.services.wish_fields import checked
from needs.services.wishes import store_once
from notifications.models import Message
from tests.cast import Cast, fresh, say_need
from tests.needs.wishing import published, taken, typed

pytestmark = pytest.mark.django_db
RULES: Any = Message.objects


def _unread(rule: str) -> int:
    return RULES.filter(rule=f"needs.{rule}", state="sent", channel="inapp").count()


def test_a_notice_is_settled_once_what_it_asks_for_is_done(cast: Cast) -> None:
    here = cast.chengxiang
    wish = published(here, shares=2)
    back = taken(here, wish)
    steps.return_claim(claim_id=back.pk, by=fresh(here.liaison), note="买不到")
    assert _unread("WishReturned") == 2 and _unread("WishClaimed") == 0
    claim = taken(here, wish)
    steps.send(claim_id=claim.pk, by=fresh(here.liaison))
    assert _unread("WishClaimed") == 0 and _unread("WishSent") == 2
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison))
    assert _unread("WishSent") == 0 and _unread("WishDelivered") == 2
    steps.not_there(claim_id=claim.pk, by=fresh(here.worker), note="还没看到")
    assert _unread("WishDelivered") == 0
    steps.deliver(claim_id=claim.pk, by=fresh(here.liaison))
    assert _unread("WishDelivered") == 2
    steps.confirm(claim_id=claim.pk, by=fresh(here.worker))
    # One share is still to be had: that somebody gave it back may still want a look.
    assert _unread("WishDelivered") == 0 and _unread("WishReturned") == 2
    last = taken(here, wish)
    steps.deliver(claim_id=last.pk, by=fresh(here.liaison))
    steps.confirm(claim_id=last.pk, by=fresh(here.worker))
    assert _unread("WishReturned") == 0 and _unread("WishDelivered") == 0


def test_a_withdrawn_wish_asks_nobody_for_anything(cast: Cast) -> None:
    here = cast.chengxiang
    said = say_need(here.home)
    by_street = store_once(
        client_key=uuid4(),
        by=fresh(here.clerk),
        community=here.home,
        found=checked(typed(), seen_warnings=""),
        need=said,
    )
    back = published(here)
    claim = taken(here, back)
    steps.return_claim(claim_id=claim.pk, by=fresh(here.liaison), note="买不到")
    assert _unread("WishRaised") and _unread("WishReturned")
    for wish in (by_street, back):
        wishes.withdraw_wish(pk=wish.pk, by=fresh(here.worker), version=None, words="家里买了")
    assert not _unread("WishRaised") and not _unread("WishReturned")
