"""An errand ends with its need: taken back by the resident, declined, or done another way.

Its offer is held **before** the need is locked, as everywhere (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone

from claims.models import Claim, Offer
from claims.services import confirm, hold_offer_of, lock_with_offer, withdraw_offer
from claims.states import ON_THE_WAY, ClaimState, OfferState
from needs.messages.errand_off import called_off
from needs.models import Errand, Need
from needs.services.hands import account_of
from needs.services.limits import default_done_by
from needs.wording.errands import ERRAND, NOT_WANTED
from notifications.messages import source_text
from notifications.services import queue
from people.models import User

KIND = ERRAND


def subject_of(need_pk: int) -> str:
    """What the offer is about: one errand at a time for one need."""
    return f"{KIND}:{need_pk}"


def hold_errand(need_pk: int) -> Offer | None:
    """The offer of the need's errand, locked, if one is out; for a need that is not locked yet."""
    return hold_offer_of(subject_of(need_pk))


def need_with_errand_held(need_pk: int, lock: Callable[[], Need]) -> tuple[Need, Offer | None]:
    """The need as ``lock`` locks it, and the offer of its errand, locked **before** it, if one is out.

    For whoever publishes or may end an errand. Raises what ``lock`` raises.
    """
    return lock_with_offer(subject_of(need_pk), lock)


def usual_end(need: Need, errand: Errand | None, claim: Claim | None) -> date:
    """The day proposed to the resident for the end: as of every need, or sooner where an errand is to be there sooner.

    ``errand``: the one that is out, with its offer; ``claim``: whoever has it.
    """
    usual = default_done_by(need)
    if errand is None:
        return usual
    ends = (claim.deliver_by if claim else None) or errand.offer.closes_at
    last = timezone.localdate(ends - timedelta(microseconds=1)) if ends else usual
    return max(min(usual, last), timezone.localdate())


def call_off(offer: Offer | None, *, by: User | None = None, noted_by: User | None = None) -> None:
    """The need goes another way: the errand (from ``need_with_errand_held``) is taken down, whoever has it is told.
    What is said to be there is confirmed, under whoever of the office took the step (``noted_by``, ``by``).

    So is the resident, who waits for somebody at the door, where ``by`` goes on with the need another way: of an end
    they read with the end itself.
    """
    if offer is None:
        return
    brought = Claim.objects.filter(offer=offer, state=ClaimState.AWAITING).values_list("pk", flat=True)
    for pk in brought:  # it was brought, whatever else happened to the need
        confirm(claim_id=pk, by=None, noted_by=noted_by or by)
    offer.refresh_from_db(fields=("state",))
    if offer.state != OfferState.OPEN:
        return
    run = Claim.objects.filter(offer=offer, state__in=ON_THE_WAY).values_list("pk", flat=True).first()
    withdraw_offer(pk=offer.pk, by=by, why=source_text(NOT_WANTED), release=True)
    if by is not None and run is not None:
        need = Need.objects.get(errands__offer=offer)
        message = called_off(need)
        queue(message, occurrence=f"{need.number}:{run}", users=account_of(need), phones=[need.contact_phone])
