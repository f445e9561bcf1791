"""The ways out of the house. Nothing else in the product talks to the outside.

A channel gets one message and says what became of it. It must come back within ``SECONDS`` and raise
``Unavailable`` only if the message certainly did not go out.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.conf import settings

from alliance.lib.privacy import mask_phone
from notifications.states import Reason

SECONDS = 10


@dataclass(frozen=True)
class Outgoing:
    """One text message. ``key`` is the same on every attempt, so that a provider can tell a repetition."""

    address: str
    template: str
    params: Mapping[str, Any]
    text: str
    key: UUID


@dataclass(frozen=True)
class Receipt:
    """What the provider answered. A refusal carries its error code, not its prose: that may quote phones."""

    provider_id: str = ""
    accepted: bool = True
    code: str = ""


class Unavailable(Exception):
    """The provider could not be reached or asked us to slow down; nothing went out, trying again helps."""


class TextChannel(Protocol):
    """A way for text messages."""

    deduplicates: ClassVar[bool]
    """Whether the provider recognises our key, so that sending again after a crash is harmless."""

    def closed(self) -> str:
        """Why nothing can go out here at all; empty when the channel is open."""

    def send(self, message: Outgoing) -> Receipt:
        """Send ``message``. Raises ``Unavailable``, ``TimeoutError`` (it may or may not have gone out)."""


def is_mobile(phone: str) -> bool:
    """Whether a text message can reach ``phone`` (digits): a landline or an empty number cannot be sent to."""
    return len(phone) == 11 and phone.startswith("1")


class NoSms:
    """No contract with a provider: text messages are counted as missed, and no phone is stored for them."""

    deduplicates: ClassVar[bool] = True

    def closed(self) -> str:
        return Reason.NOT_OPEN

    def send(self, message: Outgoing) -> Receipt:
        return Receipt(accepted=False, code=Reason.NOT_OPEN)


class ConsoleSms:
    """The demo's channel: prints to the terminal. No phone is ever reached, and none is printed whole."""

    deduplicates: ClassVar[bool] = True

    def closed(self) -> str:
        return "" if settings.DEMO else Reason.NOT_OPEN

    def send(self, message: Outgoing) -> Receipt:
        if self.closed():
            return Receipt(accepted=False, code=self.closed())
        lines = f"【{settings.SITE['name']}】{message.text}".splitlines()
        head = f"┌─ 演示短信，没有真的发出 → {mask_phone(message.address)}"
        # The terminal itself: Celery makes log lines of what is printed to sys.stdout; logs carry no texts.
        terminal = sys.__stdout__
        if terminal is not None:
            terminal.write("\n".join([head, *(f"│ {line}" for line in lines), "└" + "─" * 40]) + "\n")
            terminal.flush()
        return Receipt(provider_id=f"console-{message.key}")


_text_channels: dict[str, type[TextChannel]] = {"none": NoSms, "console": ConsoleSms}


def register_text_channel(name: str, channel: type[TextChannel]) -> None:
    """Make ``channel`` selectable as ``SMS_CHANNEL=name``."""
    _text_channels[name] = channel


def text_channel_names() -> list[str]:
    """What ``SMS_CHANNEL`` may be."""
    return sorted(_text_channels)


def text_channel() -> TextChannel:
    """The channel the settings name; an unknown name sends nothing (and fails the system check)."""
    return _text_channels.get(settings.SMS_CHANNEL, NoSms)()
