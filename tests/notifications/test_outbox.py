"""A message is a row of the change that causes it, once per rule, occurrence, recipient and channel."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from alliance.lib.privacy import blind_index
from notifications.messages import MessageClass, message_classes
from notifications.models import Message
from notifications.services import queue, unread_count
from notifications.states import Channel, Reason, State
from people.models import User
from tests.notifications.conftest import PHONE
from tests.notifications.said import Answered, Arrived, Everywhere, RecordingSms

Threads = Callable[[Callable[[int], Any], int], list[Any]]


@pytest.mark.django_db
def test_a_notice_is_in_the_inbox_as_soon_as_it_is_queued(reader: User) -> None:
    assert queue(Arrived(), occurrence="7", users=[reader]) == 1
    row = Message.objects.get()
    assert (row.state, row.channel, row.recipient_key) == (State.SENT, Channel.INAPP, f"u:{reader.pk}")
    assert unread_count(reader) == 1


@pytest.mark.django_db
def test_queueing_the_same_occurrence_again_adds_nothing(reader: User) -> None:
    assert queue(Arrived(), occurrence="7", users=[reader, reader]) == 1
    assert queue(Arrived(), occurrence="7", users=[reader]) == 0
    assert queue(Arrived(), occurrence="8", users=[reader]) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_threads_that_see_the_same_event_leave_one_row(
    reader: User, recording: type[RecordingSms], in_threads: Threads
) -> None:
    together = threading.Barrier(8)

    def see(_number: int) -> int:
        together.wait()
        return queue(Everywhere(), occurrence="7", users=[reader], phones=[PHONE])

    counts = in_threads(see, 8)
    assert sum(counts) == Message.objects.count() == 3, "one notice, one text to the account, one to the phone"


@pytest.mark.django_db(transaction=True)
def test_control_without_the_unique_key_eight_threads_leave_many_rows(reader: User, in_threads: Threads) -> None:
    """The naive way, kept here to show that the race is real: look first, then write."""
    together = threading.Barrier(8)

    def look_then_write(number: int) -> None:
        seen = Message.objects.filter(rule="naive", recipient_key=f"u:{reader.pk}").exists()
        together.wait()
        if not seen:
            now = timezone.now()
            # Another occurrence for each thread stands for the missing key.
            Message.objects.create(
                rule="naive",
                occurrence=str(number),
                recipient_key=f"u:{reader.pk}",
                channel=Channel.INAPP,
                state=State.SENT,
                sent_at=now,
                expires_at=now,
            )

    in_threads(look_then_write, 8)
    assert Message.objects.filter(rule="naive").count() > 1


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_undone_takes_its_messages_along(reader: User) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        queue(Arrived(), occurrence="7", users=[reader])
        raise RuntimeError
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_a_phone_without_an_account_is_known_by_its_digest_only(recording: type[RecordingSms]) -> None:
    queue(Answered(), occurrence="7", phones=[PHONE])
    row = Message.objects.get()
    assert row.recipient_key == "p:" + blind_index("phone", PHONE)
    assert (row.address, row.text) == (PHONE, "您反映的XQ-CX-20261121-0007有答复了：/n/secret-token/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(m)::text FROM notifications_message m")
        stored = cursor.fetchone()[0]
    assert PHONE not in stored
    assert "secret-token" not in stored


@pytest.mark.django_db
def test_without_a_contract_no_phone_is_stored_and_the_text_is_counted_as_missed() -> None:
    queue(Answered(), occurrence="7", phones=[PHONE])
    row = Message.objects.get()
    assert (row.state, row.last_error, row.address, row.text) == (State.MISSED, Reason.NOT_OPEN, None, None)
    assert row.reason == "未开通短信"


@pytest.mark.django_db
def test_somebody_without_a_phone_misses_the_text_visibly(neighbour: User, recording: type[RecordingSms]) -> None:
    queue(Answered(), occurrence="7", users=[neighbour])
    assert Message.objects.get().reason == "没有手机号"


@pytest.mark.django_db
def test_a_landline_gets_no_text_and_is_not_stored(recording: type[RecordingSms]) -> None:
    queue(Answered(), occurrence="7", phones=["057182345678"])
    row = Message.objects.get()
    assert (row.state, row.last_error, row.address) == (State.MISSED, Reason.NO_PHONE, None)


@pytest.mark.django_db
def test_a_closed_account_gets_nothing(reader: User) -> None:
    reader.is_active = False
    assert queue(Arrived(), occurrence="7", users=[reader]) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"recipient_key": PHONE},
        {"state": State.WAITING},
        {"state": "lost"},
        {"state": State.READ},
        {"sent_at": None},
        {"url": "https://elsewhere.example/"},
        {"url": "//elsewhere.example/"},
        {"leased_until": timezone.now()},
    ],
)
def test_the_table_refuses_what_cannot_be(reader: User, change: dict[str, Any]) -> None:
    queue(Arrived(), occurrence="7", users=[reader])
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(**change)


def test_a_class_must_have_what_its_channels_need() -> None:
    with pytest.raises(TypeError):
        type("Silent", (MessageClass,), {"channels": (Channel.SMS,), "title": "…", "label": "…"})
    with pytest.raises(TypeError):
        type("Untitled", (MessageClass,), {"__module__": "tests.elsewhere", "label": "…"})
    with pytest.raises(TypeError, match="label"):
        type("Nameless", (MessageClass,), {"__module__": "tests.elsewhere", "title": "…"})
    assert Arrived in message_classes()
    assert Arrived.rule == "tests.notifications.said.Arrived"
