"""What a unit reads while it takes no part."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from desk.presenting import office
from members.models import MemberUnit
from needs import wording
from people.models import Area


def suspension(unit: MemberUnit) -> dict[str, Any] | None:
    """Why the unit takes no part for the time being, since when, and whom to ask at its street; None while it does."""
    if unit.suspended_at is None:
        return None
    street = Area.objects.get(pk=unit.area.street_code)
    found = office(street)
    return {
        "why": wording.veiled(unit.suspended_why),
        "since": wording.on(unit.suspended_at),
        "office": {**found, "name": _("%(street)s党建办") % {"street": found["name"]}},
    }
