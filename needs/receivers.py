"""What needs hear from below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from claims.models import Claim, Offer
from claims.signals import claim_moved, offer_ended
from deadlines.models import Stage
from deadlines.signals import stage_moved
from members.models import MemberUnit
from members.signals import unit_suspended
from needs.services import errand_following, limits, wish_following
from needs.services.errand_ends import KIND as ERRAND
from needs.services.mine import forget_one
from needs.services.unit_suspended import tell_who_waits
from needs.states import PROMISES
from people.models import Consent, User
from people.signals import consent_withdrawn


@receiver(consent_withdrawn, dispatch_uid="needs.consent_withdrawn")
def consent_was_withdrawn(consent: Consent, **kwargs: Any) -> None:
    if consent.notice.key == "need":
        forget_one(consent.source)


@receiver(stage_moved)
def promised_day_moved(sender: Any, stage: Stage, why: str, **kwargs: Any) -> None:
    """A day was decreed working or free, and with it the day a reply or the end was promised for."""
    if stage.kind in PROMISES and why == "calendar":
        limits.follow_calendar(stage)


@receiver(claim_moved, dispatch_uid="needs.wish_claim_moved")
def claim_of_a_wish_moved(
    sender: Any, claim: Claim, offer: Offer, verb: str, by: User | None, note: str = "", **kwargs: Any
) -> None:
    if offer.kind == "wish":
        wish_following.claim_has_moved(claim=claim, offer=offer, verb=verb, by=by, note=note)


@receiver(offer_ended, dispatch_uid="needs.wish_offer_ended")
def offer_of_a_wish_ended(sender: Any, offer: Offer, why: str, **kwargs: Any) -> None:
    if offer.kind == "wish":
        wish_following.offer_has_ended(offer=offer, why=why)


@receiver(claim_moved, dispatch_uid="needs.errand_claim_moved")
def claim_of_an_errand_moved(
    sender: Any, claim: Claim, offer: Offer, verb: str, by: User | None, **kwargs: Any
) -> None:
    if offer.kind == ERRAND:
        errand_following.errand_has_moved(claim=claim, offer=offer, verb=verb, by=by)


@receiver(offer_ended, dispatch_uid="needs.errand_offer_ended")
def offer_of_an_errand_ended(sender: Any, offer: Offer, why: str, by: User | None, **kwargs: Any) -> None:
    if offer.kind == ERRAND:
        errand_following.errand_has_ended(offer=offer, why=why, by=by)


@receiver(unit_suspended, dispatch_uid="needs.unit_suspended")
def unit_was_suspended(sender: Any, unit: MemberUnit, by: User, **kwargs: Any) -> None:
    tell_who_waits(unit=unit, by=by)
