"""What volunteers put before whoever keeps the place (``workbench.approvals``): new ones, and 双报到."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.approvals import counted_by
from members.states import REGISTER_ROLES
from people.models import User
from people.querysets import STREET_LENGTH, within
from people.states import COMMUNITY_ROLES
from volunteers.models import PartyReport, Volunteer

SOON, MOST = timedelta(days=3), 200


def _kept(user: Any) -> Any:
    """Rows of the places that ``user`` keeps: of a community its own, of a street all."""
    streets = set(user.areas_of(*REGISTER_ROLES))
    own = {code for code in user.areas_of(*COMMUNITY_ROLES) if len(code) > STREET_LENGTH}
    return within(streets | own)


def _new(request: HttpRequest) -> QuerySet[Volunteer]:
    if not isinstance(request.user, User):
        return Volunteer.objects.none()
    rows = Volunteer.objects.waiting().filter(_kept(request.user)).exclude(user=request.user)
    return rows.order_by("registered_at", "pk")[:MOST]


def _reports(request: HttpRequest) -> QuerySet[PartyReport]:
    if not isinstance(request.user, User):
        return PartyReport.objects.none()
    rows = PartyReport.objects.live().filter(_kept(request.user), accepted_at__isnull=True)
    return rows.exclude(volunteer__user=request.user).order_by("reported_at", "pk")[:MOST]


@counted_by(lambda request: [_new(request)])
def new_volunteers(request: HttpRequest) -> list[dict[str, Any]]:
    """Somebody new, in a street that looks first."""
    return [
        _row(one, _("志愿者登记"), one.number, one.registered_at, "volunteer")
        for one in _new(request).select_related("area")
    ]


@counted_by(lambda request: [_reports(request)])
def reports(request: HttpRequest) -> list[dict[str, Any]]:
    """党员报到 to be confirmed."""
    return [
        _row(one, _("双报到"), one.volunteer.number, one.reported_at, "partyreport")
        for one in _reports(request).select_related("area", "volunteer")
    ]


def _row(one: Any, what: str, number: str, since: Any, page: str) -> dict[str, Any]:
    return {
        "title": one.area.name,
        "what": what,
        "who": number,
        "since": since,
        "url": reverse(f"admin:volunteers_{page}_change", args=[one.pk]),
        "overdue": timezone.now() - since > SOON,
        "detail": "",
        "number": number,
    }
