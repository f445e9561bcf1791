"""Text messages: none at all, or the demo's terminal."""

from __future__ import annotations

import sys
from typing import ClassVar

from django.conf import settings

from alliance.lib.privacy import mask_phone
from notifications.channels.interface import Outgoing, Receipt
from notifications.states import Reason


def is_mobile(phone: str) -> bool:
    """Whether a text message can reach ``phone`` (digits): a landline or an empty number cannot be sent to."""
    return len(phone) == 11 and phone.startswith("1")


def signed(text: str) -> str:
    """``text`` as it arrives: providers put the sender's name in front."""
    return f"【{settings.SITE['name']}】{text}"


class ToPhones:
    """What all providers of text messages share."""

    deduplicates: ClassVar[bool] = True

    def unreachable(self, address: str) -> str:
        return "" if is_mobile(address) else Reason.NO_PHONE


class NoSms(ToPhones):
    """No contract with a provider: text messages are counted as missed, and no phone is stored for them."""

    def closed(self) -> str:
        return Reason.NOT_OPEN

    def send(self, message: Outgoing) -> Receipt:
        return Receipt(accepted=False, code=Reason.NOT_OPEN)


class ConsoleSms(ToPhones):
    """The demo's channel: prints to the terminal. No phone is ever reached, and none is printed whole."""

    def closed(self) -> str:
        return "" if settings.DEMO else Reason.NOT_OPEN

    def send(self, message: Outgoing) -> Receipt:
        if self.closed():
            return Receipt(accepted=False, code=self.closed())
        lines = signed(message.text).splitlines()
        head = f"┌─ 演示短信，没有真的发出 → {mask_phone(message.address)}"
        # The terminal itself: Celery makes log lines of what is printed to sys.stdout; logs carry no texts.
        terminal = sys.__stdout__
        if terminal is not None:
            terminal.write("\n".join([head, *(f"│ {line}" for line in lines), "└" + "─" * 40]) + "\n")
            terminal.flush()
        return Receipt(provider_id=f"console-{message.key}")
