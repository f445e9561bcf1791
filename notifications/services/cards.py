"""Make cards, show them, take the one answer. The token exists only in the message that carries it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotFound, RuleBroken
from alliance.lib.privacy import blind_index
from alliance.lib.text import clean
from audit.services import record
from audit.states import Action
from notifications.cards import CardKind, CardPage, card_kind
from notifications.models import CardLink
from notifications.querysets import phone_key, user_key
from people.models import User
from people.services.limits import count, refuse_after

TOKEN_BYTES = 24
NOTE_LENGTH = 300
KEPT = timedelta(days=180)
MISSES, MISS_SECONDS = 30, 600


@dataclass(frozen=True)
class Shown:
    """A card with its kind and what it asks."""

    card: CardLink
    kind: CardKind
    page: CardPage

    @property
    def expired(self) -> bool:
        return self.card.expires_at <= timezone.now()


@transaction.atomic
def make_card(
    *,
    kind: str,
    subject: str,
    recipient: User | str,
    label: str = "",
    area_code: str = "",
    params: Mapping[str, Any] | None = None,
    expires_at: datetime | None = None,
) -> tuple[CardLink, str]:
    """A new card of ``kind`` about ``subject``, and its token, which goes into a message's secrets: nothing stores it.

    ``recipient`` is an account, or a phone as ``clean_phone`` gives it. ``label`` is for whom it is, as the page may
    say it to anybody who holds the link. An older open card of the same kind, subject and recipient is revoked: of
    two links only the newer one answers. Raises ``NotFound`` for an unknown kind, ``Conflict`` when made twice at once.
    """
    declared = card_kind(kind)
    if declared is None:
        raise NotFound
    now = timezone.now()
    to = user_key(recipient.pk) if isinstance(recipient, User) else phone_key(blind_index("phone", recipient))
    CardLink.objects.open().filter(kind=kind, subject=subject, recipient_key=to).update(revoked_at=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    card = CardLink(
        token_index=blind_index("card", token),
        kind=kind,
        subject=subject,
        recipient_key=to,
        area_code=area_code,
        label=label,
        params=dict(params or {}),
        created_at=now,
        expires_at=expires_at or now + declared.lasts,
    )
    try:
        with transaction.atomic():
            card.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict from error
    return card, token


def card_path(token: str) -> str:
    """Path of the card's page."""
    return reverse("notifications:card", args=[token])


def card_url(token: str) -> str:
    """Full address of the card's page; the path alone where the site does not know its own address."""
    return f"{settings.SITE_URL.rstrip('/')}{card_path(token)}"


def revoke_cards(*, kind: str, subject: str) -> int:
    """The question is settled otherwise: open cards of ``kind`` about ``subject`` end. Returns how many."""
    return CardLink.objects.open().filter(kind=kind, subject=subject).update(revoked_at=timezone.now())


def show_card(*, token: str, ip: str) -> Shown:
    """What the card behind ``token`` asks. Changes nothing: previews of links are fetched by robots.

    Raises ``NotFound`` for an unknown or revoked one, ``TooMany`` after many unknown ones from the same address.
    """
    return _shown(CardLink.objects.get(pk=_find(token, ip)))


def answer_card(*, token: str, value: str, note: str = "", ip: str = "") -> tuple[Shown, bool]:
    """Take the answer ``value``; returns the card and whether this was the answer that counts.

    Decided on the locked row, in one transaction with the owner's service: of many answers at once one counts, and
    the others see it. Raises ``NotFound``, ``TooMany``, ``Invalid``, ``RuleBroken`` (expired, or not wanted any
    more), and whatever the owner's service refuses with.
    """
    pk = _find(token, ip)
    with transaction.atomic():
        card = CardLink.objects.locked(pk)
        shown = _shown(card)
        if card.answered_at is not None:
            return shown, False
        note = _checked(shown, value, note)
        shown.kind.answer(card, value, note)
        card.answer, card.note, card.answered_at = value, note, timezone.now()
        card.save(update_fields=["answer", "note", "answered_at"])
        params = {"kind": card.kind, "answer": value}
        record(Action.CARD_ANSWERED, actor=None, subject=card.subject, area_code=card.area_code, params=params, ip=ip)
    return shown, True


def purge_cards() -> int:
    """Delete cards that ended half a year ago; what they changed stands with their owners. Returns how many."""
    deleted, _kinds = CardLink.objects.filter(expires_at__lt=timezone.now() - KEPT).delete()
    return deleted


def _find(token: str, ip: str) -> int:
    """The row behind ``token``. Only unknown tokens count against the address: a right one may be opened often."""
    refuse_after("card", ip, limit=MISSES, seconds=MISS_SECONDS)
    pk = CardLink.objects.filter(token_index=blind_index("card", token)).values_list("pk", flat=True).first()
    if pk is None:
        count("card", ip, seconds=MISS_SECONDS)
        raise NotFound
    return pk


def _shown(card: CardLink) -> Shown:
    kind = card_kind(card.kind)
    if card.revoked_at is not None or kind is None:
        raise NotFound
    return Shown(card, kind, kind.page(card))


def _checked(shown: Shown, value: str, note: str) -> str:
    """The note as it is kept. Raises ``RuleBroken``, ``Invalid``."""
    if shown.expired:
        raise RuleBroken(_("这个链接过期了，没有记下。要回复请打电话。"))
    if shown.page.closed_reason:
        raise RuleBroken(shown.page.closed_reason)
    refused: dict[str, list[Any]] = {}
    if value not in dict(shown.kind.options):
        refused["answer"] = [_("请选一项。")]
    note = clean(note)
    if note and not shown.kind.note_allowed:
        note = ""
    if len(note) > NOTE_LENGTH:
        refused["note"] = [_("留言最多%(n)s字，请写短一点。") % {"n": NOTE_LENGTH}]
    if refused:
        raise Invalid(refused)
    return note
