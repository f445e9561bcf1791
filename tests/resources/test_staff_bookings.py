"""Bookings in the workbench: made for an office, answered, missed, used; the calendar; where messages lead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from notifications.models import Message
from resources import services
from resources.models import Booking, Pause, Usage
from resources.presenting import titles
from resources.states import Appeal, BookingState
from tests.cast import Cast, Street, browser_of, fresh, resident
from tests.claims.things import another_unit
from tests.resources.pages import act, page
from tests.resources.things import at, book, given_by_unit, hall_of_two, in_days, office_of, resource_in


def _typed_booking(here: Street, day: Any, **more: Any) -> dict[str, Any]:
    said = {"office": here.home.pk, "day": day, "begins": "09:00", "finishes": "11:00", "purpose": "开居民议事会"}
    return {**said, "client_key": uuid4(), **more}


def test_an_office_books_and_what_cannot_be_is_said_beside_the_day(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    hall, clerk = resource_in(here), browser_of(here.clerk)
    past = act(clerk, hall, "book", **_typed_booking(here, in_days(-1)))
    assert past.status_code == 422 and "已经过了" in past.content.decode()
    made = act(clerk, hall, "book", **_typed_booking(here, day))
    booking = Booking.objects.get()
    assert made["Location"] == page(booking)
    taken = act(clerk, hall, "book", **_typed_booking(here, day, begins="10:00", finishes="12:00"))
    assert taken.status_code == 422 and f"您已经约了“{hall.name}”" in taken.content.decode()
    text = clerk.get(page(booking)).content.decode()
    assert hall.name in text and "开居民议事会" in text


def test_for_what_it_was_booked_is_said_where_it_cannot_be_opened(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    about = {"subject": "need:0", "subject_label": "XQ-CX-20261101-0007"}
    booking = book(here.worker, resource_in(here), at(day, 9), at(day, 10), booker=office_of(here), **about)
    assert "XQ-CX-20261101-0007" in browser_of(here.clerk).get(page(booking)).content.decode()


def _asked(here: Street) -> Booking:
    room = resource_in(here, asks_first=True)
    unit, liaison = another_unit(here)
    return book(liaison, room, at(in_days(2), 9), at(in_days(2), 11), booker=services.Booker(unit=unit.pk))


def test_bookings_of_the_offices_things_wait_for_its_people(cast: Cast) -> None:
    here = cast.chengxiang
    booking, worker = _asked(here), browser_of(here.worker)
    assert booking.state == BookingState.ASKED
    queue = reverse("admin:approvals")
    assert page(booking) in worker.get(queue).content.decode()
    for person in (here.neighbour, cast.xiasha.worker):
        assert page(booking) not in browser_of(person).get(queue).content.decode()
    assert act(worker, booking, "approve").status_code == 302
    assert page(booking) not in worker.get(queue).content.decode()
    booking.refresh_from_db()
    assert booking.state == BookingState.BOOKED


def test_no_show_is_appealed_and_decided_by_another_and_then_paused(cast: Cast) -> None:
    here = cast.chengxiang
    booking = _asked(here)
    services.approve_booking(pk=booking.pk, by=fresh(here.worker), version=None)
    now = timezone.now()
    Booking.objects.update(starts=now - timedelta(hours=1), ends=now + timedelta(hours=1))
    booking.refresh_from_db()
    clerk, office = browser_of(here.clerk), browser_of(here.party_office)
    assert act(clerk, booking, "no_show").status_code == 302
    services.appeal(pk=booking.pk, by=fresh(booking.by), version=None, words="门锁着")
    booking.refresh_from_db()
    assert page(booking, "decide") not in clerk.get(page(booking)).content.decode()
    assert page(booking) in office.get(reverse("admin:approvals")).content.decode()
    pause = act(office, booking, "pause", why="约了不来")
    assert pause.status_code == 302
    found = Pause.objects.get()
    assert found.unit_id == booking.unit_id
    assert office.post(page(found, "lift")).status_code == 302
    found.refresh_from_db()
    assert found.lifted_at is not None
    assert act(office, booking, "decide", choice="excused", words="查了，门是锁着").status_code == 302
    booking.refresh_from_db()
    assert (booking.state, booking.appeal) == (BookingState.CANCELLED, Appeal.EXCUSED)


def test_used_up_is_noted_with_how_many_people(cast: Cast) -> None:
    here = cast.chengxiang
    booking, worker = _asked(here), browser_of(here.worker)
    services.approve_booking(pk=booking.pk, by=fresh(here.worker), version=None)
    now = timezone.now()
    Booking.objects.update(starts=now - timedelta(hours=1), ends=now + timedelta(hours=1))
    booking.refresh_from_db()
    refused = act(worker, booking, "take_back", people="", client_key=uuid4())
    assert refused.status_code == 422 and "请写服务了几个人" in refused.content.decode()
    assert act(worker, booking, "take_back", people="42", client_key=uuid4()).status_code == 302
    assert Usage.objects.get().people == 42
    station = resource_in(here, kind="station", name="小哥驿站", capacity=None)
    assert act(worker, station, "use", day=in_days(0), people="30", client_key=uuid4()).status_code == 302
    assert services.used(station).people == 30


def test_the_calendar_says_who_has_what_when(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    hall, east, _west = hall_of_two(here)
    services.set_hours(east, [(weekday, 480, 1200) for weekday in range(1, 8)])
    booking = book(here.worker, hall, at(day, 9), at(day, 11), booker=office_of(here))
    url, clerk = reverse("admin:resources_calendar"), browser_of(here.clerk)
    text = clerk.get(f"{url}?day={day}").content.decode()
    assert text.count(page(booking)) == 3 and "08:00–09:00" in text and "约的是大厅" in text
    assert page(booking) not in clerk.get(f"{url}?day={in_days(3)}").content.decode()
    week = clerk.get(f"{url}?day={day}&view=week")
    assert page(booking) in week.content.decode()
    shown = [one for room in week.context["rooms"] for one in room.days]
    alone = [one for one in shown if one["taken"] or one["today"]]
    assert alone and not any(one.get("folded") or one["run"] for one in alone)
    assert any(one.get("folded") for one in shown), "what follows and says the same is one line on a phone"
    assert page(booking) not in clerk.get(f"{url}?day={day}&place={here.next_door.pk}").content.decode()
    for bad in ("day=昨天", "day=0001-01-01", "day=9999-12-31&view=week", "place=330114001", "view=year"):
        assert clerk.get(f"{url}?{bad}").status_code == 200
    assert page(booking) not in browser_of(cast.xiasha.clerk).get(f"{url}?day={day}").content.decode()


def test_a_message_leads_each_side_to_its_own_page(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    ours = _asked(here)
    services.approve_booking(pk=ours.pk, by=fresh(here.worker), version=None)
    theirs = book(here.worker, given_by_unit(here, asks_first=True), at(day, 9), at(day, 10), booker=office_of(here))
    desks = {row.pk: reverse("desk:booking", args=[row.pk]) for row in (ours, theirs)}
    found = {
        (m.rule, m.subject_label): m.url for m in Message.objects.filter(channel="inapp", rule__contains="Booking")
    }
    assert found["resources.BookingAsked", ours.number] == page(ours)
    assert found["resources.BookingStands", ours.number] == desks[ours.pk]
    assert found["resources.BookingAsked", theirs.number] == desks[theirs.pk]
    services.approve_booking(pk=theirs.pk, by=fresh(here.liaison), version=None)
    assert Message.objects.get(
        rule="resources.BookingStands", subject_label=theirs.number, channel="inapp"
    ).url == page(theirs)


def test_a_due_and_a_notice_say_what_they_are_about_to_who_may_read_it(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    booking = _asked(here)
    said = titles.due_titles(fresh(here.clerk), [f"booking:{booking.pk}", "need:1", "booking:x"])
    assert list(said) == [f"booking:{booking.pk}"] and booking.resource.name in said[f"booking:{booking.pk}"]
    numbers = [booking.number, booking.resource.number, "XQ-CX-1"]
    assert set(titles.titles_by_number(fresh(here.clerk), numbers)) == set(numbers[:2])
    assert titles.due_titles(fresh(there.clerk), [f"booking:{booking.pk}"]) == {}
    assert booking.number not in titles.titles_by_number(fresh(there.clerk), numbers)


def test_a_resident_is_named_to_whoever_keeps_the_place_and_to_nobody_else(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    room = resource_in(here, for_people=True)
    person = resident("13800001234", name="欧阳明月")
    booking = book(person, room, at(day, 9), at(day, 10))
    for colleague, named in ((here.worker, True), (here.clerk, True), (here.neighbour, False), (here.leader, False)):
        text = browser_of(colleague).get(page(booking)).content.decode()
        assert ("欧阳明月" in text) is named
    listed = browser_of(here.worker).get(reverse("admin:resources_booking_changelist")).content.decode()
    assert booking.number in listed and "欧阳明月" not in listed
