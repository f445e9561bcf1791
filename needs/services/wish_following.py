"""A wish hears what becomes of its offer: a line in its history, and word to those who keep it.

Called inside the transaction of the claim, with the offer locked: nothing here locks a wish (``wishes``).
"""

from __future__ import annotations

from typing import Any

from claims.models import Claim, Offer
from claims.states import Ending, Verb
from needs.messages import wishes as messages
from needs.models import Wish
from needs.services import wish_limits
from needs.services.thanking import thank_for_wish
from needs.services.wish_claimed import wish_was_claimed
from needs.services.wish_people import wish_keepers
from needs.services.wish_settling import settle_claim, settle_open
from needs.states.wish import WishVerb
from notifications.messages import MessageClass
from notifications.services import queue
from people.models import User

OFFER_KIND = "wish"
STEPS: dict[str, tuple[WishVerb, type[MessageClass] | None]] = {
    Verb.SEND: (WishVerb.SENT, messages.WishSent),
    Verb.DELIVER: (WishVerb.DELIVERED, messages.WishDelivered),
    Verb.NOT_THERE: (WishVerb.NOT_THERE, None),
    Verb.CONFIRM: (WishVerb.FULFILLED, messages.WishFulfilled),
    Verb.RETURN: (WishVerb.RETURNED, messages.WishReturned),
    Verb.RELEASE: (WishVerb.RETURNED, messages.WishReturned),
    Verb.EXPIRE: (WishVerb.RETURNED, messages.WishReturned),
}
"""What each step of a claim after the first is to the wish, and what its keepers are told."""


def wish_of(offer: Offer) -> Wish | None:
    """The wish an offer is about, also where a later offer has taken its place."""
    kind, _sep, key = offer.subject.partition(":")
    if kind != OFFER_KIND or not key.isdigit():
        return None
    return Wish.objects.select_related("area", "raised_by", "verified_by", "need__holder").filter(pk=int(key)).first()


def claim_has_moved(*, claim: Claim, offer: Offer, verb: str, by: User | None, note: str = "") -> None:
    """Write down what happened to a claim of a wish, and tell its keepers, except whoever did it."""
    if verb == Verb.CLAIM:
        wish_was_claimed(pk=int(offer.subject.partition(":")[2]), claim=claim, offer=offer, by=by)
        return
    wish = wish_of(offer)
    if wish is None or verb not in STEPS:
        return
    step, notice = STEPS[verb]
    settle_claim(wish, claim)
    claimer = claim.unit if claim.unit_id else claim.person
    event = _write(wish, step, by, note, {"claimer": str(claimer) if claim.unit_id else "", "claim": claim.pk})
    if verb == Verb.DELIVER:
        wish_limits.await_confirmation(wish, claim)
    elif verb in (Verb.CONFIRM, Verb.NOT_THERE):
        wish_limits.looked_after(claim)
    if verb == Verb.CONFIRM and offer.done == offer.shares:
        settle_open(wish)
    if notice:
        users = [user for user in wish_keepers(wish) if by is None or user.pk != by.pk]
        queue(messages.about(notice, wish), occurrence=f"{wish.number}:{event}", users=users)
    if verb == Verb.CONFIRM and wish.need and wish.need.holder and wish.need.is_open:
        queue(messages.of_need(wish.need, wish), occurrence=f"{wish.number}:{event}", users=[wish.need.holder])
    if verb == Verb.CONFIRM:
        thank_for_wish(claim, wish)


def offer_has_ended(*, offer: Offer, why: str) -> None:
    """The window passed and nothing was taken: the community may publish it again."""
    wish = wish_of(offer)
    if wish is None or why != Ending.LAPSED:
        return
    event = _write(wish, WishVerb.LAPSED, None, "", {"done": offer.done, "shares": offer.shares})
    queue(messages.about(messages.WishLapsed, wish), occurrence=f"{wish.number}:{event}", users=wish_keepers(wish))


def _write(wish: Wish, verb: WishVerb, by: User | None, note: str, params: dict[str, Any]) -> int:
    event = wish.write_event(verb=verb, actor=by, source=wish.state, target=wish.state, note=note, params=params)
    return event.pk
