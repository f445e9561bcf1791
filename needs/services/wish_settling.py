"""What a notice about a wish asks for is done, or wanted no more: it is news for nobody, and marked read."""

from __future__ import annotations

from claims.models import Claim
from needs.messages import wishes as messages
from needs.models import Wish
from needs.states.wish import WishVerb
from notifications.messages import MessageClass
from notifications.services import retire

OF_CLAIM: dict[str, type[MessageClass]] = {
    WishVerb.CLAIMED: messages.WishClaimed,
    WishVerb.SENT: messages.WishSent,
    WishVerb.DELIVERED: messages.WishDelivered,
}
"""What each step of a claim asks of the keepers, until the next one."""
TO_DECIDE: dict[str, type[MessageClass]] = {WishVerb.VERIFY: messages.WishToApprove}
OPEN_AGAIN: dict[str, type[MessageClass]] = {
    WishVerb.LAPSED: messages.WishLapsed,
    WishVerb.RETURNED: messages.WishReturned,
}


def settle_claim(wish: Wish, claim: Claim) -> None:
    """``claim`` goes a step on: what its steps until now asked for is nobody's to do any more."""
    _settle(wish, OF_CLAIM, params__claim=claim.pk)


def settle_asking(wish: Wish) -> None:
    """Nobody is to ask the household any more."""
    retire(messages.WishRaised, occurrence=wish.number)


def settle_decision(wish: Wish) -> None:
    """Nobody is to say yes or no any more."""
    _settle(wish, TO_DECIDE)


def settle_open(wish: Wish) -> None:
    """Nobody is to find out how it goes on: it is published again, taken back, or everything was brought."""
    _settle(wish, OPEN_AGAIN)


def _settle(wish: Wish, asking: dict[str, type[MessageClass]], **of: int) -> None:
    for event in wish.events.filter(verb__in=asking, **of):
        retire(asking[event.verb], occurrence=f"{wish.number}:{event.pk}")
