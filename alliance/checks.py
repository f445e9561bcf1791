"""Deployment checks of our own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def demo_is_off(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The demo's accounts have published passwords, so production refuses them."""
    if settings.DEMO:
        return [Error("DEMO must be off in production.", id="tongxin.E001")]
    return []
