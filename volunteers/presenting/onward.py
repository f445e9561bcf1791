"""On the page of a need, a wish or a resource: the activities made of it, and the form that begins one; and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from alliance.lib.onward import Made, Onward, Way
from needs.models import Need
from people.models import User
from projects.presenting.linked import subject_named
from projects.services.linked import Linked, resolve
from volunteers.models import Activity
from volunteers.permissions.activities import activity_abilities
from volunteers.states import ActivityKind

BEGINS = frozenset({"need", "resource"})
"""Of what an activity is made: what many need, and what somebody shares. A wish is one person's."""


def onward(user: User, key: str, label: str) -> Onward:
    """Staff alone: what is theirs to keep. What many need may serve any number of activities."""
    rows = Activity.objects.kept_by(user).filter(origin=key).order_by("-proposed_at", "-pk")
    made = [
        Made(
            row.get_kind_display(),
            row.title,
            reverse("admin:volunteers_activity_change", args=[row.pk]),
            row.get_state_display(),
        )
        for row in rows
    ]
    ways = []
    if key.partition(":")[0] in BEGINS and "add" in activity_abilities(user):
        url = reverse("admin:volunteers_activity_add")
        ways.append(Way(_("办成课程或活动"), f"{url}?{urlencode({'origin': label})}"))
    return Onward(tuple(made), tuple(ways))


def begun_of(user: User, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the form shows first where it was opened from a thing: its number, and of a need where it is. No words of
    residents: everybody reads those of an activity."""
    number = asked.get("origin", "")[:60]
    if not number and asked.get("kind") in ActivityKind.values:
        return _wanted(asked)
    kind, _colon, key = subject_named(user, number).partition(":")
    if kind != "need":
        return {"origin": number} if number else {}
    area = Need.objects.visible_to(user).filter(pk=key).values_list("area_id", flat=True).first()
    return {"origin": number, "area": area, "kind": ActivityKind.COURSE}


def _wanted(asked: Mapping[str, str]) -> dict[str, Any]:
    """What fills an empty month of the year: of which kind, where, and a name to begin with."""
    kind = ActivityKind(asked["kind"])
    begun: dict[str, Any] = {"kind": kind, "area": asked.get("area", "")[:24]}
    _year, _dash, month = asked.get("month", "").partition("-")
    if month.isdecimal() and 1 <= int(month[:2]) <= 12:
        begun["title"] = _("%(month)d月%(kind)s") % {"month": int(month[:2]), "kind": kind.label}
    return begun


def origin_of(row: Activity, user: User) -> Linked | None:
    """What it came from, as far as ``user`` may see it."""
    return resolve(user, [row.origin]).get(row.origin) if row.origin else None
