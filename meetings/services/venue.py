"""约场地: a meeting has a room of the shared warehouse, for the time it takes.

Locks: the meeting, then what ``resources`` holds (docs/locking.md). Whoever hears of a booking locks no meeting.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, RuleBroken
from meetings import messages
from meetings.models import Meeting
from meetings.services.held import hold
from meetings.services.telling import tell_invited, tell_keepers
from meetings.states import AHEAD, MeetingVerb
from people.models import User
from resources import services as resources
from resources.models import Booking
from resources.services.calling_off import cancel_for
from resources.states import LIVE, BookingState, BookingVerb

LOST = frozenset({BookingVerb.REFUSE, BookingVerb.CALL_OFF, BookingVerb.CANCEL, BookingVerb.LAPSE})
"""After these the meeting has no room any more."""
MOST_PLACE = 80


@transaction.atomic
def book_room(
    *,
    meeting: int,
    by: User,
    resource: int,
    client_key: UUID,
    people: int | None = None,
    seen_warnings: str = "",
) -> Booking:
    """Book ``resource`` for the time of the meeting, for the office that keeps it, instead of what was booked before; a
    second tap finds the first. A room that stands at once is its place from now on, and whoever is invited hears of it.

    Raises as ``hold``; ``Invalid`` on ``resource`` with what ``resources`` says (taken, closed, too many), ``Warned``;
    ``RuleBroken`` (it has begun).
    """
    row = hold(Meeting, meeting, by, MeetingVerb.EDIT, None)
    if row.starts <= timezone.now():
        raise RuleBroken(_("会已经开始了。"))
    if has_room(row) and not Booking.objects.filter(client_key=client_key).exists():
        Meeting.objects.filter(pk=row.pk).update(booking=None)  # so that nobody is told that the old one is lost
        let_room_go(row, by=by)
    booking = _booked(row, by, resource, client_key, people, seen_warnings)
    if not booking.just_made:
        return booking
    changes: dict[str, Any] = {"booking": booking, "by_hand": True}
    told = booking.state == BookingState.BOOKED and booking.resource.name != row.place
    if told:
        changes["place"] = booking.resource.name[:MOST_PLACE]
    row.move_to(MeetingVerb.EDIT, actor=by, note=f"{booking.resource.name} {booking.number}", changes=changes)
    if told and row.called_at is not None:
        tell_invited(row, messages.MeetingMoved)
    return booking


def _booked(row: Meeting, by: User, resource: int, key: UUID, people: int | None, seen: str) -> Booking:
    try:
        return resources.book(
            client_key=key,
            by=by,
            resource=resource,
            starts=row.starts,
            ends=row.ends,
            purpose=row.title,
            booker=resources.Booker(office=row.area_id),
            people=people,
            subject=row.subject,
            subject_label=row.number,
            seen_warnings=seen,
        )
    except Conflict as error:
        raise Invalid({"resource": [error.message]}) from error
    except Invalid as error:
        # The form asks for a room: what is wrong with its time is said there.
        for name in ("starts", "ends", "quantity", "place"):
            if name in error.fields:
                error.fields.setdefault("resource", []).extend(error.fields.pop(name))
        raise


def has_room(row: Meeting) -> bool:
    """Whether what was booked for it stands, or waits for an answer."""
    return row.booking is not None and row.booking.state in LIVE


def let_room_go(row: Meeting, *, by: User) -> None:
    """The locked ``row`` is off, or at another time, and does not name the room any more: others may have it."""
    cancel_for([row.subject], by=by)


def booking_has_moved(*, booking: Booking, verb: str) -> None:
    """The room of a meeting cannot be had any more: the office is told, unless the meeting has let it go itself."""
    key = booking.subject.partition(":")[2]
    if verb not in LOST or not key.isdecimal():
        return
    rows = Meeting.objects.filter(pk=key, booking=booking, state__in=AHEAD, starts__gt=timezone.now())
    row = rows.select_related("area", "unit").first()
    if row is not None:
        tell_keepers(row, messages.RoomLost, turn=f"room:{booking.pk}")
