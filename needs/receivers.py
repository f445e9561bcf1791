"""What needs hear from below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from deadlines.models import Stage
from deadlines.signals import stage_moved
from needs.services import limits
from needs.services.mine import forget_one
from needs.states import REPLY
from people.models import Consent
from people.signals import consent_withdrawn


@receiver(consent_withdrawn, dispatch_uid="needs.consent_withdrawn")
def consent_was_withdrawn(consent: Consent, **kwargs: Any) -> None:
    if consent.notice.key == "need":
        forget_one(consent.source)


@receiver(stage_moved)
def promised_day_moved(sender: Any, stage: Stage, why: str, **kwargs: Any) -> None:
    """A day was decreed working or free, and with it the day a reply was promised for."""
    if stage.kind == REPLY and why == "calendar":
        limits.follow_calendar(stage)
