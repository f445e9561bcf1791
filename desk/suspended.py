"""What a unit reads while it takes no part."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from desk.presenting import office
from members.models import MemberUnit
from needs import wording
from people.models import Area


def suspension(unit: MemberUnit) -> dict[str, Any] | None:
    """Why the unit takes no part for the time being, since when, and whom to ask about it; None while it does."""
    if unit.suspended_at is None:
        return None
    return {
        "why": wording.veiled(unit.suspended_why) if unit.suspended_why_shown else "",
        "since": wording.on(unit.suspended_at),
        "office": _whom_to_ask(unit.area),
    }


def _whom_to_ask(seat: Area) -> dict[str, str]:
    """The office of the street ``seat`` lies in; of a unit seated above the streets, that of its seat."""
    street = Area.objects.filter(pk=seat.street_code).first()
    if street is None:
        return office(seat)
    found = office(street)
    return {**found, "name": _("%(street)s党建办") % {"street": found["name"]}}
