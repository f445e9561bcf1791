"""What activities put before the community and the street (``workbench.approvals``): proposals, and words against
没有来."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.approvals import counted_by
from members.permissions import keeps_place
from people.models import User
from volunteers.models import Activity, SignUp
from volunteers.permissions.people import KEEPERS

SOON, MOST = timedelta(days=3), 200


def _keeps(request: HttpRequest) -> User | None:
    user = request.user
    return user if isinstance(user, User) and user.has_role(*KEEPERS) else None


def _waiting(request: HttpRequest) -> list[Activity]:
    user = _keeps(request)
    if user is None:
        return []
    rows = Activity.objects.kept_by(user).waiting().select_related("unit", "area")
    # Nobody approves what they proposed; asking each row for its abilities would look up seats for each.
    rows = rows.exclude(proposed_by=user).order_by("proposed_at", "pk")[:MOST]
    return [row for row in rows if keeps_place(user, row.area_id)]


@counted_by(lambda request: len(_waiting(request)))
def activities(request: HttpRequest) -> list[dict[str, Any]]:
    """What units propose."""
    return [
        {
            "title": row.title,
            "what": _("活动"),
            "who": row.unit.name if row.unit else row.area.name,
            "since": row.proposed_at,
            "url": reverse("admin:volunteers_activity_change", args=[row.pk]),
            "overdue": timezone.now() - row.proposed_at > SOON,
            "detail": row.get_kind_display(),
            "number": row.number,
        }
        for row in _waiting(request)
    ]


def _appealed(request: HttpRequest) -> QuerySet[SignUp]:
    user = _keeps(request)
    if user is None:
        return SignUp.objects.none()
    rows = SignUp.objects.kept_by(user).appealed().filter(~Q(person=user))
    return rows.order_by("made_at", "pk")[:MOST]


@counted_by(lambda request: sum(keeps_place(request.user, row.post.slot.activity.area_id) for row in _seen(request)))
def appeals(request: HttpRequest) -> list[dict[str, Any]]:
    """Words against 没有来."""
    return [
        {
            "title": row.post.slot.activity.title,
            "what": _("没有来的说明"),
            "who": row.person.name,
            "since": row.made_at,
            "url": reverse("volunteers:today", args=[row.post.slot_id]),
            "overdue": False,
            "detail": "",
            "number": row.post.slot.activity.number,
        }
        for row in _seen(request)
        if keeps_place(request.user, row.post.slot.activity.area_id)
    ]


def _seen(request: HttpRequest) -> QuerySet[SignUp]:
    return _appealed(request).select_related("post__slot__activity", "person")
