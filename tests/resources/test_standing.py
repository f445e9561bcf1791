"""Who may not book for a while, and 战时: decided by those who may, with a reason, and until a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from audit.models import AuditEntry
from audit.states import Action
from notifications.models import Message
from resources import services
from resources.models import Booking, Mode, Pause
from resources.states import BookingState
from tests.api.calls import post, problem
from tests.cast import Cast, api_of, browser_of, fresh
from tests.claims.things import another_unit
from tests.resources.pages import page
from tests.resources.things import at, book, in_days, missed_once, office_of, resource_in


def test_a_unit_that_is_paused_books_nothing_until_the_day_and_others_do(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    hall = resource_in(here)
    unit, liaison = another_unit(here)
    other, colleague = another_unit(here)
    mine, theirs = services.Booker(unit=unit.pk), services.Booker(unit=other.pk)
    stands = book(liaison, hall, at(day, 8), at(day, 9), booker=mine)
    missed_once(here, unit=unit)
    said = {"street": here.street, "by": fresh(here.party_office), "unit": unit}
    pause = services.pause_booking(**said, why="三次约了没来")
    assert pause.until == in_days(30)
    with pytest.raises(RuleBroken, match="三次约了没来"):
        book(liaison, hall, at(day, 9), at(day, 10), booker=mine)
    book(colleague, hall, at(day, 9), at(day, 10), booker=theirs)
    stands.refresh_from_db()
    assert stands.state == BookingState.BOOKED
    with pytest.raises(RuleBroken, match="已经暂停"):
        services.pause_booking(**said, why="再停一次")
    Pause.objects.update(starts_on=in_days(-30), until=in_days(0))
    book(liaison, hall, at(day, 10), at(day, 11), booker=mine)


def test_nobody_is_paused_who_never_missed_what_was_booked(cast: Cast) -> None:
    """At every door; and who is paused hears of it, finds it where one books, and hears when it is lifted."""
    here, day = cast.chengxiang, in_days(2)
    unit, liaison = another_unit(here)
    booking = book(liaison, resource_in(here), at(day, 9), at(day, 10), booker=services.Booker(unit=unit.pk))
    path, office = f"/api/v1/bookings/{booking.pk}/pause/", here.party_office
    problem(post(api_of(office), path, {"why": "三次约了没来"}), 403, "not_allowed")
    assert browser_of(office).post(page(booking, "pause"), {"pause-why": "三次约了没来"}).status_code == 403
    assert not Pause.objects.exists()
    assert "三次约了没来" not in browser_of(liaison).get("/desk/find/").content.decode()
    missed_once(here, unit=unit)
    assert post(api_of(office), path, {"why": "三次约了没来"}).status_code == 201
    mine = Message.objects.filter(recipient_key=f"u:{liaison.pk}", channel="inapp")
    assert mine.filter(rule="resources.BookingPaused").count() == 1
    for url in ("/desk/find/", f"/desk/find/{booking.resource_id}/"):
        assert "三次约了没来" in browser_of(liaison).get(url).content.decode()
        assert "三次约了没来" not in browser_of(here.liaison).get(url).content.decode()
    services.lift_pause(pk=Pause.objects.get().pk, by=fresh(office))
    assert mine.filter(rule="resources.BookingResumed").count() == 1
    assert "三次约了没来" not in browser_of(liaison).get("/desk/find/").content.decode()


def test_a_pause_is_lifted_early_by_who_approves_and_once(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    hall = resource_in(here)
    unit, liaison = another_unit(here)
    missed_once(here, unit=unit)
    pause = services.pause_booking(street=here.street, by=fresh(here.section_head), unit=unit, why="约了不来")
    for person, error in ((here.worker, NotAllowed), (liaison, NotAllowed), (cast.xiasha.party_office, NotFound)):
        with pytest.raises(error):
            services.lift_pause(pk=pause.pk, by=fresh(person))
    services.lift_pause(pk=pause.pk, by=fresh(here.party_office))
    with pytest.raises(RuleBroken, match="已经恢复"):
        services.lift_pause(pk=pause.pk, by=fresh(here.party_office))
    book(liaison, hall, at(day, 9), at(day, 10), booker=services.Booker(unit=unit.pk))


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_pause_ends_within_a_year_and_says_why(cast: Cast, days: int) -> None:
    here = cast.chengxiang
    unit, _liaison = another_unit(here)
    missed_once(here, unit=unit)
    said = {"street": here.street, "by": fresh(here.party_office), "unit": unit}
    with pytest.raises(Invalid) as refused:
        services.pause_booking(**said, why="约了不来", until=in_days(days))
    assert set(refused.value.fields) == {"until"}
    with pytest.raises(Invalid):
        services.pause_booking(**said, why="  ")
    assert not Pause.objects.exists()


def test_only_who_approves_in_that_street_pauses(cast: Cast) -> None:
    here = cast.chengxiang
    unit, liaison = another_unit(here)
    missed_once(here, unit=unit)
    for person in (here.worker, here.clerk, here.leader, here.system_admin, liaison, cast.xiasha.party_office):
        with pytest.raises(NotAllowed):
            services.pause_booking(street=here.street, by=fresh(person), unit=unit, why="约了不来")
    assert not Pause.objects.exists()


def test_missed_counts_what_was_missed_here_in_ninety_days(cast: Cast) -> None:
    here = cast.chengxiang
    hall = resource_in(here)
    unit, liaison = another_unit(here)
    mine = services.Booker(unit=unit.pk)
    for number in range(3):
        day = in_days(number + 2)
        book(liaison, hall, at(day, 9), at(day, 10), booker=mine)
    rows = list(Booking.objects.order_by("pk"))
    for row, ago in zip(rows, (1, 80, 91), strict=True):
        then = timezone.now() - timedelta(days=ago)
        changes = {"state": BookingState.NO_SHOW, "starts": then, "ends": then + timedelta(hours=1), "ended_at": then}
        Booking.objects.filter(pk=row.pk).update(**changes)
    assert services.missed(street=here.street.pk, unit=unit.pk) == 2
    assert services.missed(street=cast.xiasha.street.pk, unit=unit.pk) == 0
    assert services.missed(street=here.street.pk, person=liaison.pk) == 0


def test_in_an_emergency_those_in_command_dispose_of_what_is_marked(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    marked, plain = resource_in(here, emergency=True), resource_in(here, name="棋牌室")
    book(here.worker, marked, at(day, 8), at(day, 9), booker=office_of(here))
    street = here.street.pk
    mode = services.set_mode(street=street, by=fresh(here.leader), emergency=True, why="台风橙色预警", version=1)
    with pytest.raises(RuleBroken, match="战时"):
        book(here.worker, marked, at(day, 9), at(day, 10), booker=office_of(here))
    book(here.worker, plain, at(day, 9), at(day, 10), booker=office_of(here))
    book(here.party_office, marked, at(day, 9), at(day, 10), booker=office_of(here))
    assert AuditEntry.objects.filter(action=Action.MODE_CHANGED, subject=f"mode:{street}").count() == 1
    with pytest.raises(RuleBroken, match="已经是这样"):
        services.set_mode(street=street, by=fresh(here.leader), emergency=True, why="再转", version=mode.version)
    with pytest.raises(Conflict):
        services.set_mode(street=street, by=fresh(here.leader), emergency=False, why="解除", version=1)
    services.set_mode(street=street, by=fresh(here.party_office), emergency=False, why="解除", version=mode.version)
    book(here.worker, marked, at(day, 10), at(day, 11), booker=office_of(here))


def test_nobody_else_turns_a_street_to_emergency(cast: Cast) -> None:
    here = cast.chengxiang
    for person in (here.worker, here.clerk, here.section_head, here.system_admin, here.liaison, cast.xiasha.leader):
        with pytest.raises(NotAllowed):
            services.set_mode(street=here.street.pk, by=fresh(person), emergency=True, why="台风", version=None)
    for code in (here.home.pk, "999999999"):
        with pytest.raises((NotFound, NotAllowed)):
            services.set_mode(street=code, by=fresh(here.worker), emergency=True, why="台风", version=None)
    with pytest.raises(Invalid):
        services.set_mode(street=here.street.pk, by=fresh(here.leader), emergency=True, why="", version=None)
    assert not Mode.objects.filter(emergency=True).exists()
