"""What every page needs to know about the site and the visitor's display."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from members.services import leading_alliance

ELDER_COOKIE = "elder"


def site(request: HttpRequest) -> dict[str, Any]:
    """``site`` (name, alliance, phone, host …), ``elder``, ``demo`` and ``signed_in`` for the templates."""
    return {
        "site": SimpleLazyObject(_site),
        "elder": request.COOKIES.get(ELDER_COOKIE) == "on",
        "demo": settings.DEMO,
        # Only if it is known by now: a page about a database that is away must not ask it who is there.
        "signed_in": hasattr(request, "_cached_user") and request.user.is_authenticated,
    }


def _site() -> dict[str, str]:
    facts = dict(settings.SITE)
    alliance = leading_alliance()
    facts["alliance_name"] = alliance.name if alliance else ""
    facts["office_name"] = alliance.office_name if alliance else ""
    digits = "".join(character for character in facts["phone"] if character.isdigit())
    facts["phone_href"] = f"tel:{digits}" if digits else ""
    return facts
