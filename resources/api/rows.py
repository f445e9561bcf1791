"""Resources and bookings in the shapes of the API, found for whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from alliance.lib.errors import NotFound
from resources.models import Booking, Resource
from resources.permissions import booking_abilities, resource_abilities
from resources.presenting import facts, times
from resources.public import closures_to_come
from resources.services.hours import weekly
from resources.services.pictures import photos_of
from resources.services.usage import used

AROUND = ("kind", "unit", "area", "within", "serves")
OF_BOOKING = ("resource__kind", "resource__unit", "resource__area", "unit", "office")
ROW = ("number", "name", "state", "capacity", "quantity", "for_units", "for_people", "asks_first", "version")
WORDS = ("words", "conditions", "address", "floor", "phone", "aliases", "stopped_why")
RULES = (
    "longest_minutes",
    "buffer_minutes",
    "ahead_days",
    "cancel_hours",
    "most_a_month",
    "emergency",
    "is_public",
    "until",
)
OF_A_BOOKING = ("number", "starts", "ends", "quantity", "people", "purpose", "state", "appeal", "version")


def found(user: Any, pk: int) -> Resource:
    """The resource, if ``user`` sees it. Raises ``NotFound``."""
    row: Resource | None = Resource.objects.visible_to(user).select_related(*AROUND).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def row_of(row: Resource, user: Any) -> dict[str, Any]:
    """As ``ResourceRow``."""
    return {
        "id": row.pk,
        "kind": row.kind.key,
        "kind_name": row.kind.label,
        "form": row.kind.form,
        "giver": facts.giver_of(row, user),
        "area": row.area_id,
        "area_name": row.area.name,
        **{name: getattr(row, name) for name in ROW},
    }


def one(row: Resource, user: Any) -> dict[str, Any]:
    """As ``ResourceOne``."""
    done, station = used(row), facts.station_of(row, user)
    return {
        **row_of(row, user),
        **{name: getattr(row, name) for name in (*WORDS, *RULES)},
        "serves": row.serves_id,
        "within": station.pk if station else None,
        "hours": [
            {"weekday": one.weekday, "opens": times.clock(one.opens), "closes": times.clock(one.closes)}
            for one in weekly(row)
        ],
        "closures": closures_of(row),
        "parts": sorted(row.its_parts.values_list("part_id", flat=True)),
        "photos": [_photo(row, photo) for photo in photos_of(row)],
        "used_times": done.times,
        "used_people": done.people,
        "abilities": sorted(str(verb) for verb in resource_abilities(user, row)),
    }


def closures_of(row: Resource) -> list[dict[str, Any]]:
    """Days on which it is closed, from today on."""
    names = ("id", "starts_on", "ends_on", "why")
    return [{name: getattr(one, name) for name in names} for one in closures_to_come(row)]


def _photo(row: Resource, photo: Any) -> dict[str, Any]:
    return {"id": photo.pk, "name": photo.name, "url": reverse("api_resource_photo", args=[row.pk, photo.pk])}


def booked(user: Any, pk: int) -> Booking:
    """The booking, if ``user`` sees it. Raises ``NotFound``."""
    row: Booking | None = Booking.objects.visible_to(user).select_related(*OF_BOOKING).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def booking_row(row: Booking) -> dict[str, Any]:
    """As ``BookingRow``."""
    return {
        "id": row.pk,
        "resource": row.resource_id,
        "resource_name": row.resource.name,
        "booker": facts.booker_of(row),
        "handed_at": row.handed_at,
        **{name: getattr(row, name) for name in OF_A_BOOKING},
    }


def booking_one(row: Booking, user: Any) -> dict[str, Any]:
    """As ``BookingAnswer``."""
    return {
        **booking_row(row),
        "place": facts.where_to(row, user),
        "abilities": sorted(str(verb) for verb in booking_abilities(user, row)),
        "events": [_event(event) for event in row.events.all()],
    }


def _event(event: Any) -> dict[str, Any]:
    return {"at": event.at, "verb": event.verb, "label": event.get_verb_display(), "words": event.words}


def spans(found: Iterable[tuple[int, int]]) -> list[str]:
    """09:00–12:00, for each."""
    return [f"{times.clock(begin)}–{times.clock(end)}" for begin, end in found]
