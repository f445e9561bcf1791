"""What volunteering hears from below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from people.models import Consent
from people.signals import consent_withdrawn
from volunteers.services.registering import NOTICE, leave_with_consent


@receiver(consent_withdrawn, dispatch_uid="volunteers.consent_withdrawn")
def consent_to_volunteer_was_withdrawn(consent: Consent, **kwargs: Any) -> None:
    if consent.notice.key == NOTICE:
        leave_with_consent(number=consent.source)
