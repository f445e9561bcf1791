"""Nobody says yes in a cause of their own; and whoever gives a thing hears of what others do with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.lib.errors import NotAllowed, RuleBroken
from notifications.models import Message
from people.models import User
from resources import services
from resources.models import Booking, Mode, Resource
from resources.states import Appeal, BookingState
from tests.cast import Cast, Street, browser_of, fresh
from tests.claims.things import another_unit
from tests.resources.pages import act, page
from tests.resources.things import at, book, given_by_unit, in_days, office_of, resource_in


def told(person: User) -> list[str]:
    """What ``person`` was told since the last look."""
    rows = Message.objects.filter(recipient_key=f"u:{person.pk}", channel="inapp")
    found = sorted(rows.values_list("rule", flat=True))
    rows.delete()
    return [rule.removeprefix("resources.") for rule in found]


def test_what_a_unit_gives_the_unit_alone_promises(cast: Cast) -> None:
    """Neither the office that asks, nor a colleague, nor the street."""
    here, day = cast.chengxiang, in_days(2)
    room = given_by_unit(here, asks_first=True)
    booking = book(here.worker, room, at(day, 9), at(day, 11), booker=office_of(here))
    assert booking.state == BookingState.ASKED
    for person in (here.worker, here.clerk, here.party_office, here.leader):
        for step, words in ((services.approve_booking, {}), (services.refuse_booking, {"words": "不行"})):
            with pytest.raises(NotAllowed):
                step(pk=booking.pk, by=fresh(person), version=None, **words)
        assert page(booking, "approve") not in browser_of(person).get(page(booking)).content.decode()
    told(here.liaison)
    services.approve_booking(pk=booking.pk, by=fresh(here.liaison), version=None)
    booking.refresh_from_db()
    assert (booking.state, told(here.liaison)) == (BookingState.BOOKED, [])


def test_what_the_office_does_with_a_units_bookings_the_unit_hears(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    room = given_by_unit(here)
    station = resource_in(here, kind="station", name="运河驿站", capacity=None)
    Resource.objects.filter(pk=room.pk).update(within=station)
    unit, liaison = another_unit(here)

    def booked(hour: int) -> Booking:
        return book(liaison, room, at(day, hour), at(day, hour + 1), booker=services.Booker(unit=unit.pk))

    first, second, third, missed = (booked(hour) for hour in (9, 11, 13, 15))
    told(here.liaison)
    worker: dict[str, Any] = {"by": fresh(here.worker), "version": None}
    services.call_off_booking(pk=first.pk, words="社区要用", **worker)
    assert told(here.liaison) == ["BookingHandled"]
    now = timezone.now()
    Booking.objects.filter(pk=missed.pk).update(starts=now - timedelta(hours=1), ends=now + timedelta(hours=1))
    services.note_no_show(pk=missed.pk, **worker)
    assert told(here.liaison) == ["BookingHandled"]
    closing = {"starts_on": day, "ends_on": day, "why": "检修", "call_off": True}
    services.close_days(pk=station.pk, **worker, **closing)
    assert told(here.liaison) == ["BookingHandled"] * 2
    assert set(Booking.objects.filter(state=BookingState.CANCELLED)) == {first, second, third}
    services.stop_resource(pk=room.pk, words="消防不合格", **worker)
    assert told(here.liaison) == ["ResourceStopped"]


def test_in_emergency_those_in_command_answer_for_what_is_marked_and_nobody_unmarks_it(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    room = given_by_unit(here, asks_first=True, emergency=True)
    unit, liaison = another_unit(here)
    asked = {"booker": services.Booker(unit=unit.pk)}
    first = book(liaison, room, at(day, 9), at(day, 11), **asked)
    second = book(liaison, room, at(day, 13), at(day, 15), **asked)
    Mode.objects.create(street=here.street, emergency=True, why="防台风")
    with pytest.raises(RuleBroken, match="战时"):
        services.approve_booking(pk=first.pk, by=fresh(here.liaison), version=None)
    for person in (here.liaison, here.worker):
        with pytest.raises(RuleBroken, match="战时"):
            services.edit_resource(pk=room.pk, by=fresh(person), version=None, emergency=False)
    services.edit_resource(pk=room.pk, by=fresh(here.liaison), version=None, cancel_hours=2)
    told(here.liaison)
    leader, queue = browser_of(here.leader), reverse("admin:approvals")
    assert page(first) in leader.get(queue).content.decode()
    assert page(first, "approve") in leader.get(page(first)).content.decode()
    assert act(leader, first, "approve").status_code == 302
    assert told(here.liaison) == ["BookingHandled"]
    own = book(here.party_office, room, at(day, 16), at(day, 17), booker=office_of(here))
    assert own.state == BookingState.BOOKED
    Mode.objects.update(emergency=False)
    assert page(second) not in leader.get(queue).content.decode()
    with pytest.raises(NotAllowed):
        services.approve_booking(pk=second.pk, by=fresh(here.leader), version=None)
    services.edit_resource(pk=room.pk, by=fresh(here.liaison), version=None, emergency=False)


def _missed(here: Street, by: User, office: str) -> Booking:
    """Booked ``by`` somebody for an office, noted as missed by the unit that gives the room."""
    room, day = given_by_unit(here), in_days(2)
    booking = book(by, room, at(day, 9), at(day, 11), booker=services.Booker(office=office))
    now = timezone.now()
    Booking.objects.filter(pk=booking.pk).update(starts=now - timedelta(hours=1), ends=now + timedelta(hours=1))
    return services.note_no_show(pk=booking.pk, by=fresh(here.liaison), version=None)


def test_a_word_against_a_no_show_is_not_answered_by_who_said_it_or_booked(cast: Cast) -> None:
    here = cast.chengxiang
    booking = _missed(here, here.party_office, here.street.pk)
    services.appeal(pk=booking.pk, by=fresh(here.clerk), version=None, words="去了")
    queue = reverse("admin:approvals")
    for person, may in ((here.party_office, False), (here.clerk, False), (here.section_head, True)):
        browser = browser_of(person)
        assert (page(booking) in browser.get(queue).content.decode()) is may
        assert (page(booking, "decide") in browser.get(page(booking)).content.decode()) is may
        decision: dict[str, Any] = {"pk": booking.pk, "by": fresh(person), "version": None, "excused": True}
        if may:
            assert services.decide_appeal(**decision).appeal == Appeal.EXCUSED
        else:
            with pytest.raises(NotAllowed, match="请另一位"):
                services.decide_appeal(**decision)
