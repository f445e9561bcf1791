"""What the outbox knows about a person: to be handed out, and to be emptied."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from notifications.cards import card_kind
from notifications.messages import label_of, wording
from notifications.models import CardLink, Message, Preference, QuietHours
from notifications.querysets import phone_key, user_key
from notifications.services.ending import DONE
from notifications.states import Reason, State
from people.models import User

NEWEST = 1000


def sent_to(user: User) -> Q:
    """The condition that a message or card was meant for ``user``: for the account, or for the phone since it is
    theirs (``phone_since``)."""
    mine = Q(recipient_key=user_key(user.pk))
    if user.phone_index:
        mine |= Q(recipient_key=phone_key(user.phone_index), created_at__gte=user.phone_since)
    return mine


def own_data(user: User) -> dict[str, Any]:
    """Notices and deliveries of ``user`` and the cards sent to them, newest first, as plain values."""
    rows = Message.objects.filter(sent_to(user)).order_by("-created_at", "-id")[:NEWEST]
    cards = CardLink.objects.filter(sent_to(user)).order_by("-created_at", "-id")[:NEWEST]
    return {"messages": [_message(row) for row in rows], "cards": [_card(card) for card in cards]}


@transaction.atomic
def erase_own(user: User) -> int:
    """Empty what messages and cards say about ``user``; call off what is on its way. Returns how many rows.

    That something was sent, when and what became of it stays, without address and words: neither the phone's digest
    nor what it was about, so that nothing joins the two.
    """
    mine = sent_to(user)
    waiting = Message.objects.filter(mine, state=State.WAITING)
    waiting.update(state=State.MISSED, last_error=Reason.ERASED, **DONE)
    empty: dict[str, Any] = {"title": "", "body": "", "params": {}, "subject_label": "", "url": "", "own_text": True}
    empty |= {"occurrence": Concat(Value("erased:"), Cast("pk", CharField())), "recipient_key": user_key(user.pk)}
    emptied = Message.objects.filter(mine).update(**empty)
    CardLink.objects.open().filter(mine).update(revoked_at=timezone.now())
    key = user_key(user.pk)
    for wanted in (Preference, QuietHours):
        wanted.objects.filter(recipient_key=key).delete()
    return emptied + CardLink.objects.filter(mine).update(label="", note="", params={}, recipient_key=key)


def _message(row: Message) -> dict[str, Any]:
    title, body = wording(row)
    return {
        "at": row.created_at.isoformat(),
        "kind": label_of(row),
        "channel": row.get_channel_display(),
        "state": row.get_state_display(),
        "about": row.subject_label,
        "title": title,
        "text": body,
    }


def _card(card: CardLink) -> dict[str, Any]:
    kind = card_kind(card.kind)
    return {
        "at": card.created_at.isoformat(),
        "kind": str(kind.label) if kind else card.kind,
        "about": card.subject,
        "for": card.label,
        "answered_at": card.answered_at.isoformat() if card.answered_at else "",
        "answer": kind.label_of(card.answer) if kind and card.answer else card.answer,
        "note": card.note,
    }
