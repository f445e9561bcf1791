"""What everybody reads of meetings: extracts of minutes, by street."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.pagination import Page, capped_count, count_label, page
from meetings.models import Extract
from members.models import Alliance
from people.models import Area

LOADED = ("meeting__area", "meeting__unit")


def extracts(street: str, cursor: str) -> Page:
    """The newest first; of one street where ``street`` names it."""
    rows = Extract.objects.shown().select_related(*LOADED)
    rows = rows.filter(street_code=street) if street else rows
    return page(rows.annotate(created_at=F("shown_at")), cursor=cursor)


def extract_of(meeting: int) -> Extract | None:
    return Extract.objects.shown().select_related(*LOADED).filter(meeting=meeting).first()


def streets() -> list[Area]:
    """Those with something to read."""
    codes = Extract.objects.shown().values("street_code")
    return list(Area.objects.filter(pk__in=codes).order_by("pk"))


def door(alliance: Alliance) -> dict[str, Any] | None:
    """议事公开, on an alliance's public page, where something is shown."""
    number = capped_count(Extract.objects.shown().filter(street_code=alliance.area_id))
    if not number:
        return None
    url = f"{reverse('meetings:extracts')}?street={alliance.area_id}"
    return {"label": _("议事公开"), "n": count_label(number), "url": url}
