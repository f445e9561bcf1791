"""Notices and the consents given to them (PIPL 14–17: informed, voluntary, as easily withdrawn)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotFound, RuleBroken
from alliance.lib.registry import contributions
from people.models import Consent, PrivacyNotice, User
from people.querysets import ConsentQuerySet
from people.signals import consent_withdrawn


def current_notice(key: str) -> PrivacyNotice:
    """The newest published version of the notice ``key``. Raises ``NotFound``."""
    notice = PrivacyNotice.objects.filter(key=key).order_by("-version").first()
    if notice is None:
        raise NotFound
    return notice


def publish_default(
    key: str, title: str, summary: list[str], sections: list[dict[str, Any]], *, before: Collection[str] = ()
) -> None:
    """The notice a new installation starts with. Where it still says word for word what an earlier release said
    (``before``: ``notice_digest`` of those texts), this becomes its next version; a street's own words stay.
    """
    newest = PrivacyNotice.objects.filter(key=key).order_by("-version").first()
    if newest is not None and notice_digest(newest.summary, newest.sections) not in before:
        return
    version = newest.version + 1 if newest else 1
    PrivacyNotice.objects.create(key=key, version=version, title=title, summary=summary, sections=sections)


def notice_digest(summary: Any, sections: Any) -> str:
    """By what the text of a notice is known again."""
    text = json.dumps([summary, sections], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def record_consent(*, notice: PrivacyNotice, subject_key: str, source: str, channel: str, area_code: str) -> Consent:
    """Record that ``subject_key`` (``u:12`` or ``p:<digest of a phone>``) agreed to this very version.

    ``area_code`` is where; the audit administrators there see it.
    """
    return Consent.objects.create(
        notice=notice, subject_key=subject_key, source=source, channel=channel, area_code=area_code
    )


def consents_of(user: User) -> ConsentQuerySet:
    """What ``user`` agreed to; older things, too, that the apps above know to be theirs (``my.sources``: user →
    sources)."""
    rows: ConsentQuerySet = Consent.objects.own(user, [one for add in contributions("my.sources") for one in add(user)])
    return rows


@transaction.atomic
def withdraw_own(*, pk: int, by: User) -> Consent:
    """Take one's own consent back; what follows from it the apps above hear (``consent_withdrawn``).

    A second time changes nothing. Raises ``NotFound`` for another's, and ``RuleBroken`` for the account's own: without
    it there is no account, and it is taken back by deleting the account.
    """
    mine = consents_of(by).filter(pk=pk)
    if not mine.exists():
        raise NotFound
    if mine.filter(subject_key=f"u:{by.pk}", source=f"u:{by.pk}").exists():
        raise RuleBroken(_("撤回这一条，就是删除账号：请用“删除我的信息”。"))
    withdraw_all(mine, by=by)
    return mine.get()


@transaction.atomic
def withdraw_all(consents: ConsentQuerySet, *, by: User) -> int:
    """Date those of ``consents`` that still hold as withdrawn; returns how many.

    Said before it is written: a need is locked before its consent, here as when the need itself is withdrawn.
    """
    held = list(consents.filter(withdrawn_at__isnull=True).select_related("notice").order_by("pk"))
    for consent in held:
        consent_withdrawn.send(Consent, consent=consent, by=by)
    keys = [consent.pk for consent in held]
    return Consent.objects.filter(pk__in=keys, withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())


@transaction.atomic
def withdraw_consents(*, source: str) -> int:
    """Withdraw what was agreed for ``source``; returns how many consents that were."""
    return Consent.objects.filter(source=source, withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
