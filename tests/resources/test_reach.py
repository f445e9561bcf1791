"""What a hall is made of, and the station a room lies in, have their say: for who books, closes and stops alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from alliance.lib.errors import Invalid, RuleBroken
from desk import warehouse
from resources import services
from resources.models import Booking, Mode, Part, Resource
from resources.states import BookingState
from tests.cast import Cast, Street, fresh
from tests.claims.things import another_unit
from tests.resources.things import at, book, hall_of_two, in_days, office_of, resource_in

CLOSED, OVER, STOPPED = "那天关门：检修", "提供到", "现在不能预约"


def _closed(here: Street, row: Resource, **more: Any) -> int:
    said = {"starts_on": in_days(3), "ends_on": in_days(3), "why": "检修", **more}
    return services.close_days(pk=row.pk, by=fresh(here.party_office), version=None, **said)[1]


def _stopped(here: Street, row: Resource) -> None:
    services.stop_resource(pk=row.pk, by=fresh(here.party_office), version=None, words="漏水", call_off=True)


def _over(here: Street, row: Resource) -> None:
    Resource.objects.filter(pk=row.pk).update(until=in_days(1))


def _nested(here: Street) -> dict[str, Resource]:
    """A grand hall made of a hall and a room of its own; the hall's rooms lie in a station."""
    station = resource_in(here, kind="station", name="运河驿站", capacity=None)
    hall, east, _west = hall_of_two(here)
    grand = resource_in(here, name="总厅")
    Part.objects.create(whole=grand, part=hall)
    Resource.objects.filter(pk=east.pk).update(within=station)
    return {"grand": grand, "hall": hall, "east": east, "station": station}


WHICH = ("hall", "east", "station")


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(("way", "words"), [(_closed, CLOSED), (_over, OVER), (_stopped, STOPPED)])
def test_a_part_and_a_station_that_cannot_be_had_keep_the_whole_from_being_had(
    cast: Cast, way: Callable[[Street, Resource], Any], words: str
) -> None:
    here, day = cast.chengxiang, in_days(3)
    rows = _nested(here)
    unit, liaison = another_unit(here)
    mine, at_nine = services.Booker(unit=unit.pk), (at(day, 9), at(day, 10))
    assert not any(row["why"] for row in warehouse.found_for(liaison, unit, span=at_nine)[0])
    for which in WHICH:
        with undone():
            way(here, rows[which])
            with pytest.raises((Invalid, RuleBroken)) as refused:
                book(liaison, rows["grand"], *at_nine, booker=mine)
            texts = [refused.value.message, *getattr(refused.value, "fields", {}).get("starts", ())]
            assert words in " ".join(map(str, texts))
            listed = {row["name"]: row["why"] for row in warehouse.found_for(liaison, unit, span=at_nine)[0]}
            assert words in listed["总厅"] and not listed["西间"]
            if way is _closed:
                assert services.free_on(rows["grand"], day).closed_why == "检修"
                assert services.days_of(rows["grand"], day, 1)[0].closed_why == "检修"
            book(liaison, Resource.objects.get(name="西间"), *at_nine, booker=mine)
    book(liaison, rows["grand"], *at_nine, booker=mine)


def test_who_closes_or_stops_a_part_or_a_station_hears_of_the_bookings_of_the_whole(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(3)
    rows = _nested(here)
    west, mine = Resource.objects.get(name="西间"), office_of(here)
    whole = book(here.worker, rows["grand"], at(day, 9), at(day, 10), booker=mine)
    room = book(here.worker, rows["east"], at(day, 11), at(day, 12), booker=mine)
    later = book(here.worker, rows["grand"], at(in_days(4), 9), at(in_days(4), 10), booker=mine)
    spared = book(here.worker, west, at(day, 13), at(day, 14), booker=mine)
    for which in WHICH:
        with undone():
            hit = {whole} if which == "hall" else {whole, room}
            with pytest.raises(RuleBroken, match=f"已有{len(hit)}个预约"):
                _closed(here, rows[which])
            assert _closed(here, rows[which], call_off=True) == len(hit)
            assert set(Booking.objects.filter(state=BookingState.CANCELLED)) == hit
            _stopped(here, rows[which])
            assert set(Booking.objects.live()) == {whole, room, later, spared} - hit - {later}


def test_in_emergency_what_is_marked_is_not_had_through_what_it_is_part_of(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(1)
    rows = _nested(here)
    Mode.objects.create(street=here.street, emergency=True, why="防台风")
    unit, liaison = another_unit(here)
    for name in ("hall", "east", "station"):
        Resource.objects.update(emergency=False)
        Resource.objects.filter(pk=rows[name].pk).update(emergency=True)
        with pytest.raises(RuleBroken, match="战时"):
            book(liaison, rows["grand"], at(day, 9), at(day, 10), booker=services.Booker(unit=unit.pk))
        listed = warehouse.found_for(liaison, unit, span=(at(day, 9), at(day, 10)))[0]
        assert "战时" in next(row["why"] for row in listed if row["name"] == "总厅")
    book(here.party_office, rows["grand"], at(day, 9), at(day, 10), booker=office_of(here))
