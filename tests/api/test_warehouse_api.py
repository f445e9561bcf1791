"""The warehouse over the API: what there is, when it is free, offering, booking; nothing unknown is taken."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resources import services
from resources.defaults import load_defaults
from resources.models import Booking, Resource
from resources.states import BookingState, ResourceState
from tests.api.calls import post, problem
from tests.cast import Cast, api_of, resident
from tests.claims.things import alliance_of, another_unit, unit_of
from tests.resources.things import at, book, given_by_unit, in_days, resource_in

pytestmark = pytest.mark.django_db
RESOURCES, BOOKINGS = "/api/v1/resources/", "/api/v1/bookings/"


def wanted(**changes: Any) -> dict[str, Any]:
    return {
        "client_key": str(uuid4()),
        "starts": at(in_days(3), 14).isoformat(),
        "ends": at(in_days(3), 16).isoformat(),
        "purpose": "开居民议事会",
        **changes,
    }


def test_a_unit_offers_and_the_same_key_finds_the_first(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    load_defaults()
    sent = {
        "client_key": str(uuid4()),
        "area": here.home.pk,
        "unit": unit_of(here).pk,
        "kind": "meeting-room",
        "name": "三楼多功能厅",
        "capacity": 60,
        "for_people": True,
    }
    client = api_of(here.liaison)
    first, again = (post(client, RESOURCES, sent) for _call in range(2))
    assert (first.status_code, again.status_code, first.json()["id"]) == (201, 200, again.json()["id"])
    room = Resource.objects.get()
    assert (room.state, room.unit, room.capacity) == (ResourceState.TO_APPROVE, unit_of(here), 60)
    assert "edit" in first.json()["abilities"] and "approve" not in first.json()["abilities"]
    problem(post(client, RESOURCES, {**sent, "client_key": str(uuid4()), "capacity": None}), 400, "invalid")
    assert api_of(cast.xiasha.worker).get(f"{RESOURCES}{room.pk}/").status_code == 404


@pytest.mark.parametrize("field", ["state", "decided_by", "street_code", "waiting_since", "number", "search_text"])
def test_nothing_unknown_is_taken(cast: Cast, field: str) -> None:
    here = cast.chengxiang
    alliance_of(here)
    load_defaults()
    sent = {"client_key": str(uuid4()), "area": here.home.pk, "kind": "repair", "name": "维修", field: "usable"}
    assert field in problem(post(api_of(here.worker), RESOURCES, sent), 400, "invalid")["fields"]
    room = resource_in(here)
    refused = problem(post(api_of(here.worker), f"{RESOURCES}{room.pk}/book/", wanted(by=1)), 400, "invalid")
    assert "by" in refused["fields"]
    assert not Booking.objects.exists() and Resource.objects.get() == room


def test_booking_and_cancelling_for_a_unit(cast: Cast) -> None:
    here = cast.chengxiang
    room, unit = given_by_unit(here, for_people=True), unit_of(here)
    other_unit, other = another_unit(here)
    client, path = api_of(other), f"{RESOURCES}{room.pk}/book/"
    sent = wanted(unit=other_unit.pk, people=20)
    first, again = (post(client, path, sent) for _call in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    booking = Booking.objects.get()
    assert (first.json()["booker"], booking.unit, first.json()["state"]) == (other_unit.name, other_unit, "booked")
    problem(post(client, path, wanted(unit=unit.pk)), 404, "not_found")
    problem(post(api_of(here.liaison), path, wanted(unit=unit.pk)), 409, "conflict")
    stale = post(client, f"{BOOKINGS}{booking.pk}/cancel/", {"version": booking.version + 1})
    problem(stale, 409, "conflict")
    problem(post(api_of(cast.xiasha.worker), f"{BOOKINGS}{booking.pk}/cancel/", {"version": 1}), 404, "not_found")
    done = post(client, f"{BOOKINGS}{booking.pk}/cancel/", {"version": booking.version})
    assert (done.status_code, done.json()["state"]) == (200, BookingState.CANCELLED)


def test_the_calendar_says_when_and_not_who(cast: Cast) -> None:
    here = cast.chengxiang
    room = resource_in(here, for_people=True)
    services.set_hours(room, [(day, 540, 1020) for day in range(1, 8)])
    person = resident("13900000031", name="金丝雀阿婆")
    book(person, room, at(in_days(3), 14), at(in_days(3), 16), purpose="金丝雀练唱")
    answer = api_of(here.liaison).get(f"{RESOURCES}{room.pk}/calendar/?from={in_days(3).isoformat()}&days=2")
    first, second = answer.json()
    assert first["free"] == ["09:00–14:00", "16:00–17:00"] and first["taken"] == ["14:00–16:00"]
    assert second["free"] == ["09:00–17:00"]
    assert "金丝雀" not in answer.content.decode()
    rows = api_of(here.worker).get(BOOKINGS).json()["results"]
    assert [row["booker"] for row in rows] == ["一位居民"]
    assert api_of(here.liaison).get(BOOKINGS).json()["results"] == []


@pytest.mark.parametrize(
    "query", ["?days=0", "?days=32", "?days=x", "?days=%F0", "?from=x", "?from=0001-01-01", "?from=9999-12-31"]
)
def test_days_that_make_no_sense_are_named(cast: Cast, query: str) -> None:
    room = resource_in(cast.chengxiang)
    refused = problem(api_of(cast.chengxiang.worker).get(f"{RESOURCES}{room.pk}/calendar/{query}"), 400, "invalid")
    assert set(refused["fields"]) == {query[1:].partition("=")[0]}


def test_lists_are_filtered_and_ask_no_more_for_more(cast: Cast) -> None:
    here = cast.chengxiang
    client = api_of(here.liaison)
    costs = []
    for number in range(6):
        room = given_by_unit(here, name=f"第{number}厅", asks_first=False)
        book(here.worker, room, at(in_days(3), 9), at(in_days(3), 10), booker=services.Booker(office=here.home.pk))
        counted = []
        for path in (RESOURCES, BOOKINGS):
            with CaptureQueriesContext(connection) as captured:
                assert len(client.get(path).json()["results"]) == number + 1
            counted.append(len(captured))
        costs.append(counted)
    assert costs[1] == costs[5]
    names = [row["name"] for row in client.get(f"{RESOURCES}?q=第3厅").json()["results"]]
    assert names == ["第3厅"]
    assert client.get(f"{RESOURCES}?kind=repair").json()["results"] == []
    assert client.get(f"{BOOKINGS}?mine=true").json()["results"] == []
    assert len(client.get(f"{BOOKINGS}?resource={room.pk}").json()["results"]) == 1
