"""What somebody wants once a day or once a week comes as one message, and nothing of it is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from deadlines.models import Due
from deadlines.services.sweep import sweep_all
from deadlines.services.weekly import plan_weekly
from notifications.models import Message, Preference
from notifications.services import deliver_all, queue, send_gathered
from notifications.states import Channel, Pace, State
from people.models import User
from tests.notifications.said import Everywhere, Mailed, RecordingMail, RecordingSms

pytestmark = pytest.mark.django_db(transaction=True)


def _kept(worker: User, pace: Pace, channel: Channel = Channel.SMS, count: int = 3) -> User:
    Preference.objects.create(recipient_key=f"u:{worker.pk}", topic="tests", channel=channel, pace=pace)
    for number in range(count):
        queue(Everywhere() if channel == Channel.SMS else Mailed(), occurrence=str(number), users=[worker])
    deliver_all([channel])
    return worker


def test_what_was_kept_goes_out_as_one_text(reader: User, recording: type[RecordingSms]) -> None:
    _kept(reader, Pace.DAILY)
    assert not recording.sent
    for _twice in range(2):
        send_gathered(Pace.WEEKLY, occurrence="week")
        send_gathered(Pace.DAILY, occurrence="day")
        deliver_all([Channel.SMS])
    assert [message.text for message in recording.sent] == [
        "您有3条消息，登录后在“消息”里看。https://tongxin.example/inbox/"
    ]
    assert not Message.objects.filter(state=State.BUNDLED, sent_at__isnull=True).exists()


def test_a_day_that_was_missed_goes_along_with_the_next(reader: User, recording: type[RecordingSms]) -> None:
    _kept(reader, Pace.DAILY, Channel.SMS)
    plan_weekly(date(2040, 1, 2))
    days = Due.objects.filter(key__startswith="gather:daily:").order_by("key")
    missed, next_one = list(days)[:2]
    Due.objects.filter(pk=missed.pk).update(due_at=timezone.now() - timedelta(days=1))
    Due.objects.filter(pk=next_one.pk).update(due_at=timezone.now())
    sweep_all()
    assert list(days.values_list("state", flat=True)[:2]) == ["missed", "done"]
    deliver_all([Channel.SMS])
    assert len(recording.sent) == 1


def test_whoever_wants_it_at_once_again_gets_what_was_kept_with_the_days(
    reader: User, recording: type[RecordingSms]
) -> None:
    _kept(reader, Pace.WEEKLY, Channel.SMS)
    Preference.objects.all().delete()
    assert send_gathered(Pace.DAILY, occurrence="day") == 1


def test_an_address_that_is_gone_is_missed_and_nobody_waits(reader: User, recording: type[RecordingSms]) -> None:
    _kept(reader, Pace.DAILY)
    User.objects.filter(pk=reader.pk).update(phone="")
    send_gathered(Pace.DAILY, occurrence="day")
    row = Message.objects.get(rule="notifications.GatheredText")
    assert (row.state, row.reason) == (State.MISSED, "没有手机号")


def test_an_e_mail_lists_the_titles_and_no_secret(reader: User, mailbox: type[RecordingMail]) -> None:
    reader.email = "duzhe@tongxin.example"
    reader.save()
    _kept(reader, Pace.WEEKLY, Channel.EMAIL, 25)
    send_gathered(Pace.WEEKLY, occurrence="week")
    deliver_all([Channel.EMAIL])
    (mail,) = mailbox.sent
    assert mail.subject == "您有25条消息"
    assert mail.text.count("待受理") == 20
    assert "secret-token" not in mail.text
