"""Doors to what everybody reads of projects, on an alliance's page: the fair, livelihood items, the service menu."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.pagination import capped_count, count_label
from members.models import Alliance
from people.querysets import within
from projects.models import Deed, MenuItem, Project


def fair(alliance: Alliance) -> dict[str, Any] | None:
    """项目展示, where something is shown."""
    number = capped_count(Project.objects.public().filter(within([alliance.area_id])))
    return _door(_("一起办的事"), number, reverse("projects:fair", args=[alliance.area_id]))


def deeds(alliance: Alliance) -> dict[str, Any] | None:
    """民生实事 of the year, of a street's alliance."""
    every = Deed.objects.public().filter(street_code=alliance.area_id)
    year = every.order_by("-year").values_list("year", flat=True).first()
    number = every.filter(year=year).count() if year else 0
    return _door(_("民生实事"), number, reverse("projects:deeds", args=[alliance.area_id]))


def menu(alliance: Alliance) -> dict[str, Any] | None:
    """服务菜单 of this year."""
    rows = MenuItem.objects.in_use().filter(alliance=alliance, year=timezone.localdate().year)
    return _door(_("服务菜单"), rows.count(), reverse("projects:menu", args=[alliance.pk]))


def _door(label: str, number: int, url: str) -> dict[str, Any] | None:
    return {"label": label, "n": count_label(number), "url": url} if number else None
