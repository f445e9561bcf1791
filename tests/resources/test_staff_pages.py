"""The warehouse in the workbench: lists, pages, acts, the calendar, what waits for a yes."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from resources import services
from resources.models import Booking, Mode, Resource, ResourceKind
from resources.states import BookingState, ResourceState
from tests.cast import Cast, Street, browser_of, fresh
from tests.claims.things import alliance_of, unit_of
from tests.resources.pages import act, page
from tests.resources.things import at, book, given_by_unit, hall_of_two, in_days, office_of, resource_in


def waiting(street: Street) -> Resource:
    """A hall of the unit that waits for the street."""
    alliance_of(street)
    return resource_in(street, by=street.liaison, unit=unit_of(street))


def test_the_list_has_the_streets_resources_and_no_others(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    resource_in(here, name="三楼多功能厅", aliases=["大会议室"])
    resource_in(there, name="别街的厅")
    url = reverse("admin:resources_resource_changelist")
    text = browser_of(here.clerk).get(url).content.decode()
    assert "三楼多功能厅" in text and "别街的厅" not in text
    for query, found in (
        ("q=大会议室", True),
        ("kind=meeting-room", True),
        ("heading=goods", False),
        ("tab=stopped", False),
    ):
        assert ("三楼多功能厅" in browser_of(here.clerk).get(f"{url}?{query}").content.decode()) is found
    assert browser_of(here.system_admin).get(url).status_code == 403


def test_another_streets_resource_and_booking_are_nowhere(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    hall = resource_in(there)
    booking = book(there.worker, hall, at(in_days(2), 9), at(in_days(2), 10), booker=office_of(there))
    for row in (hall, booking):
        assert browser_of(here.party_office).get(page(row)).status_code == 404
        assert browser_of(there.party_office).get(page(row)).status_code == 200


def test_the_street_approves_or_returns_with_words(cast: Cast) -> None:
    here = cast.chengxiang
    first, office = waiting(here), browser_of(here.party_office)
    queue = office.get(reverse("admin:approvals")).content.decode()
    assert first.name in queue and page(first) in queue
    assert first.name not in browser_of(here.worker).get(reverse("admin:approvals")).content.decode()
    refused = act(office, first, "refuse", words="")
    assert refused.status_code == 422 and "请写一句为什么不通过" in refused.content.decode()
    assert act(office, first, "refuse", words="请写清几楼").status_code == 302
    first.refresh_from_db()
    assert (first.state, first.stopped_why) == (ResourceState.STOPPED, "请写清几楼")
    second = resource_in(here, by=here.liaison, unit=unit_of(here), name="二楼")
    assert act(office, second, "approve").status_code == 302
    second.refresh_from_db()
    assert second.state == ResourceState.USABLE


def test_who_may_not_approve_neither_sees_the_button_nor_gets_through(cast: Cast) -> None:
    here = cast.chengxiang
    room = waiting(here)
    for person in (here.worker, here.clerk, here.leader):
        browser = browser_of(person)
        assert page(room, "approve") not in browser.get(page(room)).content.decode()
        assert act(browser, room, "approve").status_code == 403
    room.refresh_from_db()
    assert room.state == ResourceState.TO_APPROVE


def test_a_stale_page_is_told_and_keeps_the_words(cast: Cast) -> None:
    here = cast.chengxiang
    room, office = waiting(here), browser_of(here.party_office)
    services.edit_resource(pk=room.pk, by=fresh(here.liaison), version=None, words="有投影")
    answer = act(office, room, "refuse", words="请写清楚几楼")
    assert answer.status_code == 409
    assert (
        "请写清楚几楼" in answer.content.decode()
        and f'value="{Resource.objects.get().version}"' in answer.content.decode()
    )


TYPED = {
    "kind": "activity-room",
    "name": "书画教室",
    "aliases": "小教室、画室",
    "for_units": "on",
    "capacity": "30",
    "quantity": "1",
    "asks_first": "on",
    "longest_minutes": "120",
    "buffer_minutes": "0",
    "ahead_days": "30",
    "cancel_hours": "2",
    "is_public": "on",
}


def test_staff_enter_for_the_office_and_for_a_unit_and_change_it(cast: Cast) -> None:
    here = cast.chengxiang
    hall, clerk = resource_in(here), browser_of(here.clerk)
    add = reverse("admin:resources_resource_add")
    assert clerk.get(add).status_code == 200
    typed = {**TYPED, "area": here.home.pk, "unit": unit_of(here).pk, "client_key": uuid4()}
    made = clerk.post(add, typed)
    assert made.status_code == 302
    room = Resource.objects.exclude(pk=hall.pk).get()
    assert (room.unit, room.state, room.aliases) == (unit_of(here), ResourceState.TO_APPROVE, ["小教室", "画室"])
    assert room.most_a_month is None and room.serves_id == here.street.pk
    clerk.post(add, typed)
    assert Resource.objects.count() == 2
    edit = page(room, "edit")
    assert "书画教室" in clerk.get(edit).content.decode()
    wrong = clerk.post(edit, {**TYPED, "capacity": "", "version": room.version})
    assert wrong.status_code == 422 and "请写可容纳人数" in wrong.content.decode()
    assert clerk.post(edit, {**TYPED, "name": "书法教室", "version": room.version}).status_code == 302
    room.refresh_from_db()
    assert room.name == "书法教室"
    assert clerk.post(edit, {**TYPED, "name": "再改", "version": room.version - 1}).status_code == 409
    assert browser_of(here.leader).get(add).status_code == 403


def test_a_station_has_floors_and_rooms(cast: Cast) -> None:
    here = cast.chengxiang
    station = resource_in(here, kind="station", name="运河驿站", capacity=None)
    resource_in(here, name="党建书吧", within=station.pk, floor="1楼")
    clerk = browser_of(here.clerk)
    text = clerk.get(page(station)).content.decode()
    assert "1楼" in text and "党建书吧" in text
    add = f"{reverse('admin:resources_resource_add')}?within={station.pk}"
    assert add in text
    assert f'value="{station.pk}" selected' in clerk.get(add).content.decode()


def test_hours_closures_and_rooms_from_the_page(cast: Cast) -> None:
    here = cast.chengxiang
    hall, east, _west = hall_of_two(here)
    office = browser_of(here.party_office)
    wrong = act(office, east, "hours", day1="早上八点")
    assert wrong.status_code == 422 and "早上八点" in wrong.content.decode()
    over = act(office, east, "hours", day1="8:00-12:00，11:00-17:00", day3="17:00-9:00")
    assert over.status_code == 422
    assert "周一：两段时间重叠了" in over.content.decode() and "周三：关门要晚于开门" in over.content.decode()
    same = act(office, east, "hours", day1="8:00-12:00，14：00—17：00", same="on", day2="", day7="9:00-10:00")
    assert same.status_code == 302
    assert [(row.opens, row.closes) for row in east.openings.filter(weekday=5)] == [(480, 720), (840, 1020)]
    assert set(east.openings.values_list("weekday", flat=True)) == {1, 2, 3, 4, 5, 7}
    east.refresh_from_db()
    assert act(office, east, "hours", day1="8:00-12:00，14：00—17：00").status_code == 302
    assert [(row.opens, row.closes) for row in east.openings.all()] == [(480, 720), (840, 1020)]
    history = office.get(page(east)).content.decode()
    assert "开放时间：没写 → 周一至周五 08:00–12:00、14:00–17:00" in history
    east.refresh_from_db()
    day = in_days(3)
    book(here.worker, hall, at(day, 9), at(day, 10), booker=office_of(here))
    closing = {"starts_on": day, "ends_on": day, "why": "检修"}
    refused = act(office, hall, "close", **closing)
    assert refused.status_code == 409 and "已有1个预约" in refused.content.decode()
    assert act(office, hall, "close", **closing, call_off="on").status_code == 302
    assert Booking.objects.get().state == BookingState.CANCELLED
    assert "检修" in office.get(page(hall)).content.decode()
    office.post(page(hall, "open_again"), {"closure": hall.closures.get().pk})
    assert not hall.closures.exists()
    hall.refresh_from_db()
    assert act(office, hall, "parts", parts=[east.pk]).status_code == 302
    assert [one.part for one in hall.its_parts.all()] == [east]


def test_those_in_command_change_the_mode_on_its_page(cast: Cast) -> None:
    here, url = cast.chengxiang, reverse("admin:resources_mode")
    typed = {"street": here.street.pk, "to": "emergency", "version": "1", "why": "台风橙色预警"}
    assert browser_of(here.clerk).post(url, typed).status_code == 403
    leader = browser_of(here.leader)
    assert leader.post(url, {**typed, "why": ""}).status_code == 422
    assert leader.post(url, typed).status_code == 302
    assert Mode.objects.get().emergency
    again = leader.post(url, {**typed, "to": "peace"})
    assert again.status_code == 409 and "台风橙色预警" in again.content.decode()
    assert "战时" in browser_of(here.worker).get(url).content.decode()


def test_kinds_are_kept_by_the_districts_administrator(cast: Cast) -> None:
    here = cast.chengxiang
    resource_in(here)
    url = reverse("admin:resources_resourcekind_changelist")
    page = browser_of(here.clerk).get(url).content.decode()
    assert page.index(">场地<") < page.index(">会议室<") < page.index(">人才<")
    here.system_admin.grants.update(area_id="330109")
    browser = browser_of(fresh(here.system_admin))
    heading = ResourceKind.objects.get(key="venue")
    add = reverse("admin:resources_resourcekind_add")
    typed = {"name": "排练厅", "parent": heading.pk, "form": "space", "position": "105", "is_active": "on"}
    assert browser.post(add, {**typed, "form": ""}).status_code == 200
    assert not ResourceKind.objects.filter(name="排练厅").exists()
    assert browser.post(add, typed).status_code == 302
    assert ResourceKind.objects.get(name="排练厅").parent == heading
    assert browser_of(here.clerk).get(add).status_code == 403


@pytest.mark.parametrize("state", ["usable", "stopped"])
def test_a_units_page_says_what_it_gives_and_what_is_still_open(cast: Cast, state: str) -> None:
    here = cast.chengxiang
    room = given_by_unit(here)
    if state == "stopped":
        services.stop_resource(pk=room.pk, by=fresh(here.liaison), version=None, words="装修")
    text = browser_of(here.clerk).get(reverse("admin:members_memberunit_change", args=[room.unit_id])).content.decode()
    assert (page(room) in text) is (state == "usable")
