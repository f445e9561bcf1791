"""What the warehouse puts before those who say yes or no (``workbench.approvals``): new resources, bookings of what an
office gives, words against 爽约.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import User
from people.querysets import within
from people.states import STREET_ROLES
from resources.models import Booking, BookingEvent, Mode, Resource
from resources.permissions import APPROVERS, COMMAND, KEEPERS
from resources.presenting import facts, times
from resources.states import Appeal, BookingState, BookingVerb, ResourceState

Rows = list[dict[str, Any]]
SOON = timedelta(days=1)
MOST = 200


def resources_to_approve(request: HttpRequest) -> Rows:
    """What units and communities offer, for who approves in the street."""
    user = request.user
    if not isinstance(user, User) or not user.has_role(*APPROVERS):
        return []
    own = within(user.areas_of(*APPROVERS))
    rows = Resource.objects.filter(own, state=ResourceState.TO_APPROVE).select_related("kind", "unit", "area")
    return [
        {
            "title": row.name,
            "what": _("新资源"),
            "who": str(row.unit or row.area.name),
            "since": row.waiting_since,
            "url": reverse("admin:resources_resource_change", args=[row.pk]),
            "overdue": timezone.now() - row.waiting_since > SOON if row.waiting_since else False,
            "detail": " · ".join(part for part in (row.kind.label, row.area.name, facts.size_of(row)) if part),
            "number": row.number,
        }
        for row in rows.order_by("waiting_since", "pk")[:MOST]
    ]


def bookings_to_answer(request: HttpRequest) -> Rows:
    """Bookings of what one's office gives, in 战时 of what is marked for it, and words against 爽约 of others."""
    user = request.user
    if not isinstance(user, User) or not user.has_role(*KEEPERS, *STREET_ROLES):
        return []
    asked = Q(state=BookingState.ASKED, resource__unit__isnull=True) & within(
        user.areas_of(*KEEPERS), area="resource__area__code", street="street_code"
    )
    streets = within(user.areas_of(*STREET_ROLES), area="street_code")
    at_war = Mode.objects.filter(emergency=True).values("street")
    reserved = Q(state=BookingState.ASKED, resource__emergency=True, street_code__in=at_war)
    asked |= reserved & within(user.areas_of(*COMMAND), area="street_code")
    appealed = streets & Q(pk__in=Booking.objects.to_decide_by(user).values("pk"))
    waiting = Q(state=BookingState.ASKED) | Q(appeal=Appeal.ASKED)
    said = BookingEvent.objects.filter(booking=OuterRef("pk"), verb=BookingVerb.APPEAL).order_by("-pk").values("at")[:1]
    rows = Booking.objects.filter(waiting).filter(asked | appealed).annotate(said_at=Subquery(said))
    rows = rows.select_related("resource__kind", "resource__area", "unit", "office")
    return [_booking(row) for row in rows.order_by("asked_at", "pk")[:MOST]]


def _booking(row: Any) -> dict[str, Any]:
    appealed = row.appeal == Appeal.ASKED
    soon = row.state == BookingState.ASKED and row.starts - timezone.now() < SOON
    return {
        "title": row.resource.name,
        "what": _("说明情况") if appealed else _("预约"),
        "who": facts.booker_of(row),
        "since": (row.said_at if appealed else None) or row.asked_at,
        "url": reverse("admin:resources_booking_change", args=[row.pk]),
        "overdue": soon,
        "detail": f"{times.between(row.starts, row.ends)} · {row.purpose}",
        "number": row.number,
    }
