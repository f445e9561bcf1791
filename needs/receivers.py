"""What needs hear from below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from needs.services.mine import forget_one
from people.models import Consent
from people.signals import consent_withdrawn


@receiver(consent_withdrawn, dispatch_uid="needs.consent_withdrawn")
def consent_was_withdrawn(consent: Consent, **kwargs: Any) -> None:
    if consent.notice.key == "need":
        forget_one(consent.source)
