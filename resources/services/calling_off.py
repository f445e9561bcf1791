"""What becomes of bookings when their resource changes: called off and told, or the change is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import RuleBroken
from people.models import User
from resources import messages
from resources.models import Booking, Hold, Resource
from resources.reach import resting_on
from resources.services.hours import start_of
from resources.services.moving import move
from resources.services.people import tell_bookers, tell_giver, tell_giving_side
from resources.states import BookingVerb


def require_room(resource: Resource, changed: Mapping[str, Any]) -> None:
    """Raises ``RuleBroken`` where ``changed`` would break what is promised. The caller holds the resource."""
    if "kind" in changed and changed["kind"].form != resource.kind.form and _live(resource).exists():
        raise RuleBroken(_("还有没用完的预约，不能改成另一种用法。请先办完或收回预约。"))
    _require_days(resource, changed.get("until"))
    quantity = changed.get("quantity")
    if quantity is not None and quantity < (most := most_promised(resource)):
        raise RuleBroken(_("已经答应出去%(n)d，数量不能比这少。请先收回预约。") % {"n": most})


def _require_days(resource: Resource, until: date | None) -> None:
    """Nothing is promised beyond ``until``."""
    if until is None:
        return
    last = _live(resource).filter(ends__gt=start_of(until + timedelta(days=1))).order_by("-ends").first()
    if last is not None:
        day = timezone.localdate(last.ends - timedelta(microseconds=1))
        said = {"month": day.month, "day": day.day}
        raise RuleBroken(_("已经有人约到%(month)d月%(day)d日，不能提前结束。请先收回预约。") % said)


def most_promised(resource: Resource) -> int:
    """The most of it that is promised at one time from now on. The caller holds the resource."""
    rows = list(Hold.objects.filter(resource=resource, live=True))
    sums = [sum(h.quantity for h in rows if one.during.lower in h.during) for one in rows]
    return max(sums, default=0)


def call_off_all(
    resource: Resource, *, by: User, why: str, starts_on: date | None = None, ends_on: date | None = None
) -> int:
    """收回预约 of what has not been handed over: of all that nobody can have without it; all of them are told.

    Between two days if they are given. Returns how many. The caller holds the resource.
    """
    rows = waiting(resource)
    if starts_on is not None and ends_on is not None:
        rows = rows.filter(used_on(starts_on, ends_on))
    found = list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))
    for booking in found:
        move(booking, BookingVerb.CALL_OFF, by=by, note=why)
        tell_bookers(booking, messages.BookingCalledOff, but=by)
        if starts_on is not None or booking.resource_id != resource.pk:  # of what is stopped itself, they hear that
            tell_giver(booking, by=by)
    return len(found)


def cancel_for(subjects: Iterable[str], *, by: User) -> int:
    """What these (``slot:12``) were booked for does not happen: cancelled at whatever hour, so that others may have the
    time; whoever gives it is told. What was handed over stays until it is given back. Returns how many.

    The rule of the app that owns the subject: who may say so has been asked there.
    """
    rows = Booking.objects.live().filter(subject__in=list(subjects), handed_at__isnull=True, ends__gt=timezone.now())
    rows = rows.select_related("resource__unit", "resource__kind").order_by("pk")
    found = list(rows.select_for_update(of=("self",), no_key=True))
    for booking in found:
        move(booking, BookingVerb.CANCEL, by=by)
        tell_giving_side(booking, messages.BookingCancelled, but=by)
    return len(found)


def to_call_off(resource: Resource) -> list[Booking]:
    """What stopping it would call off, the soonest first."""
    return list(waiting(resource).select_related("resource", "unit", "office").order_by("starts", "pk"))


def used_on(starts_on: date, ends_on: date) -> Q:
    """Bookings for whose first or last day it has to be open between two days, both included. Until midnight is the
    day before; what is lent out is in nobody's way on the days between.
    """
    begin, end = start_of(starts_on), start_of(ends_on + timedelta(days=1))
    return Q(starts__gte=begin, starts__lt=end) | Q(ends__gt=begin, ends__lte=end)


def waiting(resource: Resource) -> Any:
    """Live bookings that cannot be without ``resource`` and that are still to be handed over."""
    return _live(resource).filter(handed_at__isnull=True, ends__gt=timezone.now())


def _live(resource: Resource) -> Any:
    """Of it, of the rooms of a station, of the wholes all these are part of."""
    return Booking.objects.live().filter(resource__in=resting_on(resource)).select_related("resource")
