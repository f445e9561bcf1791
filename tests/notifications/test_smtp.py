"""One conversation with a mail server: one that takes the text, refuses it, hangs, drips, or dies in the middle."""

from __future__ import annotations

import smtplib
import threading
from typing import Any
from uuid import uuid4

import pytest
from django.core.mail.backends.smtp import EmailBackend

from notifications.channels import Outgoing, Receipt, Smtp, Unavailable, mail
from notifications.channels.mail import written
from tests.notifications.smtp_server import ADDRESS, DRIP, HANG, HANG_UP, Tiny, closed_port


def _outgoing(text: str = "正文", subject: str = "待受理") -> Outgoing:
    return Outgoing(ADDRESS, "x", {}, text, uuid4(), subject=subject)


def _send() -> Receipt:
    return Smtp().send(_outgoing())


def test_a_variable_cannot_bring_headers_along(server: Tiny) -> None:
    text = "正文\r\n.\r\nRCPT TO:<thief@elsewhere.example>"
    outgoing = _outgoing(text, subject="待受理\r\nBcc: thief@elsewhere.example\n\n假的正文")
    assert "\n" not in written(outgoing).subject
    assert Smtp().send(outgoing).accepted
    (mail_,) = server.mails
    assert mail_["Bcc"] is None
    assert len(server.recipients) == len(server.texts) == 1
    assert "thief" in mail_.get_content(), "what looked like a command is text"


@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "end"])
def test_a_refusal_for_good_carries_the_servers_number_only(server: Tiny, step: str) -> None:
    server.behave(**{step: f"550 no mail for {ADDRESS}"})
    assert _send() == Receipt(accepted=False, code="SMTP.550")


@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "end"])
def test_a_refusal_for_now_has_sent_nothing(server: Tiny, step: str) -> None:
    server.behave(**{step: "451 later"})
    with pytest.raises(Unavailable):
        _send()


def test_where_nobody_listens_nothing_was_sent(server: Tiny, settings: Any) -> None:
    settings.EMAIL_PORT = closed_port()
    with pytest.raises(Unavailable):
        _send()


@pytest.mark.parametrize("step", ["hello", "ehlo", "mail", "rcpt", "data"])
@pytest.mark.parametrize("how", [HANG, HANG_UP])
def test_a_server_that_stops_before_the_text_has_sent_nothing(server: Tiny, step: str, how: str) -> None:
    server.behave(**{step: how, **({"helo": how} if step == "ehlo" else {})})
    with pytest.raises(Unavailable):
        _send()
    assert server.texts == []


@pytest.mark.parametrize("how", [HANG, HANG_UP])
def test_when_a_server_dies_after_the_text_nobody_knows(server: Tiny, how: str) -> None:
    server.behave(end=how)
    with pytest.raises(TimeoutError):
        _send()
    assert len(server.texts) == 1


def test_control_who_repeats_after_every_error_sends_twice(server: Tiny) -> None:
    server.behave(end=HANG_UP)
    outgoing = _outgoing()
    for _attempt in range(2):
        with pytest.raises((smtplib.SMTPException, OSError)):
            EmailBackend(timeout=2).send_messages([written(outgoing)])
    assert len(server.texts) == 2, "the server had taken the first one already"


@pytest.mark.parametrize("farewell", [HANG, HANG_UP, "500 what?"])
def test_a_bad_farewell_does_not_undo_what_was_taken(server: Tiny, farewell: str) -> None:
    server.behave(quit=farewell)
    assert _send().accepted


def test_a_wrong_password_is_about_the_server_and_not_about_the_message(server: Tiny, settings: Any) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "office", "wrong"
    server.behave(ehlo="250-tiny\r\n250 AUTH PLAIN", auth="535 no")
    with pytest.raises(Unavailable):
        _send()


def test_a_server_that_hangs_is_left_after_a_while(server: Tiny) -> None:
    server.behave(hello=HANG)
    assert _comes_back()


def test_control_without_an_end_the_conversation_lasts_as_long_as_the_server_likes(
    server: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "STEP_SECONDS", 50)
    monkeypatch.setattr(mail, "TALK_SECONDS", 50)
    server.behave(hello=HANG)
    assert not _comes_back()


def test_a_server_that_drips_its_answer_is_cut_off(server: Tiny) -> None:
    """Each line comes in time and the whole never ends: only the limit of the conversation helps."""
    server.behave(ehlo=DRIP)
    assert _comes_back()


def test_control_without_a_limit_of_the_whole_it_drips_on(server: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TALK_SECONDS", 50)
    server.behave(ehlo=DRIP)
    assert not _comes_back()


def _comes_back() -> bool:
    """Whether an attempt ends by itself, long before the server lets go."""
    ended = threading.Event()

    def attempt() -> None:
        try:
            _send()
        except Unavailable:
            ended.set()

    threading.Thread(target=attempt, daemon=True).start()
    return ended.wait(timeout=5)
