"""What the finder says can be had can be booked, and what it refuses is refused: by one and the same rules."""

from __future__ import annotations

from django.utils import timezone

from alliance.lib.errors import DomainError
from desk import warehouse
from members.models import MemberUnit
from people.models import User
from resources import services
from resources.models import Pause, Resource
from tests.cast import Cast, fresh, resident
from tests.claims.things import another_unit, unit_of
from tests.resources.things import at, book, given_by_unit, hall_of_two, in_days, resource_in


def _compare(user: User, unit: MemberUnit | None) -> dict[str, str]:
    """By name: why not. Whatever the finder says of it is tried."""
    span = (at(in_days(2), 9), at(in_days(2), 10))
    rows, more = warehouse.found_for(fresh(user), unit, span=span)
    assert not more
    for row in rows:
        room = Resource.objects.get(name=row["name"])
        try:
            made = book(user, room, *span, booker=services.Booker(unit=unit.pk if unit else None))
        except DomainError as error:
            assert row["why"], (row["name"], error.message)
        else:
            assert not row["why"], (row["name"], row["why"])
            services.cancel_booking(pk=made.pk, by=fresh(user), version=None)
    return {row["name"]: row["why"] for row in rows}


def test_the_finder_refuses_what_book_refuses_and_nothing_else(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    unit, liaison = another_unit(here)
    rooms = {"cancel_hours": 0, "for_people": True}
    resource_in(here, name="空的", **rooms)
    resource_in(here, name="只给本社区", serves=here.home.pk, **rooms)
    resource_in(here, name="只给隔壁", serves=here.next_door.pk, **rooms)
    given_by_unit(here, name="暂停的单位给的", **rooms)
    giver = unit_of(here)
    giver.suspended_at = timezone.now()
    giver.save(update_fields=["suspended_at"])
    hall, east, west = hall_of_two(here)
    services.stop_resource(pk=east.pk, by=fresh(here.party_office), version=None, words="漏水")
    office = fresh(here.party_office)
    services.close_days(pk=west.pk, by=office, version=None, starts_on=day, ends_on=day, why="检修")
    MemberUnit.objects.filter(pk=unit.pk).update(area=here.home)
    unit.refresh_from_db()
    said = _compare(liaison, unit)
    assert {name for name, why in said.items() if not why} == {"空的", "只给本社区"}
    assert here.next_door.name in said["只给隔壁"]
    neighbour = resident("13800138077")
    User.objects.filter(pk=neighbour.pk).update(area=here.next_door)
    said = _compare(neighbour, None)
    assert {name for name, why in said.items() if not why} == {"空的", "只给隔壁"}
    booking = {"street": here.street, "starts_on": in_days(-1), "until": in_days(9), "why": "约了没来", "by": office}
    Pause.objects.create(unit=unit, **booking)
    assert all("约了没来" in why for name, why in _compare(liaison, unit).items() if name == "空的")
    assert not _compare(neighbour, None)["空的"]
    assert hall.pk not in (east.pk, west.pk)
