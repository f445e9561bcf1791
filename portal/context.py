"""What every page needs to know about the site and the visitor's display."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from members.services import leading_alliance

ELDER_COOKIE = "elder"


def site(request: HttpRequest) -> dict[str, Any]:
    """``site`` (name, alliance, phone, host …), ``elder`` and ``demo`` for the templates."""
    return {
        "site": SimpleLazyObject(_site),
        "elder": request.COOKIES.get(ELDER_COOKIE) == "on",
        "demo": settings.DEMO,
    }


def _site() -> dict[str, str]:
    facts = dict(settings.SITE)
    alliance = leading_alliance()
    facts["alliance_name"] = alliance.name if alliance else ""
    facts["office_name"] = alliance.office_name if alliance else ""
    digits = "".join(character for character in facts["phone"] if character.isdigit())
    facts["phone_href"] = f"tel:{digits}" if digits else ""
    return facts
