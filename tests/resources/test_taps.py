"""A second tap finds the first; a key that was used for something else is refused, at every door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, NotFound, RuleBroken
from resources import services
from resources.models import Booking, Closure, Usage
from resources.states import BookingState
from tests.api.calls import post, problem
from tests.cast import Cast, Street, api_of, fresh
from tests.claims.things import another_unit
from tests.resources.things import at, book, in_days, office_of, resource_in


def _begun(here: Street) -> Booking:
    booking = book(here.worker, resource_in(here), at(in_days(2), 9), at(in_days(2), 11), booker=office_of(here))
    now = timezone.now()
    Booking.objects.filter(pk=booking.pk).update(starts=now - timedelta(hours=1), ends=now + timedelta(hours=1))
    return Booking.objects.get(pk=booking.pk)


@pytest.mark.parametrize("more", [{"quantity": 30}, {"people": 9}, {"booker": "unit"}])
def test_one_key_books_one_thing_for_one_booker(cast: Cast, more: dict[str, Any]) -> None:
    here, day = cast.chengxiang, in_days(2)
    chairs = resource_in(here, kind="equipment", name="折叠椅", quantity=50, for_people=True)
    unit, liaison = another_unit(here)
    said: dict[str, Any] = {"client_key": uuid4(), "quantity": 5, "people": 4, "booker": services.Booker(unit=unit.pk)}
    times = (at(day, 9), at(day, 10))
    first = book(liaison, chairs, *times, **said)
    assert book(liaison, chairs, *times, **said).pk == first.pk
    other = {"booker": services.Booker()} if "booker" in more else more
    with pytest.raises(Conflict):
        book(liaison, chairs, *times, **{**said, **other})
    assert Booking.objects.get().quantity == 5


def test_taken_back_once_however_often_it_is_tapped(cast: Cast) -> None:
    here = cast.chengxiang
    booking, by, key = _begun(here), fresh(here.worker), uuid4()
    said: dict[str, Any] = {"pk": booking.pk, "by": by, "version": booking.version, "people": 3}
    path, sent = f"/api/v1/bookings/{booking.pk}/take-back/", {"version": booking.version, "people": 3}
    used = uuid4()
    services.note_use(client_key=used, by=by, resource=booking.resource_id, day=in_days(0), people=3)
    problem(post(api_of(here.worker), path, {**sent, "client_key": str(used)}), 409, "conflict")
    booking.refresh_from_db()
    assert booking.state == BookingState.BOOKED
    for _tap in range(2):
        assert services.take_back(**said, client_key=key).state == BookingState.USED
    assert post(api_of(here.worker), path, {**sent, "client_key": str(key)}).status_code == 200
    assert Usage.objects.filter(booking=booking).get().people == 3
    with pytest.raises(Conflict):
        services.take_back(**{**said, "people": 4}, client_key=key)
    with pytest.raises(Conflict):
        services.take_back(**said, client_key=uuid4())
    with pytest.raises(NotFound):
        services.take_back(**{**said, "by": fresh(cast.xiasha.worker)}, client_key=key)


def test_only_its_own_closed_days_are_opened_again(cast: Cast) -> None:
    here, office, day = cast.chengxiang, fresh(cast.chengxiang.party_office), in_days(2)
    station = resource_in(here, kind="station", name="运河驿站", capacity=None)
    room, other = (resource_in(here, name=name, within=station.pk) for name in ("书吧", "茶吧"))
    closing: dict[str, Any] = {"by": office, "version": None, "starts_on": day, "ends_on": day, "why": "检修"}
    whole, own, theirs = (services.close_days(pk=row.pk, **closing)[0] for row in (station, room, other))
    client = api_of(here.party_office)
    one = client.get(f"/api/v1/resources/{room.pk}/").json()
    path, sent = f"/api/v1/resources/{room.pk}/open-again/", {"version": one["version"]}
    refused = problem(post(client, path, {**sent, "closure": whole.pk}), 409, "rule_broken")
    assert station.name in refused["message"]
    for wrong in (theirs.pk, 0):
        with pytest.raises(NotFound):
            services.open_again(pk=room.pk, closure=wrong, by=office, version=None)
    with pytest.raises(RuleBroken):
        services.open_again(pk=room.pk, closure=whole.pk, by=office, version=None)
    services.open_again(pk=room.pk, closure=own.pk, by=office, version=None)
    assert set(Closure.objects.all()) == {whole, theirs}
