"""After a booking stands: handed over, given back, 爽约 and the word against it, lapsed, reminded."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from deadlines.models import Due
from deadlines.services.sweep import sweep
from members.services.merging import merge_units, undo_merge
from notifications.models import Message
from resources import services
from resources.models import Booking, Resource, Usage
from resources.states import Appeal, BookingState
from tests.cast import Cast, Street, fresh
from tests.claims.things import another_unit
from tests.resources.things import at, book, given_by_unit, in_days, office_of, resource_in


def _begun(here: Street) -> Booking:
    """A booking of another unit that began an hour ago."""
    room = given_by_unit(here)
    unit, liaison = another_unit(here)
    day = in_days(2)
    booking = book(liaison, room, at(day, 9), at(day, 11), booker=services.Booker(unit=unit.pk))
    now = timezone.now()
    Booking.objects.filter(pk=booking.pk).update(starts=now - timedelta(hours=1), ends=now + timedelta(hours=1))
    return Booking.objects.get(pk=booking.pk)


def test_handed_over_and_given_back_leaves_a_note_of_use(cast: Cast) -> None:
    here = cast.chengxiang
    booking, giver = _begun(here), fresh(here.liaison)
    services.hand_over(pk=booking.pk, by=giver, version=None)
    with pytest.raises(RuleBroken, match="已经交给对方"):
        services.cancel_booking(pk=booking.pk, by=fresh(booking.by), version=None)
    with pytest.raises(NotAllowed):
        services.hand_over(pk=booking.pk, by=giver, version=None)
    with pytest.raises(Invalid):
        services.take_back(pk=booking.pk, by=giver, version=None, people=-1, client_key=uuid4())
    services.take_back(pk=booking.pk, by=giver, version=None, people=42, client_key=uuid4())
    booking.refresh_from_db()
    assert (booking.state, Usage.objects.get().people) == (BookingState.USED, 42)
    assert not booking.holds.filter(live=True).exists()
    used = services.used(Resource.objects.get())
    assert (used.times, used.people) == (1, 42)


def test_nothing_is_handed_over_or_missed_before_its_time(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(3)
    room = resource_in(here)
    booking = book(here.worker, room, at(day, 9), at(day, 10), booker=office_of(here))
    for step in (services.hand_over, services.note_no_show):
        with pytest.raises(RuleBroken):
            step(pk=booking.pk, by=fresh(here.worker), version=None)
    with pytest.raises(RuleBroken):
        services.take_back(pk=booking.pk, by=fresh(here.worker), version=None, people=1, client_key=uuid4())


def test_no_show_is_noted_answered_and_decided_by_somebody_else(cast: Cast) -> None:
    here = cast.chengxiang
    booking = _begun(here)
    services.note_no_show(pk=booking.pk, by=fresh(here.clerk), version=None)
    with pytest.raises(Invalid):
        services.appeal(pk=booking.pk, by=fresh(booking.by), version=None, words="")
    services.appeal(pk=booking.pk, by=fresh(booking.by), version=None, words="门锁着，打电话没人接")
    with pytest.raises(RuleBroken, match="已经说明过"):
        services.appeal(pk=booking.pk, by=fresh(booking.by), version=None, words="再说一遍")
    with pytest.raises(NotAllowed, match="请另一位"):
        services.decide_appeal(pk=booking.pk, by=fresh(here.clerk), version=None, excused=False)
    with pytest.raises(NotAllowed):
        services.decide_appeal(pk=booking.pk, by=fresh(here.liaison), version=None, excused=True)
    services.decide_appeal(pk=booking.pk, by=fresh(here.party_office), version=None, excused=True)
    booking.refresh_from_db()
    assert (booking.state, booking.appeal) == (BookingState.CANCELLED, Appeal.EXCUSED)


def test_unanswered_until_it_begins_it_is_void_and_the_time_is_free(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    room = given_by_unit(here, asks_first=True)
    unit, liaison = another_unit(here)
    mine = services.Booker(unit=unit.pk)
    booking = book(liaison, room, at(day, 9), at(day, 11), booker=mine)
    past = timezone.now() - timedelta(minutes=1)
    Booking.objects.filter(pk=booking.pk).update(starts=past)
    Due.objects.undone().of(f"booking:{booking.pk}").filter(kind="resources.lapse").update(due_at=past)
    sweep()
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED
    assert Message.objects.filter(rule="resources.BookingLapsed", recipient_key=f"u:{liaison.pk}").exists()
    book(liaison, room, at(day, 9), at(day, 11), booker=mine)


@pytest.mark.parametrize(("notice", "early"), [(24, True), (72, False)])
def test_an_answer_comes_while_one_can_still_go_elsewhere(cast: Cast, notice: int, early: bool) -> None:
    here, day = cast.chengxiang, in_days(2)
    room = given_by_unit(here, asks_first=True, cancel_hours=notice)
    unit, liaison = another_unit(here)
    booking = book(liaison, room, at(day, 9), at(day, 11), booker=services.Booker(unit=unit.pk))
    until = booking.starts - timedelta(hours=notice) if early else booking.starts
    due = Due.objects.undone().of(f"booking:{booking.pk}").get(kind="resources.lapse")
    assert (booking.answer_by, due.due_at) == (until, until)
    past = timezone.now() - timedelta(minutes=1)
    Due.objects.filter(pk=due.pk).update(due_at=past)
    Booking.objects.filter(pk=booking.pk).update(answer_by=past if early else until)
    sweep()
    booking.refresh_from_db()
    assert booking.state == (BookingState.CANCELLED if early else BookingState.ASKED)


def test_the_day_before_whoever_booked_is_reminded_once(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(5)
    room = resource_in(here)
    booking = book(here.worker, room, at(day, 9), at(day, 10), booker=office_of(here))
    due = Due.objects.undone().of(f"booking:{booking.pk}").get()
    assert due.due_at == booking.starts - timedelta(days=1)
    Due.objects.filter(pk=due.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    for _twice in range(2):
        sweep()
    assert Message.objects.filter(rule="resources.BookingTomorrow", channel="inapp").count() == 1


def test_open_houses_note_who_came(cast: Cast) -> None:
    here = cast.chengxiang
    station = resource_in(here, kind="station", name="小哥驿站", capacity=None)
    key = uuid4()
    said = {"client_key": key, "resource": station.pk, "day": in_days(0), "people": 30}
    for _tap in range(2):
        services.note_use(by=fresh(here.worker), **said)
    assert services.used(station).times == 1
    with pytest.raises(NotFound):
        Resource.objects.filter(pk=station.pk).update(is_public=False)
        services.note_use(by=fresh(cast.xiasha.worker), **{**said, "client_key": uuid4()})
    with pytest.raises(Invalid):
        services.note_use(by=fresh(here.worker), **{**said, "client_key": uuid4(), "day": in_days(1)})


def test_two_rows_of_one_unit_made_one_bring_what_they_give_and_booked_and_back(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(3)
    room = given_by_unit(here)
    gone, liaison = another_unit(here)
    kept = room.unit
    assert kept is not None
    booking = book(liaison, room, at(day, 9), at(day, 10), booker=services.Booker(unit=gone.pk))
    merge = merge_units(kept_id=kept.pk, gone_id=gone.pk, by=fresh(here.party_office))
    booking.refresh_from_db()
    assert booking.unit_id == kept.pk
    undo_merge(pk=merge.pk, by=fresh(here.party_office))
    booking.refresh_from_db()
    assert booking.unit_id == gone.pk
