"""What the warehouse puts before those who say yes or no (``workbench.approvals``): new resources, bookings of what an
office gives, words against 爽约.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.approvals import counted_by
from alliance.lib.dates import moment
from deadlines.services.calendar import calendar
from deadlines.worktime import Calendar
from people.models import User
from people.querysets import within
from people.states import STREET_ROLES
from resources.models import Booking, BookingEvent, Mode, Resource
from resources.permissions import APPROVERS, COMMAND, KEEPERS
from resources.presenting import facts, times
from resources.presenting.hands import look_by
from resources.states import Appeal, BookingState, BookingVerb, ResourceState

Rows = list[dict[str, Any]]
SOON = timedelta(days=1)
MOST = 200


def _offered(request: HttpRequest) -> QuerySet[Resource]:
    user = request.user
    if not isinstance(user, User) or not user.has_role(*APPROVERS):
        return Resource.objects.none()
    own = within(user.areas_of(*APPROVERS))
    rows = Resource.objects.filter(own, state=ResourceState.TO_APPROVE)
    return rows.order_by("waiting_since", "pk")[:MOST]


@counted_by(lambda request: [_offered(request)])
def resources_to_approve(request: HttpRequest) -> Rows:
    """What units and communities offer, for who approves in the street."""
    waiting = list(_offered(request).select_related("kind", "unit", "area"))
    cal = calendar() if waiting else None
    return [_resource(row, cal) for row in waiting if cal]


def _resource(row: Resource, cal: Calendar) -> dict[str, Any]:
    ends = look_by(row, cal)
    said = (row.kind.label, row.area.name, facts.size_of(row), _("%(day)s前答复") % {"day": times.last_day(ends)})
    return {
        "title": row.name,
        "what": _("新资源"),
        "who": str(row.unit or row.area.name),
        "since": row.waiting_since,
        "url": reverse("admin:resources_resource_change", args=[row.pk]),
        "overdue": timezone.now() > ends,
        "detail": " · ".join(part for part in said if part),
        "number": row.number,
    }


def _booked(request: HttpRequest) -> QuerySet[Booking]:
    user = request.user
    if not isinstance(user, User) or not user.has_role(*KEEPERS, *STREET_ROLES):
        return Booking.objects.none()
    asked = Q(state=BookingState.ASKED, resource__unit__isnull=True) & within(
        user.areas_of(*KEEPERS), area="resource__area__code", street="street_code"
    )
    streets = within(user.areas_of(*STREET_ROLES), area="street_code")
    at_war = Mode.objects.filter(emergency=True).values("street")
    reserved = Q(state=BookingState.ASKED, resource__emergency=True, street_code__in=at_war)
    asked |= reserved & within(user.areas_of(*COMMAND), area="street_code")
    appealed = streets & Q(pk__in=Booking.objects.to_decide_by(user).values("pk"))
    waiting = Q(state=BookingState.ASKED) | Q(appeal=Appeal.ASKED)
    return Booking.objects.filter(waiting).filter(asked | appealed).order_by("asked_at", "pk")[:MOST]


@counted_by(lambda request: [_booked(request)])
def bookings_to_answer(request: HttpRequest) -> Rows:
    """Bookings of what one's office gives, in 战时 of what is marked for it, and words against 爽约 of others."""
    said = BookingEvent.objects.filter(booking=OuterRef("pk"), verb=BookingVerb.APPEAL).order_by("-pk").values("at")[:1]
    rows = _booked(request).annotate(said_at=Subquery(said))
    return [_booking(row) for row in rows.select_related("resource__kind", "resource__area", "unit", "office")]


def _booking(row: Any) -> dict[str, Any]:
    appealed = row.appeal == Appeal.ASKED
    soon = row.state == BookingState.ASKED and row.starts - timezone.now() < SOON
    said = [times.between(row.starts, row.ends), row.purpose]
    if row.state == BookingState.ASKED:
        said.append(_("%(day)s前答复") % {"day": moment(row.answer_by or row.starts)})
    return {
        "title": row.resource.name,
        "what": _("说明情况") if appealed else _("预约"),
        "who": facts.booker_of(row),
        "since": (row.said_at if appealed else None) or row.asked_at,
        "url": reverse("admin:resources_booking_change", args=[row.pk]),
        "overdue": soon,
        "detail": " · ".join(said),
        "number": row.number,
    }
