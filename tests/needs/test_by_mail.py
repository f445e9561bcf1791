"""Reminders by e-mail: whoever gave an address gets them there as well, and they say enough without the resident."""

from __future__ import annotations

from copy import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from tests.cast import WORDS, fresh, say_need

if TYPE_CHECKING:
    from needs.models import Need
    from people.models import User
    from tests.cast import Cast

SITE = "https://tongxin.example"
RESIDENT = "赵阿婆"


@pytest.fixture
def open_mail(settings: Any) -> None:
    settings.SITE_URL = SITE
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.tongxin.example", "office@tongxin.example"
    settings.EMAIL_CHANNEL = "smtp"


@pytest.fixture
def need(cast: Cast) -> Need:
    from needs.services.handling import accept_need

    return accept_need(pk=say_need(cast.chengxiang.home).pk, by=fresh(cast.chengxiang.worker))


def gives_an_address(person: User) -> None:
    person.email = f"{person.username}@tongxin.example"
    person.save(update_fields=["email"])


def mails(cast: Cast, need: Need) -> dict[str, Any]:
    """Every reminder of the two limits, told to worker and secretary; by rule, what waits to go out by e-mail."""
    from deadlines.models import Stage
    from needs import messages
    from notifications.models import Message
    from notifications.services import queue

    stage = Stage.objects.get(subject=f"need:{need.pk}", kind="needs.reply")
    today, past = copy(stage), copy(stage)
    today.due_at = timezone.localtime().replace(hour=23, minute=59, second=59, microsecond=0)
    past.due_at = timezone.now() - timedelta(days=3)
    reminders = [messages.accept_reminder(stage, 0, audience) for audience in ("hands", "supervisor")]
    reminders.append(messages.reply_reminder(stage, 1, "supervisor"))
    reminders += [messages.reply_reminder(stage, -1, "hands"), messages.reply_reminder(today, 0, "hands")]
    reminders.append(messages.reply_reminder(past, 0, "hands"))
    people = [fresh(cast.chengxiang.worker), fresh(cast.chengxiang.secretary)]
    for reminder in reminders:
        reminder.secrets = dict.fromkeys(reminder.secret, "")
        queue(reminder, occurrence=need.number, users=people)
    return {row.rule: row for row in Message.objects.filter(channel="email")}


def test_every_reminder_says_which_and_where_and_leads_to_the_page(cast: Cast, need: Need, open_mail: None) -> None:
    gives_an_address(cast.chengxiang.worker)
    found = mails(cast, need)
    assert set(found) == {
        "needs.AcceptNow",
        "needs.AcceptLate",
        "needs.ReplySoon",
        "needs.ReplyToday",
        "needs.ReplyOverdue",
        "needs.ReplyLate",
    }
    for row in found.values():
        assert row.state == "waiting" and row.address == cast.chengxiang.worker.email
        assert need.number in row.mail_subject and need.number in row.text
        assert cast.chengxiang.home.name in row.text and f"{SITE}/admin/needs/need/{need.pk}/change/" in row.text
        for secret in (RESIDENT, WORDS, need.contact_phone, need.tracking_code, need.link_token):
            assert secret not in row.mail_subject + row.text


def test_a_reminder_on_the_way_up_goes_out_by_mail_as_well(cast: Cast, open_mail: None) -> None:
    """Through the ladder, not only from the class."""
    from deadlines.models import Due
    from deadlines.services.sweep import sweep_all
    from notifications.models import Message

    gives_an_address(cast.chengxiang.secretary)
    say_need(cast.chengxiang.home)
    Due.objects.undone().filter(key__endswith=":0:0").update(due_at=timezone.now() - timedelta(minutes=1))
    sweep_all()
    assert Message.objects.get(channel="email").rule == "needs.AcceptNow"


def test_where_the_site_does_not_know_its_address_there_is_no_link(
    cast: Cast, need: Need, open_mail: None, settings: Any
) -> None:
    settings.SITE_URL = ""
    gives_an_address(cast.chengxiang.worker)
    assert "/admin/" not in mails(cast, need)["needs.ReplySoon"].text


def test_whoever_gave_no_address_has_the_notice_alone(cast: Cast, need: Need, open_mail: None) -> None:
    assert mails(cast, need) == {}


def test_leaders_get_their_digest_there_too(cast: Cast, open_mail: None) -> None:
    from deadlines.messages import digest
    from notifications.models import Message
    from notifications.services import queue

    gives_an_address(cast.chengxiang.leader)
    message = digest(
        street="城厢街道", code="330109001", late=3, today=5, worst="XQ-CX-20261121-0007", more=(), url="/admin/due/"
    )
    queue(message, occurrence="today", users=[fresh(cast.chengxiang.leader)])
    row = Message.objects.get(channel="email")
    for said in ("城厢街道", "3", "5"):
        assert said in row.mail_subject and said in row.text
    assert "XQ-CX-20261121-0007" in row.text


def test_every_channel_is_used_and_addresses_are_asked_for_only_since() -> None:
    from notifications.messages import message_classes
    from notifications.states import Channel
    from people.models import User

    used = {channel for cls in message_classes() if not cls.__module__.startswith("tests.") for channel in cls.channels}
    assert used == set(Channel)
    asks = {"sms": "phone", "email": "email"}
    kept = {field.name for field in User._meta.concrete_fields} & set(asks.values())
    assert kept == {asks[channel] for channel in used if channel in asks}
