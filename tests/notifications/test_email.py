"""What becomes of an e-mail's row, with a real mail server at the other end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notifications.channels import Smtp
from notifications.models import Message
from notifications.services import deliver_due, queue
from notifications.services.delivery import IN_VAIN
from notifications.states import Channel, Reason, State
from people.models import User
from tests.notifications.conftest import PHONE
from tests.notifications.said import Answered, Mailed, RecordingMail, RecordingSms
from tests.notifications.smtp_server import ADDRESS, HANG, HANG_UP, Tiny

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def subscriber(reader: User) -> User:
    reader.email = ADDRESS
    reader.save(update_fields=["email"])
    return reader


def _queue(user: User, count: int = 1) -> None:
    for number in range(count):
        queue(Mailed(f"XQ-CX-20261121-{number:04d}"), occurrence=str(number), users=[user])


def _row() -> Message:
    return Message.objects.get(channel=Channel.EMAIL)


def _due_again() -> None:
    Message.objects.filter(state=State.WAITING).update(not_before=timezone.now() - timedelta(seconds=1))


def test_an_email_arrives_as_plain_text_with_a_known_id_and_leaves_nothing_behind(
    server: Tiny, subscriber: User
) -> None:
    _queue(subscriber)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(m)::text FROM notifications_message m WHERE channel = 'email'")
        stored = cursor.fetchone()[0]
    assert ADDRESS not in stored and "secret-token" not in stored
    assert deliver_due() == 1
    (mail_,) = server.mails
    row = _row()
    assert (mail_["To"], mail_["From"], mail_["Subject"]) == (ADDRESS, "office@tongxin.example", "待受理")
    assert mail_["Message-ID"] == f"<{row.key}@tongxin.example>"
    assert mail_.get_content_type() == "text/plain"
    body = mail_.get_content()
    assert body.strip().replace("\r\n", "\n") == (
        "XQ-CX-20261121-0000等您受理：/c/secret-token/\n\nhttps://tongxin.example/admin/needs/need/7/"
    )
    assert (row.state, row.address, row.mail_subject, row.text, row.secrets) == (State.SENT, None, None, None, None)
    assert deliver_due() == 0


def test_without_a_mail_server_no_address_is_stored(subscriber: User) -> None:
    _queue(subscriber)
    row = _row()
    assert (row.state, row.reason, row.address, row.text) == (State.MISSED, "未开通邮件", None, None)


@pytest.mark.parametrize("address", ["reader", "a@b.example\r\nBcc: c@d.example", "读者@tongxin.example"])
def test_somebody_without_a_usable_address_misses_the_email_visibly(
    server: Tiny, subscriber: User, address: str
) -> None:
    subscriber.email = address
    _queue(subscriber)
    row = _row()
    assert (row.state, row.reason, row.address) == (State.MISSED, "没有邮箱", None)


def test_somebody_who_gave_no_address_misses_nothing(server: Tiny, reader: User) -> None:
    """The notice is there; a row that says "no e-mail" for each of them would bury what went wrong."""
    assert not reader.email
    _queue(reader)
    assert list(Message.objects.values_list("channel", flat=True)) == [Channel.INAPP]


def test_a_refusal_for_good_fails_with_the_servers_number_only(server: Tiny, subscriber: User) -> None:
    server.behave(rcpt=f"550 no mail for {ADDRESS}")
    _queue(subscriber)
    deliver_due()
    row = _row()
    assert (row.state, row.last_error, row.address) == (State.FAILED, "SMTP.550", None)


def test_a_refusal_for_now_is_tried_again_under_the_same_id(server: Tiny, subscriber: User) -> None:
    server.behave(end="451 later")
    _queue(subscriber)
    deliver_due()
    row = _row()
    assert (row.state, row.last_error, row.attempts) == (State.WAITING, Reason.UNAVAILABLE, 1)
    server.behave()
    _due_again()
    deliver_due()
    assert _row().state == State.SENT
    assert {mail_["Message-ID"] for mail_ in server.mails} == {f"<{row.key}@tongxin.example>"}


def test_a_server_that_dies_after_the_text_leaves_it_uncertain_and_unrepeated(server: Tiny, subscriber: User) -> None:
    server.behave(end=HANG_UP)
    _queue(subscriber)
    deliver_due()
    row = _row()
    assert (row.state, row.last_error, row.address) == (State.UNCERTAIN, Reason.TIMEOUT, None)
    _due_again()
    assert deliver_due() == 0
    assert len(server.texts) == 1


def test_a_server_that_hangs_holds_up_neither_text_messages_nor_the_run(
    server: Tiny, subscriber: User, recording: type[RecordingSms]
) -> None:
    server.behave(hello=HANG)
    _queue(subscriber, IN_VAIN + 4)
    queue(Answered(), occurrence="7", phones=[PHONE])
    deliver_due()
    assert len(recording.sent) == 1
    assert server.calls == IN_VAIN, "the rest waits for the next run"
    rest = Message.objects.filter(channel=Channel.EMAIL, attempts=0, leased_until=None, state=State.WAITING)
    assert rest.count() == 4, "and costs nobody an attempt"
    server.behave()
    server.released.set()
    _due_again()
    deliver_due()
    assert Message.objects.filter(channel=Channel.EMAIL, state=State.SENT).count() == IN_VAIN + 4


def test_a_mail_server_forwards_a_repetition_so_an_interrupted_email_is_uncertain(
    mailbox: type[RecordingMail], subscriber: User
) -> None:
    assert Smtp.deduplicates is False
    mailbox.deduplicates = Smtp.deduplicates
    _queue(subscriber)
    Message.objects.filter(channel=Channel.EMAIL).update(leased_until=timezone.now() - timedelta(hours=1), attempts=1)
    deliver_due()
    assert (_row().state, _row().last_error, mailbox.sent) == (State.UNCERTAIN, Reason.INTERRUPTED, [])


def test_logs_carry_neither_address_nor_words(server: Tiny, subscriber: User, caplog: pytest.LogCaptureFixture) -> None:
    server.behave(rcpt=f"550 unknown {ADDRESS}")
    with caplog.at_level("DEBUG"):
        _queue(subscriber)
        deliver_due()
    assert _row().state == State.FAILED
    assert ADDRESS not in caplog.text and "secret-token" not in caplog.text
