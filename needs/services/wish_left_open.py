"""A need ends or its person is forgotten while its wish goes on: whoever keeps the wish hears of it."""

from __future__ import annotations

from collections.abc import Iterable

from needs.messages import wishes as messages
from needs.models import Need, Wish
from needs.services.wish_people import wish_keepers
from needs.services.wish_stages import stage_of
from needs.states.wish import WishStage
from notifications.services import queue

STILL_OPEN = (WishStage.TO_VERIFY, WishStage.OPEN, WishStage.UNDER_WAY)


def tell_of_open_wishes(needs: Iterable[Need]) -> None:
    """Tell the keepers of wishes that came from ``needs``, locked rows, and are still open; once for each wish."""
    keys = [need.pk for need in needs]
    wishes = Wish.objects.filter(need__in=keys).select_related("area", "offer", "raised_by", "verified_by")
    for wish in wishes.order_by("pk"):
        if stage_of(wish) in STILL_OPEN:
            message = messages.about(messages.WishLeftOpen, wish)
            queue(message, occurrence=wish.number, users=wish_keepers(wish))
