"""What everybody reads of the warehouse: stations near by, what an alliance shares; and a booking as a file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from members.models import MemberUnit
from people.models import Area
from resources import services
from resources.models import Closure, Resource
from resources.presenting import times
from resources.public import streets_without
from resources.services.hours import Day
from tests.cast import Cast, Street, browser_of
from tests.claims.things import alliance_of, unit_of
from tests.desk.asking import text
from tests.resources.things import at, book, given_by_unit, in_days, resource_in

pytestmark = pytest.mark.django_db


def station(street: Street, **typed: Any) -> Resource:
    """A station of the community's."""
    return resource_in(street, **{"kind": "station", "name": "运河驿站", "capacity": None, **typed})


def test_stations_are_found_by_place_kind_and_the_other_name_of_a_community(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    station(here, floor="1楼", address="湘湖路12号")
    station(there, kind="elders-canteen", name="智格助老餐厅")
    resource_in(here, name="不是阵地的会议室")
    page = text(browser_of(None).get("/stations/"))
    assert "运河驿站" in page and "智格助老餐厅" in page and "不是阵地的会议室" not in page
    assert page.index(here.home.name) < page.index("运河驿站")
    for query, found, lost in (
        (f"?area={here.street.pk}", "运河驿站", "智格助老餐厅"),
        (f"?area={there.home.pk}", "智格助老餐厅", "运河驿站"),
        ("?kind=elders-canteen", "智格助老餐厅", "运河驿站"),
        ("?q=驿站", "运河驿站", "智格助老餐厅"),
        ("?q=智格社区", "智格助老餐厅", "运河驿站"),
    ):
        page = text(browser_of(None).get(f"/stations/{query}"))
        assert found in page and lost not in page, query
    assert "没有找到" in text(browser_of(None).get("/stations/?q=万寿溪"))
    Area.objects.filter(pk=here.home.pk).update(aliases=["万寿溪社区"])
    assert "运河驿站" in text(browser_of(None).get("/stations/?q=万寿溪"))


def test_a_station_says_whether_it_is_open_now(cast: Cast) -> None:
    here = cast.chengxiang
    row = station(here)
    day = timezone.localdate()
    assert "全天开放" in text(browser_of(None).get("/stations/"))
    Closure.objects.create(resource=row, starts_on=day, ends_on=day, why="消毒", by=here.worker)
    station(here, name="开着的驿站")
    page = text(browser_of(None).get("/stations/"))
    assert page.index("开着的驿站") < page.index("运河驿站"), "where one can go now stands first"
    assert f"<small>{here.street.name}</small>" in page
    for path in ("/stations/", f"/resources/{row.pk}/"):
        assert "今天关门：消毒" in text(browser_of(None).get(path))
    hours = Day(day, ((540, 1020),))
    said = {clock: times.today(hours, now=at(day, clock))[1] for clock in (8, 9, 16, 17)}
    assert said == {8: "今天09:00开门", 9: "现在开着，到17:00", 16: "现在开着，到17:00", 17: "今天已经关门"}
    ended = {"now": at(day, 18)}
    assert times.today(hours, following=Day(day, ((510, 1020),)), **ended)[1] == "已关门，明天08:30开"
    assert times.today(hours, following=Day(day, (), closed_why="消毒"), **ended)[1] == "今天已经关门"
    assert times.today(Day(day, ()))[1] == "今天不开放"


def test_a_station_shows_its_rooms_floor_by_floor(cast: Cast) -> None:
    here = cast.chengxiang
    row = station(here)
    for floor, name in (("2楼", "百姓书场"), ("1楼", "党建书吧"), ("2楼", "排练室")):
        resource_in(here, name=name, floor=floor, within=row.pk)
    page = text(browser_of(None).get(f"/resources/{row.pk}/"))
    assert page.index("1楼") < page.index("党建书吧") < page.index("2楼") < page.index("排练室")
    room = Resource.objects.get(name="百姓书场")
    services.set_hours(row, [(1, 540, 1020)])
    page = text(browser_of(None).get(f"/resources/{room.pk}/"))
    assert "和谁联系" in page and "tel:" in page, "without a number of its own the community's"
    assert "周一" in page and f'href="/desk/find/{room.pk}/"' in page and row.name in page
    assert browser_of(None).get(f"/desk/find/{room.pk}/")["Location"].startswith("/sign-in/?next=")


def test_the_list_of_an_alliance_shows_what_is_public_and_usable_alone(cast: Cast) -> None:
    here = cast.chengxiang
    alliance = alliance_of(here)
    shown = given_by_unit(here, name="公开的厅")
    hidden = given_by_unit(here, name="不公开的厅", is_public=False)
    waiting = resource_in(here, by=here.liaison, unit=unit_of(here), name="没审批的厅")
    station(cast.xiasha, name="别的街道的驿站")
    path = f"/alliance/{alliance.pk}/lists/resources/"
    house = station(here, for_people=True)
    room = resource_in(here, name="驿站里的书吧", within=house.pk)
    page = text(browser_of(None).get(path))
    assert shown.name in page and room.name in page, "rooms of stations are no secret"
    assert "可容纳60人 · 给单位用 · 按时段用的场地" in page and 'class="badge' not in page, "no state, no badge"
    assert f'class="back" href="{path}"' in text(browser_of(None).get(f"/resources/{shown.pk}/"))
    for row in (hidden, waiting):
        assert row.name not in page
        assert browser_of(None).get(f"/resources/{row.pk}/").status_code == 404
    assert "别的街道的驿站" not in page
    assert streets_without([alliance]) == [cast.xiasha.street], "its stations stand in no list of an alliance"
    assert shown.name in text(browser_of(None).get(f"{path}?kind=venue"))
    assert shown.name not in text(browser_of(None).get(f"{path}?kind=goods"))
    MemberUnit.objects.filter(pk=unit_of(here).pk).update(suspended_at=timezone.now())
    assert shown.name not in text(browser_of(None).get(path))
    assert browser_of(None).get(f"/resources/{shown.pk}/").status_code == 404


def test_a_unit_that_has_not_agreed_is_neither_named_nor_found_by_its_name(cast: Cast) -> None:
    here = cast.chengxiang
    alliance = alliance_of(here)
    room, unit = given_by_unit(here), unit_of(here)
    path, name = f"/alliance/{alliance.pk}/lists/resources/", unit.name
    assert name not in text(browser_of(None).get(path)) and "一家联盟单位" in text(browser_of(None).get(path))
    assert name not in text(browser_of(None).get(f"/resources/{room.pk}/"))
    assert room.name not in text(browser_of(None).get(f"{path}?q={name}"))
    assert room.name in text(browser_of(None).get(f"{path}?q=多功能厅"))
    assert name in text(browser_of(here.worker).get(f"/resources/{room.pk}/"))
    MemberUnit.objects.filter(pk=unit.pk).update(is_public=True)
    assert name in text(browser_of(None).get(path))
    assert room.name in text(browser_of(None).get(f"{path}?q={name}"))


def test_what_was_offered_until_yesterday_is_gone(cast: Cast) -> None:
    row = station(cast.chengxiang, until=in_days(0))
    assert browser_of(None).get(f"/resources/{row.pk}/").status_code == 200
    Resource.objects.filter(pk=row.pk).update(until=timezone.localdate() - timedelta(days=1))
    assert browser_of(None).get(f"/resources/{row.pk}/").status_code == 404


def test_made_up_addresses_are_answered_kindly(cast: Cast) -> None:
    alliance = alliance_of(cast.chengxiang)
    station(cast.chengxiang)
    for query in ("?area=x%27--", "?area=" + "9" * 80, "?kind=%00", "?q=%F0%9F%8F%A0", "?q=" + "长" * 500):
        assert browser_of(None).get(f"/stations/{query}").status_code == 200, query
        assert browser_of(None).get(f"/alliance/{alliance.pk}/lists/resources/{query}").status_code == 200, query
    assert browser_of(None).get("/stations/?cursor=x").status_code == 400


def test_a_booking_goes_into_ones_own_calendar(cast: Cast) -> None:
    here = cast.chengxiang
    room = resource_in(here, name="三楼;多功能厅,东", address="湘湖路12号" + "旁" * 40)
    booking = book(
        here.worker, room, at(in_days(3), 14), at(in_days(3), 16), booker=services.Booker(office=here.home.pk)
    )
    answer = browser_of(here.worker).get(f"/desk/bookings/{booking.pk}/booking.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    body = answer.content.decode()
    lines = body.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = body.replace("\r\n ", "")
    assert f"DTSTART:{in_days(3):%Y%m%d}T060000Z" in whole and f"DTEND:{in_days(3):%Y%m%d}T080000Z" in whole
    assert "SUMMARY:三楼\\;多功能厅\\,东" in whole and "STATUS:CONFIRMED" in whole
    assert here.worker.name not in whole
