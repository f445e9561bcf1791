"""The ways out of the house. Nothing else in the product talks to the outside.

A provider gets one message and says what became of it. It must come back within about ``SECONDS`` and raise
``Unavailable`` only if the message certainly did not go out. Which provider serves a channel is a setting.
"""

from __future__ import annotations

from django.conf import settings

from notifications.channels.interface import SECONDS, Outgoing, Provider, Receipt, Unavailable
from notifications.channels.mail import NoEmail, Smtp
from notifications.channels.sms import ConsoleSms, NoSms, is_mobile, signed
from notifications.states import Channel

__all__ = [
    "SECONDS",
    "SETTINGS",
    "ConsoleSms",
    "NoEmail",
    "NoSms",
    "Outgoing",
    "Provider",
    "Receipt",
    "Smtp",
    "Unavailable",
    "is_mobile",
    "provider_names",
    "provider_of",
    "register_provider",
    "signed",
]

SETTINGS: dict[Channel, str] = {Channel.SMS: "SMS_CHANNEL", Channel.EMAIL: "EMAIL_CHANNEL"}
"""Which setting names the provider of a channel."""

_providers: dict[Channel, dict[str, type[Provider]]] = {
    Channel.SMS: {"none": NoSms, "console": ConsoleSms},
    Channel.EMAIL: {"none": NoEmail, "smtp": Smtp},
}


def register_provider(channel: Channel, name: str, provider: type[Provider]) -> None:
    """Make ``provider`` selectable for ``channel``, as ``SMS_CHANNEL=name`` or ``EMAIL_CHANNEL=name``."""
    _providers[channel][name] = provider


def provider_names(channel: Channel) -> list[str]:
    """What the setting of ``channel`` may be."""
    return sorted(_providers[channel])


def provider_of(channel: Channel) -> Provider:
    """The provider the settings name; an unknown name sends nothing (and fails the system check)."""
    known = _providers[channel]
    return known.get(getattr(settings, SETTINGS[channel]), known["none"])()
