"""What is changed is checked, looked at again and written down; what nobody touched stands in nobody's way."""

from __future__ import annotations

from typing import Any

import pytest

from alliance.lib.errors import Invalid, RuleBroken
from resources import services
from resources.models import Resource, ResourceKind
from resources.states import ResourceState, ResourceVerb
from tests.cast import Cast, browser_of, fresh
from tests.claims.things import another_unit
from tests.resources.pages import page
from tests.resources.things import at, book, given_by_unit, in_days, office_of, resource_in

READ = {
    "floor": "请打电话",
    "for_people": True,
    "for_units": False,
    "capacity": 9,
    "serves": "",
    "until": in_days(30),
    "address": "新塘路1号",
}
PLAIN = {"buffer_minutes": 30, "cancel_hours": 2, "ahead_days": 30, "most_a_month": 3}


@pytest.mark.parametrize("name", [*READ, *PLAIN])
def test_everything_the_public_reads_is_looked_at_again(cast: Cast, name: str) -> None:
    here = cast.chengxiang
    room = given_by_unit(here, for_people=name == "for_units")
    typed: Any = {name: here.next_door.pk if name == "serves" else {**READ, **PLAIN}[name]}
    done = services.edit_resource(pk=room.pk, by=fresh(here.liaison), version=None, **typed)
    assert done.state == (ResourceState.TO_APPROVE if name in READ else ResourceState.USABLE)


def test_who_approves_again_reads_what_was_changed(cast: Cast) -> None:
    here = cast.chengxiang
    room = given_by_unit(here, floor="3楼")
    services.edit_resource(
        pk=room.pk, by=fresh(here.liaison), version=None, floor="5楼", for_people=True, kind="activity-room"
    )
    event = room.events.latest("pk")
    assert event.verb == ResourceVerb.ASK_AGAIN
    assert event.changes["floor"] == ["3楼", "5楼"]
    assert set(event.changes) == {"floor", "for_people", "kind"}
    text = browser_of(here.party_office).get(page(room)).content.decode()
    assert "楼层：3楼 → 5楼" in text
    assert "居民可用：否 → 是" in text
    kinds = ResourceKind.objects.in_bulk(["meeting-room", "activity-room"], field_name="key")
    assert f"种类：{kinds['meeting-room'].name} → {kinds['activity-room'].name}" in text
    services.edit_resource(pk=room.pk, by=fresh(here.liaison), version=None, floor="5楼")
    assert room.events.latest("pk").changes == {}


def test_an_offer_does_not_end_before_what_is_promised(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(10)
    room = given_by_unit(here)
    unit, liaison = another_unit(here)
    booking = book(liaison, room, at(day, 9), at(day, 11), booker=services.Booker(unit=unit.pk))
    said: dict[str, Any] = {"pk": room.pk, "by": fresh(here.liaison), "version": None}
    with pytest.raises(RuleBroken, match=f"{day.month}月{day.day}日"):
        services.edit_resource(**said, until=in_days(9))
    services.edit_resource(**said, until=day)
    services.cancel_booking(pk=booking.pk, by=fresh(liaison), version=None)
    services.edit_resource(**said, until=in_days(9))


def test_what_was_not_touched_does_not_stand_in_the_way(cast: Cast) -> None:
    """A kind that was switched off, a station that was stopped, a day that has passed: by service and by page."""
    here, office = cast.chengxiang, fresh(cast.chengxiang.party_office)
    station, other = (resource_in(here, kind="station", name=name, capacity=None) for name in ("运河驿站", "北塘驿站"))
    room = resource_in(here, name="书吧", within=station.pk)
    services.stop_resource(pk=station.pk, by=office, version=None, words="拆迁")
    services.stop_resource(pk=other.pk, by=office, version=None, words="拆迁")
    Resource.objects.filter(pk=room.pk).update(until=in_days(-1))
    ResourceKind.objects.filter(pk=room.kind_id).update(is_active=False)
    services.edit_resource(pk=room.pk, by=office, version=None, cancel_hours=2)
    browser = browser_of(here.party_office)
    form = browser.get(page(room, "edit")).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in typed.items() if value not in (None, False)}
    answer = browser.post(page(room, "edit"), {**sent, "cancel_hours": 5})
    assert answer.status_code == 302, answer.context["form"].errors
    room.refresh_from_db()
    assert (room.cancel_hours, room.within_id, room.until) == (5, station.pk, in_days(-1))
    for wrong in ({"until": in_days(-2)}, {"within": other.pk}):
        with pytest.raises(Invalid) as refused:
            services.edit_resource(pk=room.pk, by=office, version=None, **wrong)
        assert set(refused.value.fields) == set(wrong)
    hall = resource_in(here, kind="activity-room", name="教室")
    with pytest.raises(Invalid):
        services.edit_resource(pk=hall.pk, by=office, version=None, kind="meeting-room")
    book(here.worker, hall, at(in_days(1), 9), at(in_days(1), 10), booker=office_of(here))
