"""System checks: the settings name a channel that exists, and the demo's channel stays in the demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from notifications.channels import text_channel_names


@register
def sms_channel_fits(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse an unknown ``SMS_CHANNEL``, and printing real people's messages outside the demo."""
    name = settings.SMS_CHANNEL
    if name not in text_channel_names():
        known = ", ".join(text_channel_names())
        return [Error(f"SMS_CHANNEL {name!r} is unknown; choose one of: {known}.", id="notifications.E001")]
    if name == "console" and not settings.DEMO:
        return [Error("SMS_CHANNEL=console is for the demo only.", id="notifications.E002")]
    return []
