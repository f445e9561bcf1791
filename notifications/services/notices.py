"""One's own inbox."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from alliance.lib import pagination
from alliance.lib.errors import NotFound
from alliance.lib.pagination import Page
from notifications.messages import MessageClass, wording
from notifications.models import Message
from notifications.states import Channel, State
from people.models import User

UNREAD_CAP = 100


@dataclass(frozen=True)
class Notice:
    """A row of the inbox in the language in use."""

    pk: int
    title: str
    body: str
    url: str
    subject: str
    when: datetime
    unread: bool


def inbox(user: User, cursor: str = "", *, size: int = 25) -> Page:
    """A page of ``Notice``, newest first. Raises ``Invalid`` for a broken cursor."""
    page = pagination.page(Message.objects.inbox_of(user), cursor=cursor, size=size)
    return Page([_notice(row) for row in page.rows], page.next_cursor)


def latest_unread(user: User, count: int = 5) -> list[Notice]:
    """The newest unread notices."""
    rows = Message.objects.inbox_of(user).unread().order_by("-created_at", "-id")[:count]
    return [_notice(row) for row in rows]


def latest(user: User, count: int = 3) -> list[Notice]:
    """The newest notices, read or not."""
    rows = Message.objects.inbox_of(user).order_by("-created_at", "-id")[:count]
    return [_notice(row) for row in rows]


def unread_count(user: User) -> int:
    """How many notices are unread, counted no further than 101: the page shows "99+"."""
    return pagination.capped_count(Message.objects.inbox_of(user).unread(), UNREAD_CAP)


@transaction.atomic
def mark_read(user: User, pk: int | None = None) -> int:
    """Mark one notice, or all, as read; returns how many were not. Raises ``NotFound`` for another's."""
    mine = Message.objects.inbox_of(user)
    if pk is not None:
        mine = mine.filter(pk=pk)
        if not mine.exists():
            raise NotFound
    return mine.unread().update(state=State.READ, read_at=timezone.now())


def retire(message: type[MessageClass], *, occurrence: str, and_parts: bool = False) -> int:
    """What was news of ``occurrence`` is news no more, for anybody: mark it read. Returns how many notices.

    ``and_parts``: also of every occurrence that begins with it and a space (a reminder has its day there).
    """
    named = (
        Q(occurrence=occurrence) | Q(occurrence__startswith=f"{occurrence} ") if and_parts else Q(occurrence=occurrence)
    )
    rows = Message.objects.filter(named, rule=message.rule, channel=Channel.INAPP, state=State.SENT)
    return rows.update(state=State.READ, read_at=timezone.now())


def retire_all(message: type[MessageClass], *, occurrences: Collection[str]) -> int:
    """As ``retire``, of several occurrences at once."""
    rows = Message.objects.filter(rule=message.rule, occurrence__in=occurrences)
    return rows.filter(channel=Channel.INAPP, state=State.SENT).update(state=State.READ, read_at=timezone.now())


def first_said(message: type[MessageClass], *, occurrences: Collection[str]) -> dict[str, datetime]:
    """When ``message`` was first said of each of ``occurrences``, where it was."""
    rows = Message.objects.filter(rule=message.rule, occurrence__in=occurrences).order_by()
    return dict(rows.values_list("occurrence").annotate(at=Min("created_at")))


def _notice(row: Message) -> Notice:
    title, body = wording(row)
    return Notice(row.pk, title, body, row.url, row.subject_label, row.created_at, row.state == State.SENT)
