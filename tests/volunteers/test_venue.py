"""A day has a hall, and what becomes of the one is known to the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.lib.errors import Invalid, NotAllowed, NotFound
from notifications.models import Message
from resources import services as resources
from resources.models import Booking, Hold, Resource
from resources.states import BookingState
from tests.cast import Cast, Street, browser_of, fresh
from tests.resources.things import at as moment
from tests.resources.things import book, in_days, office_of, resource_in
from tests.volunteers.things import comer, drafted
from volunteers.models import Activity, Slot
from volunteers.services.activities import call_off_activity, call_off_slot, publish_activity
from volunteers.services.slots import Place, add_slot, set_series
from volunteers.services.venue import book_venue
from volunteers.states import ActivityState


def _planned(street: Street) -> tuple[Activity, Slot]:
    row = drafted(street, kind="course", title="手机摄影课")
    starts = moment(in_days(3), 14)
    said = {"starts": starts, "ends": starts + timedelta(hours=2), "posts": [Place(capacity=20)]}
    slot = add_slot(activity=row.pk, by=street.worker, version=None, **said)
    publish_activity(pk=row.pk, by=street.worker, version=None)
    return Activity.objects.get(pk=row.pk), slot


def _booked(street: Street, row: Activity, slot: Slot, hall: Resource) -> Booking:
    by = fresh(street.worker)
    return book_venue(activity=row.pk, slot=slot.pk, by=by, resource=hall.pk, client_key=uuid4())


def _told() -> set[str]:
    return set(Message.objects.filter(rule="volunteers.VenueLost").values_list("recipient_key", flat=True))


def test_a_day_has_the_hall_for_its_time_and_its_page_says_so(cast: Cast) -> None:
    here, hall = cast.chengxiang, resource_in(cast.chengxiang)
    row, slot = _planned(here)
    worker, page = browser_of(here.worker), reverse("admin:volunteers_activity_change", args=[row.pk])
    typed = {"venue-version": row.version, "venue-slot": slot.pk, "venue-resource": hall.pk, "venue-people": 20}
    typed["venue-client_key"] = str(uuid4())
    url = reverse("admin:volunteers_activity_venue", args=[row.pk])
    for _twice in range(2):
        assert worker.post(url, typed).status_code == 302
        typed["venue-version"] = Activity.objects.get(pk=row.pk).version
    booking = Booking.objects.get()
    assert (booking.starts, booking.ends, booking.office) == (slot.starts, slot.ends, here.home)
    assert (booking.state, booking.subject, booking.subject_label) == ("booked", f"slot:{slot.pk}", row.number)
    there = reverse("admin:resources_booking_change", args=[booking.pk])
    assert there in worker.get(page).content.decode()
    assert page in worker.get(there).content.decode(), "and the booking names what it is for"


def test_a_hall_that_is_taken_is_refused_beside_the_field(cast: Cast) -> None:
    here, hall = cast.chengxiang, resource_in(cast.chengxiang)
    row, slot = _planned(here)
    book(here.clerk, hall, slot.starts, slot.ends, booker=office_of(here))
    with pytest.raises(Invalid) as refused:
        _booked(here, row, slot, hall)
    assert set(refused.value.fields) == {"resource"}
    assert Booking.objects.count() == 1


def test_calling_off_the_day_lets_the_hall_go_at_whatever_hour(cast: Cast) -> None:
    here = cast.chengxiang
    hall = resource_in(here, cancel_hours=24 * 20)
    row, slot = _planned(here)
    booking = _booked(here, row, slot, hall)
    with pytest.raises(Exception, match="网上取消不了"):  # the control: as a booking alone it is too late
        resources.cancel_booking(pk=booking.pk, by=fresh(here.worker), version=None)
    call_off_slot(pk=slot.pk, by=here.worker, version=None, words="下大雨")
    assert Booking.objects.get().state == BookingState.CANCELLED
    assert not Hold.objects.filter(live=True).exists(), "others may have the time"
    assert not _told(), "it is the day that is off"


def test_calling_off_the_activity_lets_every_hall_go(cast: Cast) -> None:
    here, hall = cast.chengxiang, resource_in(cast.chengxiang)
    row, slot = _planned(here)
    _booked(here, row, slot, hall)
    call_off_activity(pk=row.pk, by=here.worker, version=None, words="台风")
    assert Booking.objects.get().state == BookingState.CANCELLED


def test_a_hall_called_off_there_is_told_to_the_organisers(cast: Cast) -> None:
    here, hall = cast.chengxiang, resource_in(cast.chengxiang)
    row, slot = _planned(here)
    booking = _booked(here, row, slot, hall)
    resources.call_off_booking(pk=booking.pk, by=fresh(here.secretary), version=None, words="要开会")
    assert f"u:{here.worker.pk}" in _told() and f"u:{here.secretary.pk}" not in _told()
    row.refresh_from_db()
    assert row.state == ActivityState.PUBLISHED and Slot.objects.get().called_off_at is None, "the day stands"


def test_a_day_that_goes_with_a_new_rule_takes_its_hall_along(cast: Cast) -> None:
    here, hall = cast.chengxiang, resource_in(cast.chengxiang)
    row = drafted(here)
    starts: datetime = moment(in_days(3), 14)
    plan = {"activity": row.pk, "by": here.worker, "version": None, "minutes": 60, "posts": [Place(capacity=5)]}
    set_series(**plan, rule="FREQ=DAILY;COUNT=2", starts=starts)
    slot = Slot.objects.order_by("starts").first()
    assert slot is not None
    _booked(here, row, slot, hall)
    set_series(**plan, rule="FREQ=DAILY;COUNT=2", starts=starts + timedelta(hours=3))
    assert Booking.objects.get().state == BookingState.CANCELLED


def test_only_who_plans_the_day_books_for_it(cast: Cast) -> None:
    here, hall = cast.chengxiang, resource_in(cast.chengxiang)
    row, slot = _planned(here)
    key = uuid4()
    for by in (comer(), here.leader, cast.xiasha.worker):
        with pytest.raises((NotAllowed, NotFound)):
            book_venue(activity=row.pk, slot=slot.pk, by=fresh(by), resource=hall.pk, client_key=key)
    assert not Booking.objects.exists() and slot.starts > timezone.now()


def test_a_unit_takes_a_hall_along_with_what_it_proposes(cast: Cast) -> None:
    here, hall = cast.chengxiang, resource_in(cast.chengxiang)
    browser, page = browser_of(fresh(here.liaison)), reverse("desk:activity_propose")
    typed = {
        "kind": "course",
        "title": "急救课",
        "place": "三楼多功能厅",
        "contact": "党办",
        "phone": "0571-0000 0000",
        "on": in_days(4).isoformat(),
        "opens": "14:00",
        "closes": "16:00",
        "capacity": "90",
        "hall": hall.pk,
        "client_key": str(uuid4()),
    }
    assert f'value="{hall.pk}"' in browser.get(page).content.decode()
    refused = browser.post(page, typed)
    assert refused.status_code == 422 and not Activity.objects.exists() and not Booking.objects.exists()
    assert 'name="hall"' in refused.content.decode() and "field--error" in refused.content.decode()
    for _twice in range(2):
        assert browser.post(page, {**typed, "capacity": "30"}).status_code == 302
    row, booking = Activity.objects.get(), Booking.objects.get()
    assert (row.state, booking.unit, booking.people) == (ActivityState.PENDING, row.unit, 30)
    assert booking.subject == f"slot:{Slot.objects.get().pk}" and booking.starts == moment(in_days(4), 14)
    own = browser.get(reverse("desk:activity", args=[row.pk])).content.decode()
    assert reverse("desk:booking", args=[booking.pk]) in own
    assert browser_of(here.worker).get(page).status_code == 404
    other = {**typed, "client_key": str(uuid4()), "capacity": "30"}
    assert browser.post(page, other).status_code == 422, "taken at that time"
    assert browser.post(page, {**other, "hall": ""}).status_code == 302, "the control: without a hall"
