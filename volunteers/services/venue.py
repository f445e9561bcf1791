"""约场地: a day of an activity has a hall of the shared warehouse, for the time it takes.

Locks: the activity, then what ``resources`` holds (docs/locking.md). Whoever hears of a booking locks no activity.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotFound
from people.models import User
from resources import services as resources
from resources.models import Booking, Resource
from resources.permissions import speaks_for
from resources.services.halls import halls_in
from resources.states import BookingVerb
from volunteers.messages import activities as messages
from volunteers.models import Activity, Slot
from volunteers.services.activities import hold
from volunteers.services.dues import subject_of
from volunteers.services.telling import tell_of_day
from volunteers.states import ActivityVerb

LOST = frozenset({BookingVerb.REFUSE, BookingVerb.CALL_OFF, BookingVerb.CANCEL, BookingVerb.LAPSE})
"""After these the day has no hall any more."""


@transaction.atomic
def book_venue(
    *,
    activity: int,
    slot: int,
    by: User,
    resource: int,
    client_key: UUID,
    people: int | None = None,
    seen_warnings: str = "",
) -> Booking:
    """Book ``resource`` for the time of ``slot``, for the unit that organises it or the office; a second tap finds the
    first. The activity's form need not be fresh: it is the day that counts.

    Raises as ``hold``; ``NotFound`` (no such day); ``Conflict`` (it was called off); ``Invalid`` on ``resource`` with
    what ``resources`` says (taken, closed, too many, not for such a booker), ``Warned``.
    """
    row = hold(activity, by, ActivityVerb.PLAN, None)
    day = Slot.objects.filter(activity=row, pk=slot).first()
    if day is None:
        raise NotFound
    if day.called_off_at is not None:
        raise Conflict
    own = row.unit_id is not None and speaks_for(by, row.unit_id)
    booker = resources.Booker(unit=row.unit_id) if own else resources.Booker(office=row.area_id)
    try:
        booking = resources.book(
            client_key=client_key,
            by=by,
            resource=resource,
            starts=day.starts,
            ends=day.ends,
            purpose=row.title,
            booker=booker,
            people=people,
            subject=subject_of(day),
            subject_label=row.number,
            seen_warnings=seen_warnings,
        )
    except Conflict as error:
        raise Invalid({"resource": [error.message]}) from error
    except Invalid as error:
        raise _as_asked(error) from error
    if booking.just_made:
        row.move_to(ActivityVerb.PLAN, actor=by, note=f"{booking.resource.name} {booking.number}")
    return booking


def _as_asked(error: Invalid) -> Invalid:
    """The form asks for a hall: what is wrong with its time is said there."""
    for name in ("starts", "ends", "quantity", "place"):
        if name in error.fields:
            error.fields.setdefault("resource", []).extend(error.fields.pop(name))
    return error


def days_without(row: Activity) -> QuerySet[Slot]:
    """Days to come, the nearest first."""
    return Slot.objects.filter(activity=row, starts__gt=timezone.now(), called_off_at=None).order_by("starts", "pk")


def halls(row: Activity, user: User) -> list[Resource]:
    """Rooms of the street that ``user`` may book for ``row``."""
    return halls_in(str(row.street_code), user)


def booking_has_moved(*, booking: Booking, verb: str, by: User | None) -> None:
    """The hall of a day cannot be had any more: whoever organises it is told, unless the day itself is off."""
    if verb not in LOST:
        return
    key: Any = booking.subject.partition(":")[2]
    rows = Slot.objects.filter(pk=key, called_off_at=None, starts__gt=timezone.now())
    day = rows.select_related("activity__area", "activity__unit").first()
    if day is not None:
        turn = f"hall:{booking.pk}"
        tell_of_day(day, messages.VenueLost, but=by, turn=turn, hall=booking.resource.name)
