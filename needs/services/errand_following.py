"""An errand hears what becomes of its offer: the clock of the first claim, word to the community and the resident.

Called inside the transaction of the claim, with the offer locked; the need is locked after it, and only where the
errand is done.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import RuleBroken
from claims.models import Claim, Offer
from claims.states import Ending, Verb
from needs.messages import errands as messages
from needs.models import Errand, Need
from needs.services import errand_clock, errand_confirm
from needs.services.errand_settling import settle_claim, settle_waiting
from needs.services.finishing import finish_locked
from needs.services.hands import account_of, others, senders
from needs.services.thanking import thank_for_errand
from needs.states import State
from notifications.messages import MessageClass, in_source_language
from notifications.services import queue
from people.models import User

TOLD: dict[str, type[MessageClass]] = {
    Verb.CLAIM: messages.ErrandTaken,
    Verb.DELIVER: messages.ErrandDelivered,
    Verb.NOT_THERE: messages.ErrandNotThere,
    Verb.RETURN: messages.ErrandBack,
    Verb.EXPIRE: messages.ErrandBack,
}
"""What whoever published it reads of a step."""


def _errand(offer: Offer) -> Errand:
    rows = Errand.objects.select_related("need__area", "need__holder", "by").defer("handover")
    errand: Errand = rows.get(offer=offer)
    errand.offer = offer
    return errand


def errand_has_moved(*, claim: Claim, offer: Offer, verb: str, by: User | None) -> None:
    """Tell whoever waits. Raises ``RuleBroken`` for a claim of something that is not wanted any more."""
    errand = _errand(offer)
    need = errand.need
    settle_claim(claim)
    if verb == Verb.CLAIM:
        if not need.is_open:
            raise RuleBroken(_("这件事刚刚不用跑了。谢谢您，可以看看别的。"))
        errand_clock.taken(errand, claim.claimed_at)
        settle_waiting(errand, errand_clock.ERRAND_TAKE)
        _tell_resident(need, claim)
    if verb == Verb.DELIVER:
        errand_confirm.await_confirmation(errand, claim)
    if verb == Verb.CONFIRM:
        _finish(need.pk, by, errand.what)  # the need before any clock, as whoever counts them again does
    if verb in (Verb.CONFIRM, Verb.NOT_THERE):
        errand_confirm.looked_after(claim)
    if verb == Verb.CONFIRM:
        thank_for_errand(claim, errand)
        return
    if verb in TOLD and not _is_over(offer, verb):
        occurrence = f"{offer.label}:{claim.pk}:{claim.version}"
        queue(messages.about(TOLD[verb], need), occurrence=occurrence, users=others(_keepers(errand), by))


def _finish(need_pk: int, by: User | None, what: str) -> None:
    """It has arrived, so the need is done, and the resident is asked; unless it has gone another way meanwhile."""
    need: Need = Need.objects.locked(need_pk)
    if need.state == State.IN_PROGRESS:
        finish_locked(need, by=by, words=in_source_language(_("“%(what)s”送到了。"), {"what": what}))


def _is_over(offer: Offer, verb: str) -> bool:
    """Given back after the time is over: nobody can take it any more, and ``errand_has_ended`` says so."""
    return verb in (Verb.RETURN, Verb.EXPIRE) and offer.closes_at is not None and offer.closes_at <= offer.now


def errand_has_ended(*, offer: Offer, why: str, by: User | None) -> None:
    """Nobody needs to know where to hand it over any more. What was not done in time is told."""
    errand = _errand(offer)
    Errand.objects.filter(pk=errand.pk).update(handover="")
    settle_waiting(errand, errand_clock.ERRAND_TAKE)
    if why == Ending.WITHDRAWN:
        errand_clock.called_off(errand)
    elif why == Ending.LAPSED:
        errand_clock.taken(errand, offer.closes_at or offer.now)
        message = messages.about(messages.ErrandLapsed, errand.need)
        queue(message, occurrence=offer.label, users=others(_keepers(errand), by))


def _keepers(errand: Errand) -> list[User]:
    """Whoever published it, whoever answers for the need, and the office that sent it out."""
    need = errand.need
    own = [errand.by, *([need.holder] if need.holder else [])]
    return list(dict.fromkeys([*own, *senders(errand)]))


def _tell_resident(need: Need, claim: Claim) -> None:
    message = messages.on_the_way(need, claim.deliver_by or claim.offer.closes_at)
    queue(message, occurrence=f"{need.number}:{claim.pk}", users=account_of(need), phones=[need.contact_phone])
