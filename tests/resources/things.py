"""Resources and those who use them, of the tests' own."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from members.models import MemberUnit
from people.models import User
from resources import services
from resources.defaults import load_defaults
from resources.models import Booking, Part, Resource
from resources.states import BookingState
from tests.cast import Street, fresh
from tests.claims.things import alliance_of, unit_of


def resource_in(street: Street, *, by: User | None = None, unit: MemberUnit | None = None, **typed: Any) -> Resource:
    """A hall of the community, usable at once (``by`` the party office) unless somebody else offers it."""
    load_defaults()
    alliance_of(street)
    said: dict[str, Any] = {
        "kind": "meeting-room",
        "name": "三楼多功能厅",
        "capacity": 60,
        "asks_first": False,
        **typed,
    }
    return services.offer_resource(
        client_key=uuid4(),
        by=fresh(by or street.party_office),
        area=street.home.pk,
        unit=unit.pk if unit else None,
        **said,
    )


def given_by_unit(street: Street, **typed: Any) -> Resource:
    """What the street's unit gives, approved."""
    load_defaults()
    alliance_of(street)
    found = resource_in(street, by=street.liaison, unit=unit_of(street), **typed)
    return services.approve_resource(pk=found.pk, by=fresh(street.party_office), version=found.version)


def hall_of_two(street: Street) -> tuple[Resource, Resource, Resource]:
    """A hall, and the two rooms it is made of."""
    hall, one, two = (resource_in(street, name=name) for name in ("大厅", "东间", "西间"))
    Part.objects.bulk_create(Part(whole=hall, part=part) for part in (one, two))
    return hall, one, two


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def book(by: User, resource: Resource, start: datetime, end: datetime, **more: Any) -> Booking:
    """``by`` books, as the next request would."""
    said: dict[str, Any] = {"client_key": uuid4(), "purpose": "开居民议事会", **more}
    return services.book(by=fresh(by), resource=resource.pk, starts=start, ends=end, **said)


def missed_once(street: Street, *, unit: MemberUnit) -> Booking:
    """A booking of the unit to which nobody came, yesterday."""
    then = timezone.now() - timedelta(days=1)
    room = Resource.objects.filter(street_code=street.street.pk).first() or resource_in(street)
    return Booking.objects.create(
        client_key=uuid4(),
        number=f"YY-{uuid4().hex[:12]}",
        resource=room,
        street_code=street.street.pk,
        unit=unit,
        by=street.liaison,
        starts=then,
        ends=then + timedelta(hours=1),
        purpose="议事",
        state=BookingState.NO_SHOW,
        ended_at=then,
    )


def office_of(street: Street) -> services.Booker:
    return services.Booker(office=street.home.pk)
