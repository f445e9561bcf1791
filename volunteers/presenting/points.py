"""What points were given for, as a statement of points says it: the activity, the hours, and how they were reckoned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from points.figures import said
from points.models import Rule, Transfer
from points.things import Thing, keys_of
from volunteers.models import Activity, Hours
from volunteers.services.checked import ORDINARY
from volunteers.services.hours import as_hours


def things(viewer: Any, postings: Sequence[Transfer]) -> dict[str, Thing]:
    """By source of ``postings``: two statements, none where nothing is of here."""
    rows = keys_of(postings, "attendance")
    sources = {f"attendance:{pk}": row for pk, row in rows.items()}
    if not sources:
        return {}
    noted = Hours.objects.filter(source__in=sources).select_related("attendance__signup__post__slot__activity")
    found = [(row, row.attendance.signup.post.slot.activity) for row in noted if row.attendance]
    keys = {activity.pk for _row, activity in found}
    seen = set(Activity.objects.visible_to(viewer).filter(pk__in=keys).values_list("pk", flat=True))
    return {
        row.source: Thing(
            activity.number,
            reverse("volunteers:activity", args=[activity.pk]) if activity.pk in seen else "",
            _worked(row, activity, sources[row.source].rule),
        )
        for row, activity in found
    }


def _worked(row: Hours, activity: Activity, rule: Rule | None) -> str:
    """2小时，一小时1分，专业服务150%."""
    facts = {"time": as_hours(row.minutes), "hour": said(rule.hour) if rule else ""}
    if rule is None:
        return _("%(time)s小时") % facts
    kinds = {one["key"]: one for one in rule.coefficients}
    kind = kinds.get(activity.coefficient) or kinds.get(ORDINARY)
    plain = _("%(time)s小时，一小时%(hour)s分") % facts
    if kind is None or kind["percent"] == 100:
        return plain
    return _("%(plain)s，%(kind)s%(percent)s%%") % {"plain": plain, "kind": kind["name"], "percent": kind["percent"]}
