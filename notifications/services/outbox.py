"""Queue messages: rows in the transaction of the change that causes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from alliance.lib.inserting import insert_new
from alliance.lib.privacy import blind_index
from alliance.lib.wake import wake
from notifications.channels import provider_of
from notifications.messages import MessageClass
from notifications.models import Message
from notifications.querysets import phone_key, user_key
from notifications.services.ending import DONE
from notifications.services.posting import rows_for, write_posts
from notifications.services.wording import OwnTexts, Wording, own_texts
from notifications.states import Channel, Part, Reason, State
from people.models import User

DELIVER_TASKS: dict[str, str] = {
    Channel.SMS: "notifications.deliver",
    Channel.EMAIL: "notifications.deliver_email",
}
Letter = tuple[MessageClass, str, Iterable[User]]
"""A message, its occurrence, and the accounts it is for."""
Start = datetime | Now
"""From when something may go out. Now is the database's, by which workers look: machines' own clocks may be ahead."""


@transaction.atomic(savepoint=False)
def queue(
    message: MessageClass,
    *,
    occurrence: str,
    users: Iterable[User] = (),
    phones: Iterable[str] = (),
    not_before: datetime | None = None,
) -> int:
    """Queue ``message`` once per recipient and channel; returns how many rows are new.

    ``occurrence`` says which happening of the rule this is (``"need 12 accepted"``): queueing it again, from
    however many processes, adds nothing. ``phones`` are digits as ``clean_phone`` gives them, whose owners
    have no inbox and get text messages only. Notices are in the inbox at commit; what leaves the house goes out
    after it, and not before ``not_before`` (now). A wording changed in the workbench takes the place of the
    class's; one that no longer fits is left aside, never in the way.
    """
    letter = (message, occurrence, users)
    write_posts(rows_for([(message, occurrence)]))
    return _write(list(_rows(letter, own_texts([message.rule]), not_before or Now(), phones)))


@transaction.atomic(savepoint=False)
def queue_many(letters: Iterable[Letter], *, not_before: datetime | None = None) -> int:
    """As ``queue`` for each of ``letters``, in a few statements for all of them; returns how many rows are new."""
    every, start = list(letters), not_before or Now()
    write_posts(rows_for([(message, occurrence) for message, occurrence, _users in every]))
    texts = own_texts(message.rule for message, _occurrence, _users in every)
    return _write([row for letter in every for row in _rows(letter, texts, start)])


@transaction.atomic
def call_off(message: type[MessageClass], *, subject_label: str) -> int:
    """What waits to go out about ``subject_label`` would not be true any more: it ends as missed. Returns how many.

    What a worker holds just now is left to the worker.
    """
    waiting = Message.objects.free().filter(rule=message.rule, subject_label=subject_label).order_by("pk")
    keys = list(waiting.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    return Message.objects.filter(pk__in=keys).update(state=State.MISSED, last_error=Reason.OVERTAKEN, **DONE)


def _rows(letter: Letter, texts: OwnTexts, start: Start, phones: Iterable[str] = ()) -> Iterator[Message]:
    """The rows of one message: a notice for each of its people, and whatever goes out."""
    message, occurrence, users = letter
    people = {user_key(user.pk): user for user in users if user.is_active}
    wording = Wording(message, texts)
    if Channel.INAPP in message.channels:
        yield from (_notice(message, occurrence, key, wording) for key in people)
    if Channel.SMS in message.channels:
        to = {key: user.phone for key, user in people.items()}
        known = set(to.values())
        to |= {phone_key(blind_index("phone", phone)): phone for phone in phones if phone and phone not in known}
        yield from _outward(Channel.SMS, message, occurrence, to, start, _sms(wording))
    if Channel.EMAIL in message.channels:
        # An address is given or not; whoever has the notice and gave none misses nothing.
        needed = Channel.INAPP not in message.channels
        to = {key: user.email for key, user in people.items() if user.email or needed}
        yield from _outward(Channel.EMAIL, message, occurrence, to, start, _email(message, wording))


def _write(rows: list[Message]) -> int:
    """Insert what is new, and ask the workers of its channels to look."""
    if not rows:
        return 0
    written = insert_new(rows, returning=("channel", "state"))
    for channel in sorted({channel for channel, state in written if state == State.WAITING}):
        wake(DELIVER_TASKS[channel])
    return len(written)


def _common(message: MessageClass, occurrence: str, recipient_key: str) -> dict[str, Any]:
    return {
        "rule": message.rule,
        "occurrence": occurrence,
        "recipient_key": recipient_key,
        "area_code": message.area_code,
        "subject_label": message.subject_label,
        "params": message.params,
        "at_once": message.urgent,
    }


def _notice(message: MessageClass, occurrence: str, recipient_key: str, wording: Wording) -> Message:
    now = timezone.now()
    return Message(
        **_common(message, occurrence, recipient_key),
        channel=Channel.INAPP,
        url=message.url,
        title=wording.of(Part.TITLE)[:120],
        body=wording.of(Part.BODY),
        own_text=wording.is_own(Part.TITLE) or wording.is_own(Part.BODY),
        state=State.SENT,
        sent_at=now,
        expires_at=now + message.lasts,
    )


def _sms(wording: Wording) -> dict[str, Any]:
    return {"text": wording.of(Part.SMS), "own_text": wording.is_own(Part.SMS)}


def _email(message: MessageClass, wording: Wording) -> dict[str, Any]:
    """Subject and text; below the text the address to go on at, if the site knows its own."""
    text = wording.of(Part.EMAIL_BODY)
    if message.url and settings.SITE_URL:
        text = f"{text}\n\n{settings.SITE_URL.rstrip('/')}{message.url}"
    own = wording.is_own(Part.EMAIL_SUBJECT) or wording.is_own(Part.EMAIL_BODY)
    return {"mail_subject": wording.of(Part.EMAIL_SUBJECT), "text": text, "own_text": own}


def _outward(
    channel: Channel,
    message: MessageClass,
    occurrence: str,
    addresses: dict[str, str],
    start: Start,
    content: dict[str, Any],
) -> Iterator[Message]:
    """One row per address. Where nothing can go out, the row says why and holds no address."""
    provider = provider_of(channel)
    closed = provider.closed()
    secrets = json.dumps(message.secrets, ensure_ascii=False)
    for recipient_key, address in addresses.items():
        row = Message(
            **_common(message, occurrence, recipient_key),
            channel=channel,
            state=State.MISSED,
            not_before=start,
            expires_at=start + message.lasts,
        )
        row.last_error = closed or provider.unreachable(address)
        if not row.last_error:
            row.state, row.address, row.secrets = State.WAITING, address, secrets
            for name, value in content.items():
                setattr(row, name, value)
        yield row
