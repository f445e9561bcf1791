"""What the portal adds to the workbench's door: whose it is, and in the demo who may try it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from alliance.lib.registry import contribute
from members.services import leading_alliance
from portal.demo import loading


def door(request: HttpRequest) -> dict[str, Any]:
    """Name of the alliance for the sign-in page; the demo's accounts where the demo is on."""
    alliance = leading_alliance()
    accounts = [
        {"username": username, "password": password, "role": does}
        for username, password, does in loading.door_accounts()
    ]
    return {"site_alliance": alliance.name if alliance else "", "demo_accounts": accounts if settings.DEMO else []}


contribute("workbench.door", door)
