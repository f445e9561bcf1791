"""E-mail by SMTP: plain text, through Django's backend, with an end to every conversation.

What matters is how far the conversation came. Before the server has asked for the text (354) nothing can have gone
out; after that only its last word tells, and when that word does not come, nobody knows.
"""

from __future__ import annotations

import functools
import smtplib
import socket
import threading
from contextlib import suppress
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.validators import validate_email

from alliance.lib.text import clean
from notifications.channels.interface import SECONDS, Outgoing, Receipt, Unavailable
from notifications.states import Reason

STEP_SECONDS = 4
"""How long the server may take for one answer."""
TALK_SECONDS = SECONDS - 2
"""How long the whole conversation may take, however slowly the server drips its answers."""
GO_AHEAD, TAKEN = 354, 250


class Talk:
    """How far one conversation came, and the way to end it from outside."""

    def __init__(self) -> None:
        self.begun = False
        self.last_word = 0
        self.client: smtplib.SMTP | None = None

    def hear(self, code: int) -> None:
        """The answer to the text is the first one after the go-ahead; what follows is about something else."""
        self.last_word = self.last_word or (code if self.begun else 0)
        self.begun = self.begun or code == GO_AHEAD

    @property
    def accepted(self) -> bool:
        return self.last_word == TAKEN

    def cut(self) -> None:
        """End it now: whoever waits for an answer gets none."""
        line = getattr(self.client, "sock", None)
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class _Client(smtplib.SMTP):
    """Tells how far the conversation came."""

    def __init__(self, *args: Any, talk: Talk, **options: Any) -> None:
        self.talk = talk
        talk.client = self
        super().__init__(*args, **options)

    def getreply(self) -> tuple[int, bytes]:
        code, words = super().getreply()
        self.talk.hear(code)
        return code, words


class _SecretClient(_Client, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte on."""


class _Backend(EmailBackend):
    def __init__(self, talk: Talk) -> None:
        super().__init__(timeout=STEP_SECONDS)
        self.talk = talk

    @property
    def connection_class(self) -> Any:
        return functools.partial(_SecretClient if self.use_ssl else _Client, talk=self.talk)


class ToMailboxes:
    """What all providers of e-mail share. A mail server forwards a repetition: it does not look at Message-ID."""

    deduplicates: ClassVar[bool] = False

    def unreachable(self, address: str) -> str:
        try:
            validate_email(address)
        except ValidationError:
            return Reason.NO_EMAIL
        return "" if address.isascii() else Reason.NO_EMAIL


class NoEmail(ToMailboxes):
    """No mail server: e-mails are counted as missed, and no address is stored for them."""

    def closed(self) -> str:
        return Reason.EMAIL_NOT_OPEN

    def send(self, message: Outgoing) -> Receipt:
        return Receipt(accepted=False, code=Reason.EMAIL_NOT_OPEN)


class Smtp(ToMailboxes):
    """The mail server of ``EMAIL_URL``."""

    def closed(self) -> str:
        return "" if settings.EMAIL_HOST and settings.DEFAULT_FROM_EMAIL else Reason.EMAIL_NOT_OPEN

    def send(self, message: Outgoing) -> Receipt:
        mail, talk = written(message), Talk()
        backend = _Backend(talk)
        watch = threading.Timer(TALK_SECONDS, talk.cut)
        watch.start()
        try:
            backend.send_messages([mail])
        except (smtplib.SMTPException, OSError) as error:
            if not talk.accepted:
                return _refusal(error, talk)
        finally:
            watch.cancel()
            with suppress(smtplib.SMTPException, OSError):
                backend.close()
        return Receipt(provider_id=str(mail.extra_headers["Message-ID"]))


def written(message: Outgoing) -> EmailMessage:
    """The e-mail. Its Message-ID follows from the row's key, so that a repetition can be recognised."""
    home = urlsplit(settings.SITE_URL).hostname or "tongxin.invalid"
    headers = {"Message-ID": f"<{message.key}@{home}>", "Auto-Submitted": "auto-generated"}
    # Whatever a variable brought along: a subject is one line, and an address is one address.
    subject = " ".join(clean(message.subject).split())
    return EmailMessage(subject, message.text, settings.DEFAULT_FROM_EMAIL, [message.address], headers=headers)


def _refusal(error: Exception, talk: Talk) -> Receipt:
    """What ``error`` means for the message: refused for good, or ``Unavailable``, or ``TimeoutError``.

    Only what the server says about this message (sender, recipient, text) can refuse it. A wrong password or a
    certificate that does not fit is about the server: the message waits until that is mended.
    """
    code = 0
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
    elif isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        code = error.smtp_code
    if code >= 500:
        return Receipt(accepted=False, code=f"SMTP.{code}")
    if code or not talk.begun:
        raise Unavailable from None
    raise TimeoutError from None
