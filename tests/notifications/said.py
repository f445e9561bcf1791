"""Message classes and a text channel of these tests: a real channel that keeps what it was given."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from notifications.channels import Outgoing, Receipt
from notifications.channels.mail import ToMailboxes
from notifications.channels.sms import ToPhones
from notifications.messages import MessageClass
from notifications.states import Channel


class Arrived(MessageClass):
    """To the inbox only. Its title is a text the product translates."""

    label = _("待受理")
    title = _("待受理")
    body = _("%(number)s等您受理。")
    sample = {"number": "XQ-CX-20261121-0007"}
    must = frozenset({"number"})

    def __init__(self, number: str = "XQ-CX-20261121-0007") -> None:
        super().__init__(
            params={"number": number}, area_code="330109001048", subject_label=number, url="/admin/needs/need/7/"
        )


class Answered(MessageClass):
    """As text message only, with a secret link."""

    label = _("提醒")
    channels = (Channel.SMS,)
    sms = _("您反映的%(number)s有答复了：%(link)s")
    sample = {"number": "XQ-CX-20261121-0007", "link": "https://tongxin.example/n/abc/"}
    must = frozenset({"number", "link"})
    secret = frozenset({"link"})

    def __init__(self, number: str = "XQ-CX-20261121-0007", link: str = "/n/secret-token/") -> None:
        super().__init__(params={"number": number}, secrets={"link": link}, area_code="330109001048")


class Everywhere(MessageClass):
    """To the inbox and as a text message."""

    label = _("提醒")
    channels = (Channel.INAPP, Channel.SMS)
    title = _("提醒")
    sms = _("提醒")

    def __init__(self) -> None:
        super().__init__(params={})


class Mailed(MessageClass):
    """To the inbox and by e-mail, which has a secret link of its own."""

    label = _("提醒")
    channels = (Channel.INAPP, Channel.EMAIL)
    title = _("待受理")
    body = _("%(number)s等您受理。")
    email_body = _("%(number)s等您受理：%(link)s")
    sample = {"number": "XQ-CX-20261121-0007", "link": "https://tongxin.example/c/abc/"}
    must = frozenset({"number", "link"})
    secret = frozenset({"link"})

    def __init__(self, number: str = "XQ-CX-20261121-0007") -> None:
        super().__init__(params={"number": number}, secrets={"link": "/c/secret-token/"}, url="/admin/needs/need/7/")


class Recording:
    """Keeps every message; ``behave`` decides what the provider answers. Each channel has one of its own."""

    deduplicates: ClassVar[bool] = True
    sent: ClassVar[list[Outgoing]] = []
    behave: ClassVar[Callable[[Outgoing], Receipt] | None] = None
    _lock: ClassVar[threading.Lock] = threading.Lock()

    @classmethod
    def reset(cls) -> None:
        cls.sent, cls.behave, cls.deduplicates = [], None, True

    def closed(self) -> str:
        return ""

    def send(self, message: Outgoing) -> Receipt:
        with self._lock:
            self.sent.append(message)
        behave = type(self).behave
        return behave(message) if behave else Receipt(provider_id=f"r-{message.key}")


class RecordingSms(Recording, ToPhones):
    """Text messages."""


class RecordingMail(Recording, ToMailboxes):
    """E-mails."""
