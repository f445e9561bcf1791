"""Who is behind a resource or a booking, and telling them."""

from __future__ import annotations

from claims.services.people import by_daylight
from members.models import Liaison
from notifications.messages import MessageClass
from notifications.services import queue
from people.models import User
from people.services.accounts import holders
from resources import messages
from resources.models import Booking, Pause, Resource
from resources.permissions import APPROVERS, KEEPERS, gives


def givers(resource: Resource) -> list[User]:
    """The unit's liaisons; of an office's own those who keep it there."""
    if resource.unit_id:
        return _liaisons(resource.unit_id)
    return holders(KEEPERS, resource.area_id)


def approvers(resource: Resource) -> list[User]:
    """Who approves in its street."""
    return holders(APPROVERS, resource.area_id)


def bookers(booking: Booking) -> list[User]:
    """The person, the unit's liaisons, or the worker of the office who made it."""
    return _liaisons(booking.unit_id) if booking.unit_id else [booking.person or booking.by]


def _liaisons(unit: int) -> list[User]:
    seats = Liaison.objects.active().filter(unit_id=unit).select_related("user")
    return [seat.user for seat in seats.order_by("is_second", "pk")]


def tell_approvers(resource: Resource, kind: type[MessageClass]) -> None:
    queue(messages.of_resource(kind, resource), occurrence=occurrence(resource), users=approvers(resource))


def tell_givers(resource: Resource, kind: type[MessageClass], *, but: User | None = None) -> None:
    users = [user for user in givers(resource) if but is None or user.pk != but.pk]
    message = messages.of_resource(kind, resource)
    queue(message, occurrence=occurrence(resource), users=users, not_before=by_daylight())


def tell_bookers(booking: Booking, kind: type[MessageClass], *, but: User | None = None) -> None:
    users = [user for user in bookers(booking) if but is None or user.pk != but.pk]
    message = messages.of_booking(kind, booking, staff=booking.office_id is not None)
    queue(message, occurrence=f"booking:{booking.pk}:{booking.version}", users=users, not_before=by_daylight())


def tell_giving_side(booking: Booking, kind: type[MessageClass], *, but: User | None = None) -> None:
    users = [user for user in givers(booking.resource) if but is None or user.pk != but.pk]
    message = messages.of_booking(kind, booking, staff=booking.resource.unit_id is None)
    queue(message, occurrence=f"booking:{booking.pk}:{booking.version}:g", users=users, not_before=by_daylight())


def tell_giver(booking: Booking, *, by: User) -> None:
    """Whoever gives it hears what somebody else did with a booking of it."""
    if not gives(by, booking.resource):
        tell_giving_side(booking, messages.BookingHandled, but=by)


def tell_paused(pause: Pause, kind: type[MessageClass]) -> None:
    """The unit's liaisons, or the person."""
    users = _liaisons(pause.unit_id) if pause.unit_id else [pause.person] if pause.person else []
    queue(messages.of_pause(kind, pause), occurrence=f"pause:{pause.pk}", users=users, not_before=by_daylight())


def occurrence(resource: Resource) -> str:
    """This turn of the resource."""
    return f"resource:{resource.pk}:{resource.version}"
