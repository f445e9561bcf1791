"""What cannot be booked is said in the same words at every door: desk, workbench, API; and what was typed stays."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.urls import reverse

from notifications.models import Message
from resources import services
from resources.models import Booking, Resource
from resources.states import BookingState, ResourceState
from tests.api.calls import post
from tests.cast import Cast, Street, api_of, browser_of, fresh
from tests.claims.things import another_unit, unit_of
from tests.desk.halls import book_page
from tests.resources.pages import act, page
from tests.resources.things import at, book, given_by_unit, hall_of_two, in_days, office_of, resource_in

PURPOSE = "金丝雀练唱"


class Doors:
    """A liaison at the desk and over the API, a worker in the workbench: each books, and gives status and text."""

    def __init__(self, here: Street) -> None:
        self.here = here
        self.unit, self.liaison = another_unit(here)

    def desk(self, room: Resource, day: int, begins: str, finishes: str) -> tuple[int, str]:
        typed = {"day": in_days(day).isoformat(), "begins": begins, "finishes": finishes, "purpose": PURPOSE}
        answer = book_page(browser_of(self.liaison), room, office=f"u{self.unit.pk}", **typed)
        return answer.status_code, answer.content.decode()

    def workbench(self, room: Resource, day: int, begins: str, finishes: str) -> tuple[int, str]:
        typed: dict[str, Any] = {"office": self.here.home.pk, "day": in_days(day).isoformat(), "client_key": uuid4()}
        times = {"begins": begins, "finishes": finishes, "purpose": PURPOSE}
        answer = act(browser_of(self.here.worker), room, "book", **typed, **times)
        return answer.status_code, answer.content.decode()

    def api(self, room: Resource, day: int, begins: str, finishes: str) -> tuple[int, str]:
        starts, ends = (at(in_days(day), *map(int, clock.split(":"))) for clock in (begins, finishes))
        if ends < starts:
            ends += timedelta(days=1)
        sent = {"starts": starts.isoformat(), "ends": ends.isoformat(), "purpose": PURPOSE, "unit": self.unit.pk}
        sent |= {"client_key": str(uuid4())}
        answer = post(api_of(self.liaison), f"/api/v1/resources/{room.pk}/book/", sent)
        return answer.status_code, answer.content.decode()

    def refuse(self, room: Resource, words: str, day: int = 3, begins: str = "14:00", finishes: str = "16:00") -> None:
        """Every door says ``words``; pages keep what was typed; nothing is booked by it."""
        before = Booking.objects.count()
        for door in (self.desk, self.workbench, self.api):
            status, said = door(room, day, begins, finishes)
            assert status in (400, 409, 422), (door.__name__, status)
            assert words in said, (door.__name__, words)
            if door != self.api:
                assert PURPOSE in said and f'value="{begins}"' in said and f'value="{finishes}"' in said
        assert Booking.objects.count() == before


def test_times_that_cannot_be(cast: Cast) -> None:
    here = cast.chengxiang
    doors, hall = Doors(here), resource_in(here)
    services.set_hours(hall, [(weekday, 0, 1440) for weekday in range(1, 8)])
    day = in_days(5)
    services.close_days(pk=hall.pk, by=fresh(here.party_office), version=None, starts_on=day, ends_on=day, why="检修")
    doors.refuse(hall, "这个时间已经过了", day=-1)
    doors.refuse(hall, "不能过夜", begins="22:00", finishes="01:00")
    doors.refuse(hall, "那天关门：检修", day=5)
    doors.refuse(hall, "一次最长4小时", begins="09:00", finishes="17:00")


def test_the_hall_and_its_room_at_once(cast: Cast) -> None:
    here = cast.chengxiang
    doors = Doors(here)
    hall, east, _west = hall_of_two(here)
    unit, other = another_unit(here)
    book(other, east, at(in_days(3), 15), at(in_days(3), 17), booker=services.Booker(unit=unit.pk))
    doors.refuse(hall, "其中“东间”这个时间有人约了")
    book(other, hall, at(in_days(4), 15), at(in_days(4), 17), booker=services.Booker(unit=unit.pk))
    doors.refuse(east, "这个时间刚被别人约走了", day=4)


def test_who_and_where_are_not_for_the_purpose(cast: Cast) -> None:
    """What both sides read is looked at again; ticked, it goes as it is; other words are looked at anew."""
    here = cast.chengxiang
    hall, purpose = resource_in(here), "找王阿姨13812345678拿钥匙"
    unit = f"u{unit_of(here).pk}"
    client = browser_of(here.liaison)
    warned = book_page(client, hall, office=unit, purpose=purpose)
    said = warned.content.decode()
    assert warned.status_code == 422 and "好像写了电话号码" in said
    mark = re.findall(r'name="seen_warnings"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="seen_warnings"', said)
    tick = "".join(mark[0])
    other = book_page(client, hall, office=unit, purpose=f"{purpose} 13912345678", seen_warnings=tick)
    assert other.status_code == 422 and not Booking.objects.exists()
    typed = {"office": here.home.pk, "day": in_days(3).isoformat(), "client_key": uuid4(), "purpose": purpose}
    answer = act(browser_of(here.worker), hall, "book", **typed, begins="09:00", finishes="10:00")
    said = answer.content.decode()
    assert answer.status_code == 422 and "好像写了电话号码" in said and "我看过了" in said
    assert book_page(client, hall, office=unit, purpose=purpose, seen_warnings=tick).status_code == 302
    assert Booking.objects.get().purpose == purpose


def test_outside_its_area(cast: Cast) -> None:
    here = cast.chengxiang
    doors = Doors(here)
    doors.refuse(resource_in(here, serves=here.next_door.pk), f"只服务{here.next_door.name}")


def test_less_than_is_promised(cast: Cast) -> None:
    here = cast.chengxiang
    chairs = given_by_unit(here, kind="equipment", name="折叠椅", quantity=10, capacity=None)
    book(here.worker, chairs, at(in_days(3), 9), at(in_days(3), 11), booker=office_of(here), quantity=8)
    words = "已经答应出去8，数量不能比这少"
    desk, path = browser_of(here.liaison), reverse("desk:resource_edit", args=[chairs.pk])
    common = {"name": "折叠椅", "words": PURPOSE, "quantity": "5", "version": chairs.version}
    refused = desk.post(path, {**common, "whom": "units", "client_key": uuid4(), "hold_key": uuid4()})
    assert refused.status_code == 409 and words in refused.content.decode() and PURPOSE in refused.content.decode()
    typed = {**common, "kind": "equipment", "for_units": "on", "longest_minutes": 240, "buffer_minutes": 0}
    clerk = browser_of(here.party_office).post(page(chairs, "edit"), typed)
    assert clerk.status_code == 409 and words in clerk.content.decode() and PURPOSE in clerk.content.decode()
    sent = {"quantity": 5, "version": chairs.version}
    answer = post(api_of(here.liaison), f"/api/v1/resources/{chairs.pk}/edit/", sent)
    assert answer.status_code == 409 and words in answer.json()["message"]
    assert Resource.objects.get(pk=chairs.pk).quantity == 10


def test_withdrawn_while_booked(cast: Cast) -> None:
    here = cast.chengxiang
    _unit, asker = another_unit(here)

    def booked(name: str) -> Resource:
        room = given_by_unit(here, name=name)
        book(asker, room, at(in_days(3), 9), at(in_days(3), 11), booker=services.Booker(unit=_unit.pk))
        return room

    def at_desk(room: Resource, **tick: Any) -> Any:
        sent = {f"stop-{name}": value for name, value in {"words": "要装修", "version": room.version, **tick}.items()}
        return browser_of(here.liaison).post(reverse("desk:resource_stop", args=[room.pk]), sent)

    def in_workbench(room: Resource, **tick: Any) -> Any:
        return act(browser_of(here.clerk), room, "stop", words="要装修", **tick)

    def over_api(room: Resource, **tick: Any) -> Any:
        sent = {"words": "要装修", "version": room.version, **tick}
        return post(api_of(here.clerk), f"/api/v1/resources/{room.pk}/stop/", sent)

    for way, by_office in ((at_desk, False), (in_workbench, True), (over_api, True)):
        Message.objects.all().delete()
        room = booked(way.__name__)
        assert way(room).status_code in (400, 422) and Booking.objects.get(resource=room).state == BookingState.BOOKED
        assert way(room, call_off="true").status_code in (200, 302), way.__name__
        room.refresh_from_db()
        booking = Booking.objects.get(resource=room)
        assert (room.state, booking.state) == (ResourceState.STOPPED, BookingState.CANCELLED)
        assert booking.events.latest("pk").words == "要装修"
        told = set(Message.objects.filter(channel="inapp").values_list("rule", "recipient_key"))
        assert ("resources.BookingCalledOff", f"u:{asker.pk}") in told
        assert (("resources.ResourceStopped", f"u:{here.liaison.pk}") in told) is by_office
        services.resume_resource(pk=room.pk, by=fresh(here.party_office), version=None)
        assert Message.objects.filter(rule="resources.ResourceBack", recipient_key=f"u:{here.liaison.pk}").exists()
        assert unit_of(here) == room.unit
