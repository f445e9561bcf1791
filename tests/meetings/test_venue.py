"""约场地: a meeting has a room of the shared warehouse for its time, and lets it go when it is off or moved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from alliance.lib.errors import Invalid, NotFound
from meetings.models import Meeting
from meetings.services.meetings import call_off_meeting, move_meeting
from meetings.services.venue import book_room
from notifications.models import Message
from resources import services as resources
from resources.models import Booking, Resource
from tests.cast import Cast, Street, browser_of, fresh
from tests.meetings.things import at, called, meeting
from tests.resources.things import book, office_of, resource_in

pytestmark = pytest.mark.django_db


def booked(street: Street, row: Meeting, hall: Any) -> Booking:
    return book_room(meeting=row.pk, by=fresh(street.worker), resource=hall.pk, client_key=uuid4())


def told(rule: str) -> set[str]:
    return set(Message.objects.filter(rule=f"meetings.{rule}").values_list("recipient_key", flat=True))


def test_the_page_books_a_room_once_and_whoever_is_invited_hears_where(cast: Cast) -> None:
    here, hall = cast.chengxiang, resource_in(cast.chengxiang)
    row = called(here)
    worker, page = browser_of(here.worker), reverse("admin:meetings_meeting_change", args=[row.pk])
    assert "约场地" in worker.get(page).content.decode()
    typed = {"venue-version": row.version, "venue-resource": hall.pk, "venue-client_key": str(uuid4())}
    for _twice in range(2):
        assert worker.post(reverse("admin:meetings_meeting_venue", args=[row.pk]), typed).status_code == 302
        typed["venue-version"] = Meeting.objects.get(pk=row.pk).version
    booking = Booking.objects.get()
    assert (booking.starts, booking.ends, booking.office) == (row.starts, row.ends, here.home)
    assert (booking.subject, booking.subject_label) == (row.subject, row.number)
    row.refresh_from_db()
    assert (row.booking, row.place) == (booking, hall.name)
    assert f"u:{here.liaison.pk}" in told("MeetingMoved")
    shown = worker.get(page).content.decode()
    assert reverse("admin:resources_booking_change", args=[booking.pk]) in shown


def test_another_room_takes_the_place_of_the_first(cast: Cast) -> None:
    here = cast.chengxiang
    row, small = meeting(here), resource_in(here, name="二楼小会议室")
    first, second = booked(here, row, resource_in(here)), booked(here, row, small)
    first.refresh_from_db()
    row.refresh_from_db()
    assert (first.state, row.booking, row.place) == ("cancelled", second, small.name)
    assert not told("RoomLost")
    book(here.clerk, resource_in(here, name="礼堂"), row.starts, row.ends, booker=office_of(here))
    with pytest.raises(Invalid):
        booked(here, row, Resource.objects.get(name="礼堂"))
    second.refresh_from_db()
    assert second.state == "booked", "what cannot be had costs nothing"


def test_a_room_that_is_taken_is_refused_beside_the_field(cast: Cast) -> None:
    here, hall = cast.chengxiang, resource_in(cast.chengxiang)
    row = meeting(here)
    book(here.clerk, hall, row.starts, row.ends, booker=office_of(here))
    with pytest.raises(Invalid) as refused:
        booked(here, row, hall)
    assert set(refused.value.fields) == {"resource"}
    row.refresh_from_db()
    assert row.booking is None


@pytest.mark.parametrize("off", [True, False], ids=["off", "moved"])
def test_off_or_moved_it_lets_the_room_go_at_whatever_hour(cast: Cast, off: bool) -> None:
    here = cast.chengxiang
    hall = resource_in(here, cancel_hours=24 * 20)
    row = meeting(here)
    booking = booked(here, row, hall)
    with pytest.raises(Exception, match="网上取消不了"):  # the control: as a booking alone it is too late
        resources.cancel_booking(pk=booking.pk, by=fresh(here.worker), version=None)
    if off:
        call_off_meeting(pk=row.pk, by=here.worker, version=None, why="台风")
    else:
        move_meeting(pk=row.pk, by=here.worker, version=None, starts=at(5), ends=at(5) + timedelta(hours=1))
    booking.refresh_from_db()
    assert booking.state == "cancelled"
    assert not told("RoomLost"), "who let it go knows"
    if not off:
        row.refresh_from_db()
        assert row.booking is None


def test_a_room_called_off_there_is_told_to_the_office(cast: Cast) -> None:
    here, hall = cast.chengxiang, resource_in(cast.chengxiang)
    row = meeting(here)
    booking = booked(here, row, hall)
    resources.call_off_booking(pk=booking.pk, by=fresh(here.secretary), version=None, words="屋顶漏水")
    assert f"u:{here.worker.pk}" in told("RoomLost")
    page = browser_of(here.worker).get(reverse("admin:meetings_meeting_change", args=[row.pk])).content.decode()
    assert reverse("admin:meetings_meeting_venue", args=[row.pk]) in page, "and may book another"


def test_only_who_keeps_the_meeting_books_for_it(cast: Cast) -> None:
    here, hall = cast.chengxiang, resource_in(cast.chengxiang)
    row = meeting(here)
    with pytest.raises(NotFound):
        book_room(meeting=row.pk, by=cast.xiasha.worker, resource=hall.pk, client_key=uuid4())
    assert not Booking.objects.exists()
