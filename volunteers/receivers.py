"""What volunteering hears from below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from people.models import Consent, User
from people.signals import consent_withdrawn
from resources.models import Booking
from resources.signals import booking_moved
from volunteers.services.behalf import SIGNUP, cancel_with_consent
from volunteers.services.registering import NOTICE, leave_with_consent
from volunteers.services.venue import booking_has_moved


@receiver(consent_withdrawn, dispatch_uid="volunteers.consent_withdrawn")
def consent_to_volunteer_was_withdrawn(consent: Consent, by: User, **kwargs: Any) -> None:
    if consent.notice.key == NOTICE:
        leave_with_consent(number=consent.source)
    elif consent.source.startswith(f"{SIGNUP}:"):
        cancel_with_consent(source=consent.source, by=by)


@receiver(booking_moved, dispatch_uid="volunteers.booking_moved")
def booking_of_a_day_moved(sender: Any, booking: Booking, verb: str, by: User | None, **kwargs: Any) -> None:
    if booking.subject.startswith("slot:"):
        booking_has_moved(booking=booking, verb=verb, by=by)
