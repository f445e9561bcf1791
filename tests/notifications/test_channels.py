"""The demo's channel prints to the terminal, in the demo only; logs carry neither phones nor texts."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from notifications.channels import ConsoleSms, NoSms, Outgoing, text_channel
from notifications.checks import sms_channel_fits
from notifications.models import Message
from notifications.services import deliver_due, queue
from notifications.states import State
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


def test_an_unknown_channel_sends_nothing_and_fails_the_check(settings: Any) -> None:
    settings.SMS_CHANNEL = "pigeon"
    assert isinstance(text_channel(), NoSms)
    assert [problem.id for problem in sms_channel_fits(None)] == ["notifications.E001"]


def test_the_demos_channel_outside_the_demo_fails_the_check(settings: Any) -> None:
    settings.SMS_CHANNEL, settings.DEMO = "console", False
    assert [problem.id for problem in sms_channel_fits(None)] == ["notifications.E002"]
    settings.DEMO = True
    assert sms_channel_fits(None) == []
