"""The warehouse from the desk: giving something in three steps, answering who asks, finding and booking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from files.models import Attachment
from members.models import MemberUnit
from notifications.models import Message
from resources import services
from resources.defaults import load_defaults
from resources.models import Booking, Resource, Usage
from resources.states import Appeal, BookingState, ResourceState
from tests.cast import Cast, browser_of, fresh, resident
from tests.claims.things import alliance_of, another_unit, unit_of
from tests.desk.asking import hidden, text
from tests.desk.halls import book_page, hall_of, offer_page
from tests.files.pictures import photo, upload
from tests.resources.things import at, book, in_days

pytestmark = pytest.mark.django_db


def test_a_unit_gives_a_hall_in_three_steps_with_a_photo(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    load_defaults()
    client = browser_of(here.liaison)
    assert "会议室" in text(client.get("/desk/resources/new/"))
    made = offer_page(client, name="三楼多功能厅", capacity="60", photos=[upload(photo())])
    room = Resource.objects.get()
    assert made["Location"] == f"/desk/resources/{room.pk}/hours/?new=1"
    assert (room.unit, room.state, room.capacity) == (unit_of(here), ResourceState.TO_APPROVE, 60)
    assert (room.for_units, room.for_people, room.is_public) == (True, True, True)
    assert Attachment.objects.get(owner_kind="resource").owner_id == str(room.pk)
    path = f"/desk/resources/{room.pk}/hours/"
    hours = {f"day{n}": "9:00-12:00，14:00-17:00" for n in range(1, 6)}
    rules = {"asks_first": "no", "longest_minutes": "120", "buffer_minutes": "15", "ahead_days": "30"}
    every = {**hours, **rules, "cancel_hours": "2", "version": room.version}
    unsaid = client.post(path, every)
    assert unsaid.status_code == 422 and "请选一个" in text(unsaid) and "9:00-12:00，14:00-17:00" in text(unsaid)
    wrong = client.post(path, {**every, "open": "week", "day2": "9点到12点", "ahead_days": "很多"})
    assert wrong.status_code == 422 and "有2处要改一下" in text(wrong) and not room.openings.exists()
    none = client.post(path, {**rules, "cancel_hours": "2", "version": room.version, "open": "week"})
    assert none.status_code == 422 and "请写哪天几点开放" in text(none)
    unlike = client.post(path, {**every, "open": "week", "ahead_days": "9999"})
    assert unlike.status_code == 422 and not room.openings.exists(), "both are kept or neither"
    assert client.post(path, {**every, "open": "week"}).status_code == 302
    assert room.openings.count() == 10 and "周一至周五" in text(client.get(f"/desk/resources/{room.pk}/"))
    room.refresh_from_db()
    assert (room.asks_first, room.longest_minutes, room.buffer_minutes) == (False, 120, 15)
    always = {**every, "open": "always", "version": room.version}
    assert client.post(path, {**always, "day2": "9点到12点"}).status_code == 302
    assert not room.openings.exists(), "what is folded away is not asked for"


def test_a_refused_offer_keeps_what_was_typed_and_its_photo(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    load_defaults()
    client = browser_of(here.liaison)
    page = offer_page(client, name="三楼多功能厅", words="有投影", photos=[upload(photo())])
    assert page.status_code == 422
    said = text(page)
    assert "三楼多功能厅" in said and "有投影" in said and "请写可容纳人数" in said and "照片收好了" in said
    assert not Resource.objects.exists()
    sent = {name: hidden(said, name) for name in ("kind", "client_key", "hold_key", "unit")}
    path = "/desk/resources/new/"
    done = [client.post(path, {**sent, "name": "三楼多功能厅", "capacity": "60", "whom": "units"}) for _tap in range(2)]
    assert [answer.status_code for answer in done] == [302, 302]
    room = Resource.objects.get()
    assert Attachment.objects.filter(owner_kind="resource", owner_id=str(room.pk)).count() == 1


def test_what_is_changed_goes_back_to_the_street_and_a_stale_form_says_so(cast: Cast) -> None:
    here = cast.chengxiang
    room = hall_of(here)
    client = browser_of(here.liaison)
    path = f"/desk/resources/{room.pk}/edit/"
    page = text(client.get(path))
    sent = {name: hidden(page, name) for name in ("kind", "hold_key", "unit", "version")}
    typed = {**sent, "name": "三楼礼堂", "capacity": "60", "whom": "both", "is_public": "on"}
    services.edit_resource(pk=room.pk, by=fresh(here.liaison), version=None, floor="3楼")
    late = client.post(path, typed)
    assert late.status_code == 409 and "三楼礼堂" in text(late)
    again = {**typed, "version": hidden(text(late), "version")}
    assert client.post(path, again).status_code == 302
    room.refresh_from_db()
    assert (room.name, room.state) == ("三楼礼堂", ResourceState.TO_APPROVE)


def test_whoever_asks_is_answered_handed_the_key_and_thanked(cast: Cast) -> None:
    here = cast.chengxiang
    room = hall_of(here)
    _neighbour, other = another_unit(here)
    made = book_page(browser_of(other), room, office=f"u{_neighbour.pk}")
    booking = Booking.objects.get()
    assert made["Location"] == f"/desk/bookings/{booking.pk}/"
    assert booking.state == BookingState.ASKED
    told = Message.objects.get(rule="resources.BookingAsked", recipient_key=f"u:{here.liaison.pk}", channel="inapp")
    assert told.url == f"/desk/bookings/{booking.pk}/"
    giver = browser_of(here.liaison)
    assert _neighbour.name in text(giver.get("/desk/")) and "等您答复的预约" in text(giver.get("/desk/"))
    path = f"/desk/bookings/{booking.pk}/"
    page = text(giver.get(path))
    assert "同意" in page and "这次不行" in page and "取消预约" not in page
    assert "请在" in page and "不答复就作废" in page and "等答复" in page and "待审批" not in page
    assert giver.post(f"{path}approve/", {"version": booking.version}).status_code == 302
    assert "取消预约" in text(browser_of(other).get(path))
    now = timezone.now()
    Booking.objects.filter(pk=booking.pk).update(starts=now - timedelta(hours=2), ends=now - timedelta(hours=1))
    assert giver.post(f"{path}hand-over/", {}).status_code == 302
    page = text(giver.get(path))
    form = {"client_key": hidden(page, "client_key"), "version": Booking.objects.get().version}
    assert giver.post(f"{path}take-back/", form).status_code == 422
    assert giver.post(f"{path}take-back/", {**form, "people": "35"}).status_code == 302
    assert Usage.objects.get().people == 35
    assert "1次，服务35人次" in text(giver.get(f"/desk/resources/{room.pk}/"))


def test_a_refusal_needs_a_sentence_and_the_other_side_reads_it(cast: Cast) -> None:
    here = cast.chengxiang
    room = hall_of(here)
    other_unit, other = another_unit(here)
    booking = book(other, room, at(in_days(3), 9), at(in_days(3), 10), booker=services.Booker(unit=other_unit.pk))
    giver, path = browser_of(here.liaison), f"/desk/bookings/{booking.pk}/"
    assert giver.post(f"{path}refuse/", {"version": booking.version}).status_code == 422
    assert giver.post(f"{path}refuse/", {"words": "那天换灯", "version": booking.version}).status_code == 302
    assert "那天换灯" in text(browser_of(other).get(path))
    late = giver.post(f"{path}approve/", {"version": booking.version})
    assert late.status_code == 409


def test_somebody_who_did_not_come_may_say_why(cast: Cast) -> None:
    here = cast.chengxiang
    room = hall_of(here, asks_first=False)
    other_unit, other = another_unit(here)
    booking = book(other, room, at(in_days(3), 9), at(in_days(3), 10), booker=services.Booker(unit=other_unit.pk))
    now = timezone.now()
    Booking.objects.filter(pk=booking.pk).update(starts=now - timedelta(hours=2), ends=now - timedelta(hours=1))
    path = f"/desk/bookings/{booking.pk}/"
    assert browser_of(here.liaison).post(f"{path}no-show/", {}).status_code == 302
    client = browser_of(other)
    assert "说明情况" in text(client.get(path))
    assert client.post(f"{path}appeal/", {"words": "打过电话说改期了"}).status_code == 302
    booking.refresh_from_db()
    assert booking.appeal == Appeal.ASKED
    assert "等街道答复" in text(client.get(path))
    assert client.post(f"{path}appeal/", {"words": "再说一句"}).status_code == 409


def test_nobody_else_sees_a_booking_or_changes_what_a_unit_gives(cast: Cast) -> None:
    here = cast.chengxiang
    room = hall_of(here, asks_first=False)
    alliance_of(cast.xiasha)
    _unit, other = another_unit(here)
    booking = book(
        here.liaison, room, at(in_days(3), 9), at(in_days(3), 10), booker=services.Booker(unit=unit_of(here).pk)
    )
    for stranger in (other, cast.xiasha.liaison, cast.xiasha.worker, resident("13900000022")):
        client = browser_of(stranger)
        assert client.get(f"/desk/bookings/{booking.pk}/").status_code == 404
        assert client.get(f"/desk/bookings/{booking.pk}/booking.ics").status_code == 404
        assert client.post(f"/desk/bookings/{booking.pk}/cancel/").status_code == 404
        for path in ("", "edit/", "hours/"):
            assert client.get(f"/desk/resources/{room.pk}/{path}").status_code == 404
        for path in ("stop/", "close/", "use/", "open/", "hours/"):
            assert client.post(f"/desk/resources/{room.pk}/{path}", {"words": "x"}).status_code == 404
    room.refresh_from_db()
    assert room.state == ResourceState.USABLE


def test_what_is_no_longer_given_is_called_off_and_told(cast: Cast) -> None:
    here = cast.chengxiang
    room = hall_of(here, asks_first=False)
    other_unit, other = another_unit(here)
    booking = book(other, room, at(in_days(3), 9), at(in_days(3), 10), booker=services.Booker(unit=other_unit.pk))
    client, path = browser_of(here.liaison), f"/desk/resources/{room.pk}/"
    closing = {"close-starts_on": in_days(3).isoformat(), "close-ends_on": in_days(3).isoformat(), "close-why": "年会"}
    refused = client.post(f"{path}close/", closing)
    assert refused.status_code == 409 and "已有1个预约" in text(refused) and "年会" in text(refused)
    assert client.post(f"{path}stop/", {"stop-words": ""}).status_code == 422
    assert client.post(f"{path}stop/", {"stop-words": "年底装修", "stop-call_off": "on"}).status_code == 302
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED
    assert Message.objects.filter(rule="resources.BookingCalledOff", recipient_key=f"u:{other.pk}").exists()
    assert "年底装修" in text(browser_of(other).get(f"/desk/bookings/{booking.pk}/"))
    assert client.post(f"{path}again/", {}).status_code == 302


def test_a_suspended_unit_gives_nothing_new(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    load_defaults()
    MemberUnit.objects.filter(pk=unit_of(here).pk).update(suspended_at=timezone.now())
    client = browser_of(here.liaison)
    assert "提供一件资源" not in text(client.get("/desk/resources/"))
    assert offer_page(client, name="礼堂", capacity="60").status_code == 409
