"""Finding something and booking it: what is free, why the rest is not, for whom, and what is wrong with a wish."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.models import Message
from resources import services
from resources.models import Booking
from resources.presenting import times
from resources.services.leaving import cancel_all_of
from resources.states import BookingState
from tests.cast import Cast, browser_of, fresh, resident
from tests.claims.things import alliance_of, another_unit, unit_of
from tests.desk.asking import text
from tests.desk.halls import book_page, hall_of
from tests.resources.things import at, book, in_days, resource_in

pytestmark = pytest.mark.django_db


def test_what_is_free_stands_first_and_the_rest_says_why_not(cast: Cast) -> None:
    here = cast.chengxiang
    room, small = hall_of(here, asks_first=False), hall_of(here, asks_first=False, name="小会议室", capacity=8)
    shut = hall_of(here, asks_first=False, name="东厅")
    services.close_days(
        pk=shut.pk, by=fresh(here.liaison), version=None, starts_on=in_days(3), ends_on=in_days(3), why="刷墙"
    )
    other_unit, other = another_unit(here)
    book(other, room, at(in_days(3), 14), at(in_days(3), 16), booker=services.Booker(unit=other_unit.pk))
    client = browser_of(here.liaison)
    query = f"?day={in_days(3).isoformat()}&begins=15:00&finishes=17:00"
    page = text(client.get(f"/desk/find/{query}&people=5"))
    assert page.index("小会议室") < page.index("三楼多功能厅")
    assert "这个时间有人约了" in page and "那天关门：刷墙" in page
    page = text(client.get(f"/desk/find/{query}&people=20"))
    assert "最多容纳8人" in page
    assert "这个时间有人约了" not in text(client.get(f"/desk/find/?day={in_days(4).isoformat()}&begins=15:00"))
    assert client.get("/desk/find/?begins=15:00").status_code == 422
    assert small.name not in text(client.get("/desk/find/?q=多功能厅"))
    page = text(client.get(f"/desk/find/{small.pk}/"))
    assert in_days(2).isoformat() in page and "begins=00:00" not in page, "always open: nobody begins at midnight"


def test_the_page_of_a_hall_says_when_it_is_free_and_what_is_wrong_with_a_wish(cast: Cast) -> None:
    here = cast.chengxiang
    room = hall_of(here, asks_first=False, longest_minutes=120)
    services.set_hours(room, [(day, 540, 1020) for day in range(1, 8)])
    client = browser_of(here.liaison)
    unit = f"u{unit_of(here).pk}"
    page = text(client.get(f"/desk/find/{room.pk}/"))
    tapped = f"?day={in_days(3).isoformat()}&amp;begins=09:00"
    assert "09:00–17:00" in page and tapped in page, "a free day carries when it begins to be free"
    page = text(client.get(f"/desk/find/{room.pk}/{tapped.replace('amp;', '')}"))
    assert 'value="09:00"' in page and "这天空着09:00–17:00" in page
    for wrong, said in (
        ({"begins": "20:00", "finishes": "21:00"}, "不在开放时间里"),
        ({"begins": "09:00", "finishes": "13:00"}, "一次最长2小时"),
        ({"begins": "09:00", "finishes": "09:10"}, "至少约15分钟"),
        ({"begins": "16:00", "finishes": "15:00"}, "结束要晚于开始"),
        ({"day": in_days(-2).isoformat()}, "已经过了"),
        ({"begins": "", "finishes": ""}, "请选几点开始"),
        ({"purpose": ""}, "做什么用"),
        ({"people": "61"}, "最多容纳60人"),
        ({"day": "下周"}, "日期请写成"),
    ):
        page = book_page(client, room, office=unit, **wrong)
        assert page.status_code == 422 and said in text(page), wrong
    assert book_page(client, room, office=unit).status_code == 302
    other_unit, other = another_unit(here)
    taken = book_page(browser_of(other), room, office=f"u{other_unit.pk}")
    assert taken.status_code == 409 and "刚被别人约走" in text(taken)
    assert "16:00–17:00" in text(client.get(f"/desk/find/{room.pk}/?from={in_days(1).isoformat()}"))


def test_what_is_in_the_way_is_said_as_it_is(cast: Cast) -> None:
    """One's own booking, the time kept between two, a day it is not open, all that is wrong with a time at once."""
    here, day = cast.chengxiang, in_days(3)
    room = hall_of(here, asks_first=False, longest_minutes=180, buffer_minutes=30)
    week = [(n, 540, 690) for n in range(1, 8)] + [(n, 750, 1260) for n in range(1, 8)]
    services.set_hours(room, [span for span in week if span[0] != in_days(4).isoweekday()])
    client, unit = browser_of(here.liaison), f"u{unit_of(here).pk}"
    other_unit, other = another_unit(here)
    book(here.liaison, room, at(day, 14), at(day, 16), booker=services.Booker(unit=unit_of(here).pk))
    book(other, room, at(day, 18), at(day, 19), booker=services.Booker(unit=other_unit.pk))
    asked = {"day": day.isoformat(), "office": unit}
    for begins, finishes, said in (
        ("15:00", "16:00", "您已经约了“三楼多功能厅”"),
        ("16:00", "16:30", "您自己约了"),
        ("19:30", "20:30", "两次之间前后各要留30分钟：最早20:00开始"),
        ("18:00", "19:00", "刚被别人约走"),
    ):
        page = book_page(client, room, **asked, begins=begins, finishes=finishes)
        assert page.status_code == 409 and said in text(page), (begins, said)
    found = text(client.get(f"/desk/find/?day={day.isoformat()}&begins=15:00&finishes=16:00"))
    assert "您已经约了“三楼多功能厅”" in found and "有人约了" not in found
    both = text(book_page(client, room, **asked, begins="11:00", finishes="14:30"))
    weekday = times.WEEKDAYS[day.weekday()]
    assert "一次最长3小时" in both and f"不在开放时间里：{weekday}开放09:00–11:30、12:30–21:00" in both
    closed = text(book_page(client, room, office=unit, day=in_days(4).isoformat()))
    assert f"{times.WEEKDAYS[in_days(4).weekday()]}不开放" in closed
    for page in (f"/desk/find/{room.pk}/", f"/desk/resources/{room.pk}/", f"/resources/{room.pk}/"):
        assert "前后各留30分钟" in text(client.get(page)), page


def test_nobody_books_for_a_unit_they_do_not_speak_for(cast: Cast) -> None:
    here = cast.chengxiang
    room = hall_of(here, asks_first=False)
    other_unit, _other = another_unit(here)
    for value in (f"u{other_unit.pk}", here.home.pk, "u999999", "x"):
        assert book_page(browser_of(here.liaison), room, office=value).status_code == 422
    assert not Booking.objects.exists()


def test_a_resident_books_what_is_for_residents_and_cancels_by_the_rule(cast: Cast) -> None:
    here = cast.chengxiang
    room = hall_of(here, asks_first=False)
    units_only = hall_of(here, name="单位专用厅", for_people=False)
    person = resident("13900000021")
    client = browser_of(person)
    page = text(client.get("/desk/find/"))
    assert room.name in page and units_only.name not in page
    assert "居民要用" in text(client.get(f"/desk/find/{units_only.pk}/"))
    assert book_page(client, room, office="me").status_code == 302
    booking = Booking.objects.get()
    assert room.name in text(client.get("/desk/bookings/"))
    assert client.post(f"/desk/bookings/{booking.pk}/cancel/", {"version": booking.version}).status_code == 302
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED
    seen = text(browser_of(here.liaison).get(f"/desk/bookings/{booking.pk}/"))
    assert "一位居民" in seen and person.name not in seen


def test_whoever_leaves_keeps_nobody_from_what_they_had_booked(cast: Cast) -> None:
    here = cast.chengxiang
    room = hall_of(here, asks_first=False)
    person = resident("13900000023")
    booking = book(person, room, at(in_days(3), 9), at(in_days(3), 10))
    client = browser_of(person)
    assert room.name in text(client.get("/my/"))
    cancel_all_of(fresh(person))
    booking.refresh_from_db()
    assert (booking.state, booking.holds.filter(live=True).count()) == (BookingState.CANCELLED, 0)
    assert Message.objects.filter(rule="resources.BookingCancelled", recipient_key=f"u:{here.liaison.pk}").exists()
    assert "找场地和东西" in text(client.get("/my/"))


def test_only_streets_one_belongs_to_are_searched(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    ours, theirs = hall_of(here), hall_of(there, name="下沙的厅")
    for person in (here.liaison, here.worker):
        page = text(browser_of(person).get("/desk/find/"))
        assert ours.name in page and theirs.name not in page


def test_a_longer_list_asks_no_more(cast: Cast) -> None:
    """Whatever the number of things, with a time to look at or without."""
    here = cast.chengxiang
    query = f"?day={in_days(3).isoformat()}&begins=15:00&finishes=17:00&people=5"
    pages = (f"/desk/find/{query}", "/desk/find/", f"/alliance/{alliance_of(here).pk}/lists/resources/", "/stations/")
    made, client = 0, browser_of(here.liaison)

    def costs(number: int) -> list[int]:
        nonlocal made
        while made < number:
            made += 1
            hall_of(here, name=f"第{made}会议室")
            resource_in(here, kind="station", name=f"第{made}驿站", capacity=None)
        counted = []
        for page in pages:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page).status_code == 200
            counted.append(len(captured))
        return counted

    costs(1)
    assert costs(9) == costs(3)
