"""What the calendar says is free can be had; a closed day hits what touches it and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from alliance.lib.errors import Conflict, Invalid, RuleBroken
from resources import services
from resources.models import Booking
from resources.states import BookingState
from tests.cast import Cast, browser_of, fresh
from tests.claims.things import unit_of
from tests.resources.things import at, book, in_days, office_of, resource_in


def test_what_is_shown_as_free_can_be_booked_and_not_a_minute_more(cast: Cast) -> None:
    """Both who was there and who comes need the time before and after, over midnight too."""
    here, day, next_day = cast.chengxiang, in_days(1), in_days(2)
    room = resource_in(here, buffer_minutes=15)
    book(here.worker, room, at(day, 9), at(day, 10), booker=office_of(here))
    book(here.worker, room, at(day, 22), at(day, 23, 40), booker=office_of(here))
    assert services.free_on(room, day).free == ((0, 8 * 60 + 30), (10 * 60 + 30, 21 * 60 + 30))
    assert services.free_on(room, next_day).free == ((10, 1440),)
    week = services.days_of(room, day, 2)
    assert [one.free for one in week] == [services.free_on(room, one).free for one in (day, next_day)]
    for refused in ((at(day, 10, 29), at(day, 11)), (at(next_day, 0, 9), at(next_day, 1))):
        with pytest.raises(Conflict):
            book(here.worker, room, *refused, booker=office_of(here))
    book(here.worker, room, at(day, 10, 30), at(day, 11), booker=office_of(here))
    book(here.worker, room, at(next_day, 0, 10), at(next_day, 1), booker=office_of(here))


def test_a_closed_day_hits_what_is_used_on_it(cast: Cast) -> None:
    """Until midnight is the day before; a loan is in nobody's way between the day it goes and the day it comes."""
    here, office = cast.chengxiang, fresh(cast.chengxiang.party_office)
    room = resource_in(here)
    chairs = resource_in(here, kind="equipment", name="折叠椅", quantity=50, longest_minutes=5 * 1440)
    late = book(here.worker, room, at(in_days(2), 22), at(in_days(3), 0), booker=office_of(here))
    loan = book(here.worker, chairs, at(in_days(2), 9), at(in_days(4), 9), booker=office_of(here), quantity=2)
    for row in (room, chairs):
        assert services.booked_between(row, in_days(3), in_days(3)) == []
        services.close_days(pk=row.pk, by=office, version=None, starts_on=in_days(3), ends_on=in_days(3), why="盘点")
    assert set(Booking.objects.values_list("state", flat=True)) == {BookingState.BOOKED}
    for row, day, hit in ((room, 2, late), (chairs, 2, loan), (chairs, 4, loan)):
        closing: dict[str, Any] = {"starts_on": in_days(day), "ends_on": in_days(day), "why": "盘点"}
        assert services.booked_between(row, in_days(day), in_days(day)) == [hit]
        with pytest.raises(RuleBroken, match="已有1个预约"):
            services.close_days(pk=row.pk, by=office, version=None, **closing)


FAR = (("9999-12-31", "10:00", "00:00"), ("0001-01-01", "00:00", "23:30"))


@pytest.mark.parametrize(("day", "begins", "finishes"), FAR)
def test_a_day_nobody_can_mean_is_said_beside_its_field(cast: Cast, day: str, begins: str, finishes: str) -> None:
    here = cast.chengxiang
    room = resource_in(here, for_people=True)
    chairs = resource_in(here, kind="equipment", name="折叠椅", quantity=50)
    client = browser_of(here.liaison)
    clock = {"begins": begins, "finishes": finishes}
    found = client.get("/desk/find/", {"day": day, **clock})
    assert found.context["form"].errors.keys() == {"day"}
    typed = {"office": f"u{unit_of(here).pk}", **clock, "purpose": "议事", "quantity": 1}
    for row, days in ((room, {"day": day}), (chairs, {"day": in_days(2).isoformat(), "until_day": day})):
        keys = {"client_key": str(uuid4()), "version": 1}
        page = client.post(f"/desk/find/{row.pk}/", {**typed, **days, **keys})
        assert (page.status_code, list(page.context["form"].errors)) == (422, [list(days)[-1]])
    assert not Booking.objects.exists()


def test_a_time_nobody_can_mean_is_refused_by_the_service_itself(cast: Cast) -> None:
    here = cast.chengxiang
    room, office = resource_in(here), office_of(here)
    far = datetime.max.replace(tzinfo=UTC, microsecond=0) - timedelta(hours=1)
    for starts, ends in ((far, far + timedelta(minutes=30)), (at(in_days(1), 9), far)):
        with pytest.raises(Invalid):
            book(here.worker, room, starts, ends, booker=office)
