"""What seats add to one's own data."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from alliance.lib.importing import register_importer
from alliance.lib.registry import contribute
from deadlines.kinds import register_kind
from members.admin import duplicates
from members.defaults import load_body_kinds
from members.importers import LIAISONS, PARTY, UNITS
from members.models import Liaison, Receipt
from members.presenting.keeping import keeping_panel
from members.services.seat_answers import DUES, SEAT_CARD
from members.services.seat_offers import forget_asked
from members.services.seats import leave_seats
from members.services.service_cards import QUARTER  # noqa: F401 (declares what falls due)
from notifications.cards import register_card
from people.models import User


def my_data(user: User) -> dict[str, list[dict[str, Any]]]:
    """The units one speaks or spoke for, and what one read for them."""
    rows = Liaison.objects.filter(user=user).select_related("unit").order_by("-starts_on", "-id")
    seats = [
        {
            "unit": str(row.unit),
            "name": row.name,
            "title": row.title,
            "starts_on": row.starts_on.isoformat(),
            "ends_on": row.ends_on.isoformat() if row.ends_on else "",
        }
        for row in rows
    ]
    return {key: rows for key, rows in (("seats", seats), ("documents", _read(user))) if rows}


def _read(user: User) -> list[dict[str, Any]]:
    """Documents that one said to have seen for a unit: the moment stands under one's name."""
    seen = Receipt.objects.filter(seen_by=user).select_related("version__document__alliance", "unit")
    return [
        {
            "title": row.version.document.title,
            "version": str(row.version.number),
            "alliance": row.version.document.alliance.name,
            "unit": str(row.unit),
            "seen_at": row.seen_at.isoformat() if row.seen_at else "",
        }
        for row in seen.order_by("-seen_at", "-id")
    ]


def my_stays(user: User) -> list[str]:
    """A seat is part of the unit's record; its holder's name is not."""
    if not Liaison.objects.filter(user=user).exists():
        return []
    return [_("您做过单位联络员：担任的单位和起止日期留在单位的登记里，您的姓名和手机号都去掉。还在任的，今天就卸任。")]


def my_erase(user: User) -> None:
    leave_seats(user=user)
    forget_asked(user=user)


contribute("defaults", load_body_kinds, order=30)
contribute("my.data", my_data, order=30)
contribute("my.stays", my_stays, order=30)
contribute("my.erase", my_erase, order=15)
contribute("workbench.urls", duplicates.urls, order=70)
contribute("workbench.nav", duplicates.nav, order=70)
contribute("workbench.panels", keeping_panel, order=15)
register_card(SEAT_CARD)
for _kind in DUES:
    register_kind(_kind)
for _importer in (UNITS, LIAISONS, PARTY):
    register_importer(_importer)
