"""System checks: the settings name providers that exist and can work, and the demo's stays in the demo."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from notifications.channels import SETTINGS, provider_names
from notifications.services.holding import usual_quiet_hours
from notifications.states import QUIET_FROM, QUIET_UNTIL


@register
def providers_are_known(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse an unknown ``SMS_CHANNEL`` or ``EMAIL_CHANNEL``, and printing people's messages outside the demo."""
    found: list[CheckMessage] = []
    for channel, setting in SETTINGS.items():
        name = getattr(settings, setting)
        if name not in provider_names(channel):
            known = ", ".join(provider_names(channel))
            found.append(Error(f"{setting} {name!r} is unknown; choose one of: {known}.", id="notifications.E001"))
    if settings.SMS_CHANNEL == "console" and not settings.DEMO:
        found.append(Error("SMS_CHANNEL=console is for the demo only.", id="notifications.E002"))
    return found


@register
def quiet_hours_are_hours(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """``QUIET_HOURS`` reads "21:00-08:00", within the bounds people have as well, or is empty."""
    try:
        hours = usual_quiet_hours()
    except ValueError:
        hours = None
        wrong = True
    else:
        wrong = bool(settings.QUIET_HOURS) if hours is None else not _within_bounds(*hours)
    hint = 'Write it as "21:00-08:00", or leave it empty.'
    return [Error(f"QUIET_HOURS {settings.QUIET_HOURS!r} is no night.", hint=hint, id="notifications.E005")] * wrong


def _within_bounds(starts: time, ends: time) -> bool:
    return QUIET_FROM[0] <= starts <= QUIET_FROM[1] and QUIET_UNTIL[0] <= ends <= QUIET_UNTIL[1]


@register
def mail_server_is_described(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """``EMAIL_CHANNEL=smtp`` needs to know where to, and in whose name."""
    if settings.EMAIL_CHANNEL != "smtp":
        return []
    found: list[CheckMessage] = []
    if not settings.EMAIL_HOST:
        found.append(Error("EMAIL_CHANNEL=smtp needs EMAIL_URL with a host.", id="notifications.E003"))
    try:
        validate_email(settings.DEFAULT_FROM_EMAIL)
    except ValidationError:
        found.append(Error("EMAIL_CHANNEL=smtp needs EMAIL_FROM, a plain address.", id="notifications.E004"))
    return found


@register(Tags.security, deploy=True)
def robots_have_no_test_server(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Groups are reached over the platforms' own hosts, and nothing else is."""
    if settings.ROBOT_TEST_SERVER is None:
        return []
    return [Error("ROBOT_TEST_SERVER is for tests only.", id="notifications.E006")]


@register(Tags.security, deploy=True)
def mail_goes_out_encrypted(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Links that open something should not be readable on the way."""
    secured = settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or settings.EMAIL_HOST in ("localhost", "127.0.0.1")
    if settings.EMAIL_CHANNEL == "smtp" and not secured:
        hint = "Use smtp+tls:// or smtp+ssl:// in EMAIL_URL."
        return [Warning("E-mails leave the house unencrypted.", hint=hint, id="notifications.W001")]
    return []
