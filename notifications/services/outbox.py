"""Queue messages: rows in the transaction of the change that causes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from alliance.lib.privacy import blind_index
from alliance.lib.wake import wake
from notifications.channels import is_mobile, text_channel
from notifications.messages import MessageClass, in_source_language
from notifications.models import Message
from notifications.querysets import phone_key, user_key
from notifications.states import Channel, Reason, State
from people.models import User

DELIVER_TASK = "notifications.deliver"


@transaction.atomic
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
    have no inbox and get text messages only. Notices are in the inbox at commit; text messages go out after
    it, and not before ``not_before`` (now).
    """
    start = not_before or timezone.now()
    recipients = {user_key(user.pk): user.phone for user in users if user.is_active}
    rows = [_notice(message, occurrence, key) for key in recipients if Channel.INAPP in message.channels]
    if Channel.SMS in message.channels:
        recipients |= {phone_key(blind_index("phone", phone)): phone for phone in phones if phone}
        rows += _texts(message, occurrence, recipients, start)
    if not rows:
        return 0
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    written = dict(Message.objects.filter(key__in=[row.key for row in rows]).values_list("key", "state"))
    if State.WAITING in written.values():
        wake(DELIVER_TASK)
    return len(written)


def _common(message: MessageClass, occurrence: str, recipient_key: str) -> dict[str, Any]:
    return {
        "rule": message.rule,
        "occurrence": occurrence,
        "recipient_key": recipient_key,
        "area_code": message.area_code,
        "subject_label": message.subject_label,
        "params": message.params,
    }


def _notice(message: MessageClass, occurrence: str, recipient_key: str) -> Message:
    now = timezone.now()
    return Message(
        **_common(message, occurrence, recipient_key),
        channel=Channel.INAPP,
        url=message.url,
        title=in_source_language(message.title, message.params)[:120],
        body=in_source_language(message.body, message.params),
        state=State.SENT,
        sent_at=now,
        expires_at=now + message.lasts,
    )


def _texts(message: MessageClass, occurrence: str, phones: dict[str, str], start: datetime) -> Iterator[Message]:
    closed = text_channel().closed()
    for recipient_key, phone in phones.items():
        row = Message(
            **_common(message, occurrence, recipient_key),
            channel=Channel.SMS,
            state=State.MISSED,
            not_before=start,
            expires_at=start + message.lasts,
        )
        if closed or not is_mobile(phone):
            row.last_error = closed or Reason.NO_PHONE
        else:
            row.state = State.WAITING
            row.address = phone
            row.text = in_source_language(message.sms, {**message.params, **message.secrets})
            row.secrets = json.dumps(message.secrets, ensure_ascii=False)
        yield row
