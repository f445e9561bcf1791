"""Fifty want one room at times that overlap. Whoever looks first and writes then, without locks, collides."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any
from uuid import uuid4

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from alliance.lib.errors import Conflict
from resources import services
from resources.models import Booking, Hold
from tests.cast import Cast, at_once
from tests.claims.things import another_unit
from tests.resources.things import at, book, hall_of_two, in_days, resource_in

THREADS = 24
SEED = 20261123


def _spans(random: Random) -> list[tuple[int, int]]:
    """Hours of one day, of one to three hours' length."""
    starts = [random.randint(8, 18) for _n in range(THREADS)]
    return [(hour, hour + random.randint(1, 3)) for hour in starts]


def _overlaps(rows: list[Hold]) -> list[tuple[Hold, Hold]]:
    ordered = sorted(rows, key=lambda hold: hold.during.lower)
    return [(one, two) for one, two in pairwise(ordered) if two.during.lower < one.during.upper]


def test_of_many_at_overlapping_times_no_two_have_the_room_at_once(cast: Cast) -> None:
    here, day, random = cast.chengxiang, in_days(1), Random(SEED)
    crowd = [another_unit(here) for _n in range(THREADS)]
    room = resource_in(here, buffer_minutes=10)
    spans = _spans(random)

    def one(number: int) -> Booking:
        unit, liaison = crowd[number]
        begin, end = spans[number]
        return book(liaison, room, at(day, begin), at(day, end), booker=services.Booker(unit=unit.pk))

    results = at_once(one, THREADS)
    made = [result for result in results if isinstance(result, Booking)]
    lost = [result for result in results if not isinstance(result, Booking)]
    assert made
    assert all(isinstance(result, Conflict) for result in lost), lost
    held = list(Hold.objects.filter(resource=room, live=True))
    assert len(held) == len(made)
    assert not _overlaps(held)


def test_the_hall_and_its_rooms_are_never_had_at_once(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(1)
    hall, east, west = hall_of_two(here)
    crowd = [another_unit(here) for _n in range(THREADS)]

    def one(number: int) -> Booking:
        unit, liaison = crowd[number]
        wanted = (hall, east, west)[number % 3]
        return book(liaison, wanted, at(day, 9), at(day, 10), booker=services.Booker(unit=unit.pk))

    results = at_once(one, THREADS)
    made = [result for result in results if isinstance(result, Booking)]
    assert all(isinstance(result, Booking | Conflict) for result in results), results
    names = sorted(booking.resource.name for booking in made)
    assert names in (["大厅"], ["东间", "西间"])


def test_never_more_chairs_are_promised_than_there_are(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(1)
    chairs = resource_in(here, kind="equipment", name="折叠椅", quantity=50)
    crowd = [another_unit(here) for _n in range(THREADS)]

    def one(number: int) -> Booking:
        unit, liaison = crowd[number]
        return book(liaison, chairs, at(day, 9), at(day, 12), booker=services.Booker(unit=unit.pk), quantity=7)

    results = at_once(one, THREADS)
    made = [result for result in results if isinstance(result, Booking)]
    assert all(isinstance(result, Booking | Conflict) for result in results), results
    assert len(made) == 50 // 7


def test_control_who_looks_without_the_lock_promises_too_much(cast: Cast, as_owner: Any) -> None:
    """The same crowd, looking before they write, with the room's row free and the database's guards off."""
    here, day = cast.chengxiang, in_days(1)
    room = resource_in(here)
    as_owner.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'hold_no_two_at_once'")
    (guard,) = as_owner.fetchone()
    as_owner.execute("ALTER TABLE resources_hold DROP CONSTRAINT hold_no_two_at_once")
    as_owner.execute("ALTER TABLE resources_hold DISABLE TRIGGER resources_hold_promised")
    first = book(here.worker, room, at(in_days(9), 9), at(in_days(9), 10), booker=services.Booker(office=here.home.pk))
    during = DateTimeTZRange(at(day, 9), at(day, 10), "[)")

    def one(_number: int) -> bool:
        if Hold.objects.filter(resource=room, live=True, during__overlap=during).exists():
            return False
        copy = Booking.objects.get(pk=first.pk)
        copy.pk, copy.number, copy.client_key = None, f"YY-{_number}", uuid4()
        copy.save(force_insert=True)
        Hold.objects.create(booking=copy, resource=room, during=during, exclusive=True)
        return True

    try:
        assert sum(result is True for result in at_once(one, THREADS)) > 1
    finally:
        Hold.objects.all().delete()
        as_owner.execute("ALTER TABLE resources_hold ENABLE TRIGGER resources_hold_promised")
        as_owner.execute(f"ALTER TABLE resources_hold ADD CONSTRAINT hold_no_two_at_once {guard}")
