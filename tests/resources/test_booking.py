"""Who gets a room when: no two at one time, nothing outside its hours, nothing beyond what there is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from deadlines.models import Due
from notifications.models import Message
from resources import services
from resources.models import Booking, Hold, Mode, Pause, Resource
from resources.states import BookingState, BookingVerb
from tests.cast import Cast, fresh, resident
from tests.claims.things import another_unit, unit_of
from tests.resources.things import at, book, given_by_unit, hall_of_two, in_days, office_of, resource_in

TOMORROW = 1


def test_a_free_hour_is_taken_at_once_and_shown_as_taken(cast: Cast) -> None:
    here = cast.chengxiang
    hall, day = resource_in(here), in_days(TOMORROW)
    booking = book(here.worker, hall, at(day, 9), at(day, 11), booker=office_of(here))
    assert (booking.state, booking.number[:3]) == (BookingState.BOOKED, "YY-")
    found = services.free_on(hall, day)
    assert (found.taken, found.free) == (((540, 660),), ((0, 540), (660, 1440)))


def test_a_second_tap_finds_the_first(cast: Cast) -> None:
    here = cast.chengxiang
    hall, day, key = resource_in(here), in_days(TOMORROW), uuid4()
    first = book(here.worker, hall, at(day, 9), at(day, 11), booker=office_of(here), client_key=key)
    again = book(here.worker, hall, at(day, 9), at(day, 11), booker=office_of(here), client_key=key)
    assert (first.pk, first.just_made, again.just_made) == (again.pk, True, False)
    with pytest.raises(Conflict):
        book(here.worker, hall, at(day, 12), at(day, 13), booker=office_of(here), client_key=key)


def test_times_that_touch_do_not_collide_but_buffers_do(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(TOMORROW)
    plain, careful = resource_in(here), resource_in(here, name="舞蹈房", buffer_minutes=15)
    for room in (plain, careful):
        book(here.worker, room, at(day, 9), at(day, 10), booker=office_of(here))
    book(here.worker, plain, at(day, 10), at(day, 11), booker=office_of(here))
    with pytest.raises(Conflict, match=r"您自己约了.*前后各要留15分钟：最早10:30开始"):
        book(here.worker, careful, at(day, 10), at(day, 11), booker=office_of(here))
    book(here.worker, careful, at(day, 10, 30), at(day, 11), booker=office_of(here))


def test_the_hall_and_its_rooms_exclude_each_other(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(TOMORROW)
    hall, east, west = hall_of_two(here)
    book(here.worker, east, at(day, 9), at(day, 10), booker=office_of(here))
    with pytest.raises(Conflict):
        book(here.worker, hall, at(day, 9, 30), at(day, 12), booker=office_of(here))
    book(here.worker, hall, at(day, 10), at(day, 12), booker=office_of(here))
    with pytest.raises(Conflict):
        book(here.worker, west, at(day, 11), at(day, 13), booker=office_of(here))


def test_pieces_go_out_as_long_as_there_are_any(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(TOMORROW)
    chairs = resource_in(here, kind="equipment", name="折叠椅", quantity=50, longest_minutes=3 * 1440)
    book(here.worker, chairs, at(day, 9), at(in_days(3), 9), booker=office_of(here), quantity=30)
    with pytest.raises(Conflict, match="只剩20件"):
        book(here.worker, chairs, at(in_days(2), 9), at(in_days(2), 12), booker=office_of(here), quantity=21)
    book(here.worker, chairs, at(in_days(2), 9), at(in_days(2), 12), booker=office_of(here), quantity=20)
    book(here.worker, chairs, at(in_days(3), 9), at(in_days(3), 12), booker=office_of(here), quantity=50)


def test_less_than_is_promised_cannot_be_left(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(TOMORROW)
    chairs = resource_in(here, kind="equipment", name="折叠椅", quantity=50)
    for hour in (9, 10):
        book(here.worker, chairs, at(day, hour), at(day, 12), booker=office_of(here), quantity=15)
    office = fresh(here.party_office)
    with pytest.raises(RuleBroken, match="已经答应出去30"):
        services.edit_resource(pk=chairs.pk, by=office, version=None, quantity=29)
    services.edit_resource(pk=chairs.pk, by=office, version=None, quantity=30)
    with pytest.raises(IntegrityError), transaction.atomic():
        Resource.objects.filter(pk=chairs.pk).update(quantity=29)


def test_the_database_refuses_what_the_services_would(cast: Cast) -> None:
    """The guards below the services: two live holds of one space, and more pieces than there are."""
    here, day = cast.chengxiang, in_days(TOMORROW)
    hall = resource_in(here)
    chairs = resource_in(here, kind="equipment", name="折叠椅", quantity=2)
    one = book(here.worker, hall, at(day, 9), at(day, 11), booker=office_of(here))
    two = book(here.worker, chairs, at(day, 9), at(day, 11), booker=office_of(here), quantity=2)
    during = DateTimeTZRange(at(day, 10), at(day, 12), "[)")
    with pytest.raises(IntegrityError, match="hold_no_two_at_once"), transaction.atomic():
        Hold.objects.create(booking=two, resource=hall, during=during, exclusive=True)
    with pytest.raises(IntegrityError, match="would have promised 3"), transaction.atomic():
        Hold.objects.create(booking=one, resource=chairs, during=during, exclusive=False)
    one.holds.update(live=False)
    Hold.objects.create(booking=two, resource=hall, during=during, exclusive=True)


BAD_TIMES: list[tuple[str, Callable[[Any], tuple[Any, Any]]]] = [
    ("已经过了", lambda day: (timezone.now() - timedelta(hours=2), timezone.now() + timedelta(hours=1))),
    ("结束要晚于开始", lambda day: (at(day, 11), at(day, 11))),
    ("结束要晚于开始", lambda day: (at(day, 11), at(day, 9))),
    ("不能过夜", lambda day: (at(day, 22), at(day + timedelta(days=1), 1))),
    ("一次最长4小时", lambda day: (at(day, 9), at(day, 13, 1))),
    ("最早提前60天", lambda day: (at(in_days(61), 9), at(in_days(61), 10))),
    ("不在开放时间", lambda day: (at(day, 7), at(day, 9))),
    ("不在开放时间", lambda day: (at(day, 19), at(day, 20, 1))),
    ("那天关门：检修", lambda day: (at(in_days(5), 9), at(in_days(5), 10))),
]


@pytest.mark.parametrize(("words", "times"), BAD_TIMES)
def test_a_time_that_cannot_be_is_said_so_beside_the_field(
    cast: Cast, words: str, times: Callable[[Any], tuple[Any, Any]]
) -> None:
    here = cast.chengxiang
    hall = resource_in(here)
    services.set_hours(hall, [(weekday, 8 * 60, 20 * 60) for weekday in range(1, 8)])
    closed = in_days(5)
    services.close_days(
        pk=hall.pk, by=fresh(here.party_office), version=None, starts_on=closed, ends_on=closed, why="检修"
    )
    with pytest.raises(Invalid) as refused:
        book(here.worker, hall, *times(in_days(TOMORROW)), booker=office_of(here))
    assert words in "".join(map(str, refused.value.fields["starts"]))
    assert not Booking.objects.exists()


def test_until_midnight_is_not_over_midnight(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(TOMORROW)
    book(here.worker, resource_in(here), at(day, 22), at(in_days(2), 0), booker=office_of(here))
    assert Booking.objects.get().state == BookingState.BOOKED


def test_a_room_is_closed_when_its_station_is(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(TOMORROW)
    station = resource_in(here, kind="station", name="运河驿站", capacity=None)
    room = resource_in(here, name="书吧", within=station.pk)
    services.set_hours(station, [(day.isoweekday(), 9 * 60, 17 * 60)])
    with pytest.raises(Invalid):
        book(here.worker, room, at(day, 8), at(day, 9), booker=office_of(here))
    book(here.worker, room, at(day, 9), at(day, 10), booker=office_of(here))
    with pytest.raises(RuleBroken, match="不用预约"):
        book(here.worker, station, at(day, 9), at(day, 10), booker=office_of(here))


def test_a_unit_asks_and_the_giver_answers(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    room = given_by_unit(here, asks_first=True)
    unit, liaison = another_unit(here)
    booking = book(liaison, room, at(day, 9), at(day, 11), booker=services.Booker(unit=unit.pk))
    assert booking.state == BookingState.ASKED
    assert Message.objects.filter(rule="resources.BookingAsked", recipient_key=f"u:{here.liaison.pk}").exists()
    with pytest.raises(Conflict):
        book(here.worker, room, at(day, 10), at(day, 12), booker=office_of(here))
    with pytest.raises(NotAllowed):
        services.approve_booking(pk=booking.pk, by=fresh(liaison), version=booking.version)
    services.approve_booking(pk=booking.pk, by=fresh(here.liaison), version=booking.version)
    with pytest.raises(Conflict):
        services.refuse_booking(pk=booking.pk, by=fresh(here.liaison), version=booking.version, words="不行")
    stands = Message.objects.filter(rule="resources.BookingStands", recipient_key=f"u:{liaison.pk}")
    assert stands.exists()


def test_what_is_refused_or_cancelled_frees_the_time_and_its_reminders(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(5)
    room = given_by_unit(here, asks_first=True)
    unit, liaison = another_unit(here)
    mine = services.Booker(unit=unit.pk)
    refused = book(liaison, room, at(day, 9), at(day, 11), booker=mine)
    with pytest.raises(Invalid):
        services.refuse_booking(pk=refused.pk, by=fresh(here.liaison), version=None, words=" ")
    services.refuse_booking(pk=refused.pk, by=fresh(here.liaison), version=None, words="那天有课")
    second = book(liaison, room, at(day, 9), at(day, 11), booker=mine)
    services.cancel_booking(pk=second.pk, by=fresh(liaison), version=None)
    book(liaison, room, at(day, 9), at(day, 11), booker=mine)
    for gone in (refused, second):
        waiting = Due.objects.undone().of(f"booking:{gone.pk}")
        assert not waiting.exists()


def test_too_late_to_cancel_is_for_the_telephone(cast: Cast) -> None:
    here = cast.chengxiang
    room = resource_in(here, cancel_hours=24)
    soon = timezone.now() + timedelta(minutes=5)
    if timezone.localdate(soon) != timezone.localdate(soon + timedelta(minutes=15)):
        soon += timedelta(minutes=20)  # around midnight
    booking = book(here.worker, room, soon, soon + timedelta(minutes=15), booker=office_of(here))
    with pytest.raises(RuleBroken, match="不到24小时"):
        services.cancel_booking(pk=booking.pk, by=fresh(here.worker), version=None)
    services.call_off_booking(pk=booking.pk, by=fresh(here.worker), version=None, words="临时有事")
    assert Booking.objects.get().state == BookingState.CANCELLED


def test_other_streets_and_suspended_units_book_nothing(cast: Cast) -> None:
    here, there, day = cast.chengxiang, cast.xiasha, in_days(1)
    room = resource_in(here, is_public=False)
    with pytest.raises(NotFound):
        book(there.worker, room, at(day, 9), at(day, 10), booker=services.Booker(office=there.home.pk))
    with pytest.raises(NotFound):
        book(there.liaison, room, at(day, 9), at(day, 10), booker=services.Booker(unit=unit_of(there).pk))
    unit, liaison = another_unit(here)
    unit.suspended_at = timezone.now()
    unit.save(update_fields=["suspended_at"])
    with pytest.raises(RuleBroken, match="您的单位暂停了"):
        book(liaison, room, at(day, 9), at(day, 10), booker=services.Booker(unit=unit.pk))
    with pytest.raises(NotAllowed):
        book(here.worker, room, at(day, 9), at(day, 10))


def test_a_resource_serves_its_own_area(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(1)
    room = resource_in(here, serves=here.home.pk)
    with pytest.raises(RuleBroken, match="只服务"):
        book(here.neighbour, room, at(day, 9), at(day, 10), booker=services.Booker(office=here.next_door.pk))
    Resource.objects.update(for_people=True)
    with pytest.raises(RuleBroken, match="只服务"):
        book(cast.xiasha.worker, room, at(day, 9), at(day, 10))
    book(resident("13800001234"), room, at(day, 9), at(day, 10))  # where somebody lives is not known of everybody


def test_in_emergency_only_those_in_command_dispose_of_what_is_marked(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(1)
    tents = resource_in(here, kind="supplies", name="帐篷", quantity=10, emergency=True)
    Mode.objects.create(street=here.street, emergency=True, why="防台风")
    with pytest.raises(RuleBroken, match="战时"):
        book(here.worker, tents, at(day, 9), at(day, 10), booker=office_of(here))
    book(here.party_office, tents, at(day, 9), at(day, 10), booker=services.Booker(office=here.street.pk))


def test_so_many_a_month_and_no_more(cast: Cast) -> None:
    here = cast.chengxiang
    room = resource_in(here, most_a_month=2)
    day = in_days(1)
    for hour in (9, 10):
        book(here.worker, room, at(day, hour), at(day, hour + 1), booker=office_of(here))
    with pytest.raises(RuleBroken, match="约满"):
        book(here.worker, room, at(day, 15), at(day, 16), booker=office_of(here))


def test_a_pause_holds_until_its_day(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(1)
    room = resource_in(here)
    unit, liaison = another_unit(here)
    pause = Pause.objects.create(
        street=here.street, unit=unit, starts_on=in_days(-1), until=in_days(30), why="三次没有来", by=here.party_office
    )
    mine = services.Booker(unit=unit.pk)
    with pytest.raises(RuleBroken, match="三次没有来"):
        book(liaison, room, at(day, 9), at(day, 10), booker=mine)
    pause.lifted_at = timezone.now()
    pause.save(update_fields=["lifted_at"])
    book(liaison, room, at(day, 9), at(day, 10), booker=mine)


def test_an_offer_stopped_while_booked_calls_off_and_tells(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(3)
    room = given_by_unit(here)
    unit, liaison = another_unit(here)
    booking = book(liaison, room, at(day, 9), at(day, 10), booker=services.Booker(unit=unit.pk))
    with pytest.raises(Invalid):
        services.stop_resource(pk=room.pk, by=fresh(here.liaison), version=None, words="")
    with pytest.raises(Invalid) as refused:
        services.stop_resource(pk=room.pk, by=fresh(here.liaison), version=None, words="教室要装修")
    assert "还有1个预约" in str(refused.value.fields["call_off"][0])
    services.stop_resource(pk=room.pk, by=fresh(here.liaison), version=None, words="教室要装修", call_off=True)
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED
    assert booking.events.get(verb=BookingVerb.CALL_OFF).words == "教室要装修"
    told = Message.objects.filter(rule="resources.BookingCalledOff", recipient_key=f"u:{liaison.pk}")
    assert set(told.values_list("channel", flat=True)) == {"inapp", "sms"}


def test_closing_days_asks_before_it_calls_off(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(3)
    room = resource_in(here)
    booking = book(here.worker, room, at(day, 9), at(day, 10), booker=office_of(here))
    closing: dict[str, Any] = {"pk": room.pk, "by": fresh(here.party_office), "version": None, "why": "停电"}
    with pytest.raises(RuleBroken, match="已有1个预约"):
        services.close_days(**closing, starts_on=day, ends_on=day)
    _closure, number = services.close_days(**closing, starts_on=day, ends_on=day, call_off=True)
    booking.refresh_from_db()
    assert (number, booking.state) == (1, BookingState.CANCELLED)
