"""A booking that waits says with whom, since when, until when: after the tap, on its page, in the lists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from resources import services
from resources.models import Booking
from resources.states import BookingState
from tests.cast import Cast, browser_of, fresh, say_need
from tests.claims.things import another_unit, unit_of
from tests.desk.asking import text
from tests.resources.pages import act, page
from tests.resources.things import at, book, given_by_unit, in_days, office_of, resource_in

pytestmark = pytest.mark.django_db


def test_a_booking_that_needs_a_yes_is_said_to_be_asked_not_to_stand(cast: Cast) -> None:
    here = cast.chengxiang
    hall, clerk = given_by_unit(here, asks_first=True), browser_of(here.clerk)
    typed = {"office": here.home.pk, "day": in_days(2), "begins": "09:00", "finishes": "11:00", "purpose": "开会"}
    made = act(clerk, hall, "book", **typed, client_key="8d0f2a52-30c4-4a52-9ad5-0d4b6c0a7a11")
    said = clerk.get(made["Location"]).content.decode()
    assert "约上了。" not in said and f"问过了，等{unit_of(here)}答复，最晚" in said
    free = resource_in(here, name="二楼会议室")
    made = act(clerk, free, "book", **typed, client_key="8d0f2a52-30c4-4a52-9ad5-0d4b6c0a7a12")
    assert "约上了。" in clerk.get(made["Location"]).content.decode()


def test_its_page_says_in_whose_hands_since_when_until_when(cast: Cast) -> None:
    here = cast.chengxiang
    hall = given_by_unit(here, asks_first=True)
    booking = book(here.worker, hall, at(in_days(2), 9), at(in_days(2), 11), booker=office_of(here))
    said = browser_of(here.clerk).get(page(booking)).content.decode()
    assert "在谁手里" in said and f"{unit_of(here)}，等答复" in said and "起 · 最晚" in said
    services.approve_booking(pk=booking.pk, by=fresh(here.liaison), version=None)
    said = browser_of(here.clerk).get(page(booking)).content.decode()
    assert f"{here.home.name}，约好了" in said and "等答复" not in said


def test_what_waits_stands_in_the_list_by_its_limit_the_first_to_end_on_top(cast: Cast) -> None:
    here = cast.chengxiang
    hall = given_by_unit(here, asks_first=True)
    late, soon = (
        book(here.worker, hall, at(in_days(days), 9), at(in_days(days), 11), booker=office_of(here)) for days in (5, 2)
    )
    said = browser_of(here.clerk).get(f"{reverse('admin:resources_booking_changelist')}?tab=asked").content.decode()
    assert said.index(soon.number) < said.index(late.number) and "起 · 最晚" in said
    everything = browser_of(here.clerk).get(f"{reverse('admin:resources_booking_changelist')}?tab=all")
    listed = everything.content.decode()
    assert listed.index(late.number) < listed.index(soon.number)


def test_at_the_desk_each_side_reads_who_has_it_and_whom_to_call(cast: Cast) -> None:
    here = cast.chengxiang
    hall = given_by_unit(here, asks_first=True, phone="0571-88000001")
    unit, other = another_unit(here)
    booking = book(other, hall, at(in_days(2), 9), at(in_days(2), 11), booker=services.Booker(unit=unit.pk))
    path, asks, gives = f"/desk/bookings/{booking.pk}/", browser_of(other), browser_of(here.liaison)
    for said in (text(asks.get("/desk/bookings/")), text(gives.get("/desk/"))):
        assert f"{unit_of(here)}，等答复" in said and "起 · 最晚" in said
    booked, given = text(asks.get(path)), text(gives.get(path))
    for said in (booked, given):
        assert f"{unit_of(here)}，等答复" in said and said.count("<dd") == said.count("<dt")
    assert "0571-88000001" in booked.split("和谁联系")[1]
    assert f"{unit.name}，可以请" in given.split("和谁联系")[1] and "0571-88000001" not in given
    assert f"{unit.name}：预约" in given
    services.approve_booking(pk=booking.pk, by=fresh(here.liaison), version=None)
    given = text(gives.get(path))
    assert "来用" in given and "可以取消" not in given and f"{unit_of(here)}：同意" in given
    assert "可以取消" in text(asks.get(path))


def test_what_was_used_and_not_noted_waits_for_whoever_gives_it(cast: Cast) -> None:
    here = cast.chengxiang
    hall = resource_in(here)
    booking = book(here.worker, hall, at(in_days(2), 9), at(in_days(2), 11), booker=office_of(here))
    now = timezone.now()
    Booking.objects.update(starts=now - timedelta(hours=2), ends=now - timedelta(hours=1))
    booking.refresh_from_db()
    assert booking.state == BookingState.BOOKED
    assert f"{here.home.name}，等登记用得怎么样" in browser_of(here.clerk).get(page(booking)).content.decode()


def test_booked_from_a_need_the_form_knows_what_for_and_where_to(cast: Cast) -> None:
    here = cast.chengxiang
    barber = given_by_unit(here, kind="haircut", name="上门理发", capacity=None, asks_first=True)
    need = say_need(here.home, words="想请人上门理发", spot="8幢2单元")
    clerk = browser_of(here.worker)
    form = clerk.get(f"{page(barber)}?for=need:{need.pk}").content.decode().split('id="book"')[1].split("</form>")[0]
    assert f'value="{need.title}"' in form and "8幢2单元" in form
    about = {"subject": f"need:{need.pk}", "subject_label": need.number}
    book(here.worker, barber, at(in_days(2), 9), at(in_days(2), 10), booker=office_of(here), place="8幢2单元", **about)
    said = clerk.get(reverse("admin:needs_need_change", args=[need.pk])).content.decode()
    assert f"{unit_of(here)}，等答复" in said and "起 · 最晚" in said


def test_the_week_that_is_shown_is_that_of_the_day_one_comes_with(cast: Cast) -> None:
    hall, day = given_by_unit(cast.chengxiang), in_days(9)
    said = text(browser_of(cast.chengxiang.liaison).get(f"/desk/find/{hall.pk}/?day={day}"))
    assert f"?day={day}" in said.split('id="days"')[1].split("</ul>")[0]


def test_what_is_offered_says_who_looks_at_it_and_until_when(cast: Cast) -> None:
    here = cast.chengxiang
    hall = resource_in(here, by=here.liaison, unit=unit_of(here), name="五楼会议室")
    client = browser_of(here.liaison)
    for path in ("/desk/resources/", f"/desk/resources/{hall.pk}/"):
        said = text(client.get(path))
        assert "街道，等审批 · 今天" in said and "前答复" in said
    services.approve_resource(pk=hall.pk, by=fresh(here.party_office), version=None)
    assert "街道，等审批" not in text(client.get("/desk/resources/"))
