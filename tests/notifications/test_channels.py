"""The demo's channel prints to the terminal, in the demo only; logs carry neither phones nor texts."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from notifications.channels import ConsoleSms, NoEmail, NoSms, Outgoing, provider_of
from notifications.checks import mail_goes_out_encrypted, mail_server_is_described, providers_are_known
from notifications.models import Message
from notifications.services import deliver_due, queue
from notifications.states import Channel, State
from tests.notifications.conftest import PHONE
from tests.notifications.said import Answered


@pytest.mark.django_db(transaction=True)
def test_in_the_demo_the_text_is_printed_and_the_phone_is_masked(
    settings: Any, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMS_CHANNEL, settings.DEMO = "console", True
    queue(Answered(), occurrence="7", phones=[PHONE])
    with caplog.at_level("DEBUG"):
        deliver_due()
    printed = capfd.readouterr().out
    assert "【同心】您反映的XQ-CX-20261121-0007有答复了：/n/secret-token/" in printed
    assert "138****5678" in printed
    assert PHONE not in printed
    assert Message.objects.get().state == State.SENT
    assert "secret-token" not in caplog.text
    assert "5678" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_outside_the_demo_nothing_is_printed(settings: Any, capfd: pytest.CaptureFixture[str]) -> None:
    settings.SMS_CHANNEL, settings.DEMO = "console", False
    queue(Answered(), occurrence="7", phones=[PHONE])
    deliver_due()
    assert Message.objects.get().reason == "未开通短信"
    receipt = ConsoleSms().send(Outgoing(PHONE, "x", {}, "字", uuid.uuid4()))
    assert not receipt.accepted
    assert "字" not in capfd.readouterr().out


def _found(problems: list[Any]) -> list[str]:
    return [problem.id for problem in problems]


def test_an_unknown_provider_sends_nothing_and_fails_the_check(settings: Any) -> None:
    assert _found(providers_are_known(None)) == []
    settings.SMS_CHANNEL = settings.EMAIL_CHANNEL = "pigeon"
    assert isinstance(provider_of(Channel.SMS), NoSms)
    assert isinstance(provider_of(Channel.EMAIL), NoEmail)
    assert _found(providers_are_known(None)) == ["notifications.E001", "notifications.E001"]


def test_the_demos_channel_outside_the_demo_fails_the_check(settings: Any) -> None:
    settings.SMS_CHANNEL, settings.DEMO = "console", False
    assert _found(providers_are_known(None)) == ["notifications.E002"]
    settings.DEMO = True
    assert _found(providers_are_known(None)) == []


def test_a_mail_server_needs_a_host_a_sender_and_a_secured_line(settings: Any) -> None:
    assert _found(mail_server_is_described(None)) == []
    settings.EMAIL_CHANNEL = "smtp"
    assert _found(mail_server_is_described(None)) == ["notifications.E003", "notifications.E004"]
    assert _found(mail_goes_out_encrypted(None)) == ["notifications.W001"]
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "mail.tongxin.example", True
    settings.DEFAULT_FROM_EMAIL = "office@tongxin.example"
    assert _found(mail_server_is_described(None)) == []
    assert _found(mail_goes_out_encrypted(None)) == []
