"""What every page needs to know about the site and the visitor's display."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from alliance.lib.about import area_about
from members.services import alliance_of, sole_alliance

ELDER_COOKIE = "elder"
OF_A_STREET = re.compile(r"\u8857\u9053|\u9547|\u4e61")
"""An office of a sub-district, town or township names it."""


def site(request: HttpRequest) -> dict[str, Any]:
    """``site`` (name, alliance, phone, host …), ``elder``, ``demo`` and ``signed_in`` for the templates."""
    return {
        "site": SimpleLazyObject(partial(_site, request)),
        "elder": request.COOKIES.get(ELDER_COOKIE) == "on",
        "demo": settings.DEMO,
        # Only if it is known by now: a page about a database that is away must not ask it who is there.
        "signed_in": hasattr(request, "_cached_user") and request.user.is_authenticated,
    }


def _site(request: HttpRequest) -> dict[str, str]:
    """The name of the alliance of the area the page is about; of none, where it is about no street in particular."""
    facts, here = dict(settings.SITE), area_about(request)
    alliance = alliance_of(here) if here else sole_alliance()
    facts["alliance_name"] = alliance.name if alliance else ""
    facts["office_name"] = alliance.office_name if alliance else ""
    if alliance and here and alliance.area.name not in facts["host_org"] and OF_A_STREET.search(facts["host_org"]):
        facts["host_org"] = ""  # another street's: it does not keep this alliance
    digits = "".join(character for character in facts["phone"] if character.isdigit())
    facts["phone_href"] = f"tel:{digits}" if digits else ""
    return facts
