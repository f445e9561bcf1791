"""催一下, what waits for the morning, and who reads the news where."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone

from alliance.lib.errors import RuleBroken
from tests.cast import fresh, say_need
from tests.needs.test_limits import accept, stages

if TYPE_CHECKING:
    from tests.cast import Cast


def test_urging_tells_the_handler_once_a_day(cast: Cast) -> None:
    from needs.services.following import urge
    from notifications.models import Message

    need = accept(cast, say_need(cast.chengxiang.home))
    evening = timezone.localtime().replace(hour=23, minute=50) + timedelta(days=1)
    with time_machine.travel(evening, tick=False):
        urge(token=need.link_token)
        with pytest.raises(RuleBroken, match="今天已经替您催过了"):
            urge(token=need.link_token)
    with time_machine.travel(evening + timedelta(minutes=20), tick=False):
        urge(token=need.link_token)
    told = Message.objects.filter(rule="needs.NeedUrged")
    assert list(told.values_list("recipient_key", flat=True)) == 2 * [f"u:{cast.chengxiang.worker.pk}"]


def test_what_nobody_has_taken_is_urged_of_those_who_could(cast: Cast) -> None:
    from needs.services.following import urge
    from notifications.models import Message

    urge(token=say_need(cast.chengxiang.home).link_token)
    here = cast.chengxiang
    told = set(Message.objects.filter(rule="needs.NeedUrged").values_list("recipient_key", flat=True))
    assert told == {f"u:{here.worker.pk}", f"u:{here.secretary.pk}"}


def test_what_has_ended_cannot_be_urged(cast: Cast) -> None:
    from needs.services.following import urge, withdraw

    need = say_need(cast.chengxiang.home)
    withdraw(token=need.link_token)
    with pytest.raises(RuleBroken):
        urge(token=need.link_token)


def test_the_page_offers_it_once_a_day(cast: Cast, client: Any) -> None:
    need = say_need(cast.chengxiang.home)
    page, address = f"/n/{need.link_token}/", f"/n/{need.link_token}/urge/"
    assert address in client.get(page).content.decode()
    first = client.post(address, follow=True).content.decode()
    assert "已经替您催了" in first and "您催了一下" in first and address not in first
    assert "今天已经替您催过了" in client.post(address, follow=True).content.decode()
    assert client.get(address).status_code == 302
    assert need.events.filter(verb="urge").count() == 1


def test_a_wording_may_use_what_its_message_carries_and_no_more(cast: Cast) -> None:
    from needs import messages

    need = accept(cast, say_need(cast.chengxiang.home))
    stage = stages(need)["needs.reply"]
    plain = (messages.arrived, messages.supplemented, messages.withdrawn, messages.urged, messages.reply_moved)
    outward = (messages.received, messages.accepted, messages.promise_moved, messages.replied)
    made = [make(need) for make in (*plain, *outward)]
    made += [messages.accept_reminder(stage, 0, audience) for audience in ("hands", "supervisor")]
    made += [messages.reply_reminder(stage, offset, "hands") for offset in (-1, 1)]
    for message in made:
        assert set(message.sample) <= set(message.params) | message.secret, type(message).__name__
        assert set(message.secrets) <= message.secret


def test_who_has_an_account_reads_the_news_there_too_and_gets_one_text(cast: Cast, settings: Any) -> None:
    from needs.services.handling import reply_to_resident
    from notifications.models import Message
    from people.services.residents import open_account

    settings.DEMO, settings.SMS_CHANNEL = True, "console"
    need = say_need(cast.chengxiang.home)
    account = open_account(phone=need.contact_phone, name="赵阿婆", consented=True, notice_version=1)
    accept(cast, need)
    reply_to_resident(pk=need.pk, by=fresh(cast.chengxiang.worker), words="今天去修。")
    notices = Message.objects.filter(recipient_key=f"u:{account.pk}", channel="inapp").order_by("pk")
    assert [row.title for row in notices] == ["万寿桥社区受理了您反映的事", "您反映的事有答复了"]
    assert {row.url for row in notices} == {"/my/"}
    texts = Message.objects.filter(channel="sms", rule__in=["needs.NeedAccepted", "needs.NeedReplied"])
    assert texts.count() == 2
