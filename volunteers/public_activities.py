"""What everybody may read of activities: the days of a month, in few statements."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone

from alliance.lib.errors import NotFound
from alliance.lib.text import clean
from people.models import Area
from people.states import Level
from volunteers.models import Activity, Post, SignUp, Slot
from volunteers.states import BUSY, SHOWN, ActivityKind, SignUpState

MOST_DAYS = 120
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Chosen:
    """What somebody looks for; empty: everything."""

    month: date
    street: str = ""
    kind: str = ""

    def query(self, **other: str) -> dict[str, str]:
        """As an address says it."""
        every = {"month": f"{self.month:%Y-%m}", "street": self.street, "kind": self.kind, **other}
        return {name: value for name, value in every.items() if value}


def chosen_from(request: HttpRequest) -> Chosen:
    """What makes no sense is not chosen."""
    found = MONTH.fullmatch(request.GET.get("month", ""))
    today = timezone.localdate()
    month = date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1)
    street, kind = clean(request.GET.get("street", ""))[:9], request.GET.get("kind", "")
    return Chosen(month, street if street.isdigit() else "", kind if kind in ActivityKind.values else "")


def days_of(chosen: Chosen) -> list[Slot]:
    """The days of the month, the nearest first; of this month those that are not over."""
    first = timezone.make_aware(datetime.combine(chosen.month, time.min))
    last = timezone.make_aware(datetime.combine(_next(chosen.month), time.min))
    rows = Slot.objects.filter(starts__gte=first, starts__lt=last, activity__state__in=SHOWN)
    if chosen.month <= timezone.localdate():
        rows = rows.filter(ends__gt=min(timezone.now(), last))
    if chosen.street:
        rows = rows.filter(activity__street_code=chosen.street)
    if chosen.kind:
        rows = rows.filter(activity__kind=chosen.kind)
    rows = rows.select_related("activity__area", "activity__unit").prefetch_related("posts")
    return list(rows.order_by("starts", "pk")[:MOST_DAYS])


def weeks_of(chosen: Chosen, with_something: Iterable[date]) -> list[list[dict[str, Any]]]:
    """The month as a calendar has it, Monday first: each day, and whether something happens."""
    busy, today = set(with_something), timezone.localdate()
    return [
        [
            {"day": day, "in": day.month == chosen.month.month, "busy": day in busy, "today": day == today}
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(chosen.month.year, chosen.month.month)
    ]


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def months_round(month: date) -> tuple[date, date]:
    """The one before and the one after."""
    return (month - timedelta(days=1)).replace(day=1), _next(month)


def streets() -> list[Area]:
    """Streets that have something."""
    codes = Activity.objects.public().order_by().values_list("street_code", flat=True).distinct()
    return list(Area.objects.filter(pk__in=codes, level=Level.STREET).order_by("pk"))


def find_activity(user: Any, pk: int) -> Activity:
    """The activity, for whoever may see it. Raises ``NotFound``."""
    rows = Activity.objects.visible_to(user).select_related("area", "unit")
    row: Activity | None = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def days_ahead(activity: Activity) -> list[Slot]:
    """Its days that are not over, with what there is to do."""
    rows = Slot.objects.filter(activity=activity, ends__gt=timezone.now()).prefetch_related("posts")
    return list(rows.order_by("starts", "pk")[:MOST_DAYS])


def own_signups(activity: Activity, user: Any) -> list[SignUp]:
    """What ``user`` has there, not counting what was cancelled."""
    if not getattr(user, "is_authenticated", False):
        return []
    rows = SignUp.objects.filter(post__slot__activity=activity, person_id=user.pk)
    rows = rows.exclude(state=SignUpState.CANCELLED).select_related("post__slot__activity")
    return list(rows.order_by("post__slot__starts", "pk"))


def lines(posts: Iterable[Post]) -> dict[int, int]:
    """By post: how many sign-ups wait there; one query."""
    rows = SignUp.objects.filter(post__in=[one.pk for one in posts], state=SignUpState.WAITING).order_by()
    return dict(rows.values("post").annotate(n=Count("pk")).values_list("post", "n"))


def clashes(days: Iterable[Slot], user: Any) -> dict[int, Slot]:
    """By day: what else ``user`` has at that time, the nearest; one query."""
    if not getattr(user, "is_authenticated", False):
        return {}
    rows = SignUp.objects.filter(person_id=user.pk, state__in=BUSY, post__slot__ends__gt=timezone.now())
    busy = [row.post.slot for row in rows.select_related("post__slot__activity").order_by("post__slot__starts", "pk")]
    found = {}
    for day in days:
        other = next(
            (one for one in busy if one.starts < day.ends and day.starts < one.ends and one.pk != day.pk), None
        )
        if other is not None:
            found[day.pk] = other
    return found
