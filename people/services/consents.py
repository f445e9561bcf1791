"""Notices and the consents given to them (PIPL 14–17: informed, voluntary, as easily withdrawn)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from alliance.lib.errors import NotFound
from people.models import Consent, PrivacyNotice


def current_notice(key: str) -> PrivacyNotice:
    """The newest published version of the notice ``key``. Raises ``NotFound``."""
    notice = PrivacyNotice.objects.filter(key=key).order_by("-version").first()
    if notice is None:
        raise NotFound
    return notice


@transaction.atomic
def record_consent(*, notice: PrivacyNotice, subject_key: str, source: str, channel: str, area_code: str) -> Consent:
    """Record that ``subject_key`` (``u:12`` or ``p:<digest of a phone>``) agreed to this very version.

    ``area_code`` is where; the audit administrators there see it.
    """
    return Consent.objects.create(
        notice=notice, subject_key=subject_key, source=source, channel=channel, area_code=area_code
    )


@transaction.atomic
def withdraw_consents(*, source: str) -> int:
    """Withdraw what was agreed for ``source``; returns how many consents that were."""
    return Consent.objects.filter(source=source, withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
