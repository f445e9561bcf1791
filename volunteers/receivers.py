"""What volunteering hears from below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from claims.models import Claim, Offer
from claims.signals import claim_moved, offer_ended
from claims.states import Verb
from needs.models import Errand
from needs.services.errand_ends import KIND as ERRAND
from needs.signals import errand_published
from people.models import Consent, User
from people.signals import consent_withdrawn
from resources.models import Booking
from resources.signals import booking_moved
from volunteers.services import section_turns
from volunteers.services.behalf import SIGNUP, cancel_with_consent
from volunteers.services.errand_calls import call_nearby, not_wanted
from volunteers.services.photo_consents import NOTICE as PHOTOS
from volunteers.services.photo_consents import ended_with_consent
from volunteers.services.registering import NOTICE, leave_with_consent
from volunteers.services.venue import booking_has_moved


@receiver(consent_withdrawn, dispatch_uid="volunteers.consent_withdrawn")
def consent_to_volunteer_was_withdrawn(consent: Consent, by: User, **kwargs: Any) -> None:
    if consent.notice.key == NOTICE:
        leave_with_consent(number=consent.source)
    elif consent.source.startswith(f"{SIGNUP}:"):
        cancel_with_consent(source=consent.source, by=by)
    elif consent.notice.key == PHOTOS:
        ended_with_consent(source=consent.source)


@receiver(booking_moved, dispatch_uid="volunteers.booking_moved")
def booking_of_a_day_moved(sender: Any, booking: Booking, verb: str, by: User | None, **kwargs: Any) -> None:
    if booking.subject.startswith("slot:"):
        booking_has_moved(booking=booking, verb=verb, by=by)


@receiver(errand_published, dispatch_uid="volunteers.errand_published")
def errand_is_offered_near_by(sender: Any, errand: Errand, **kwargs: Any) -> None:
    call_nearby(errand)


@receiver(claim_moved, dispatch_uid="volunteers.errand_taken")
def errand_was_taken(sender: Any, offer: Offer, verb: str, **kwargs: Any) -> None:
    if offer.kind == ERRAND and verb == Verb.CLAIM:
        not_wanted(offer)


@receiver(claim_moved, dispatch_uid="volunteers.section_moved")
def section_has_moved(sender: Any, claim: Claim, offer: Offer, verb: str, by: User | None, **kwargs: Any) -> None:
    section_turns.claim_has_moved(claim=claim, offer=offer, verb=verb, by=by)


@receiver(offer_ended, dispatch_uid="volunteers.section_ended")
def section_is_free(sender: Any, offer: Offer, why: str, **kwargs: Any) -> None:
    section_turns.offer_has_ended(offer=offer, why=why)


@receiver(offer_ended, dispatch_uid="volunteers.errand_ended")
def errand_is_over(sender: Any, offer: Offer, **kwargs: Any) -> None:
    if offer.kind == ERRAND:
        not_wanted(offer)
