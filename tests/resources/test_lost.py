"""A booking that the giver ends: said beforehand, told, shown first. Whom a thing serves, and where one comes to."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from alliance.lib.errors import Invalid, RuleBroken
from resources import services
from resources.models import Booking
from tests.api.calls import post
from tests.cast import Cast, api_of, browser_of, fresh, resident, say_need
from tests.claims.things import another_unit
from tests.resources.things import at, book, given_by_unit, in_days, resource_in


def test_who_stops_a_booked_hall_reads_who_loses_it_and_the_booker_where_to_look(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(3)
    hall = given_by_unit(here, name="学术报告厅")
    unit, asker = another_unit(here)
    booking = book(asker, hall, at(day, 14), at(day, 16), booker=services.Booker(unit=unit.pk))
    page = browser_of(here.liaison).get(reverse("desk:resource", args=[hall.pk])).content.decode()
    assert f"有1个预约（约好的、等答复的）：{unit.name}，" in page and f"{day.month}月{day.day}日" in page
    workbench = browser_of(here.clerk).get(reverse("admin:resources_resource_change", args=[hall.pk]))
    assert f"有1个预约（约好的、等答复的）：{unit.name}，" in workbench.content.decode()
    stop = reverse("desk:resource_stop", args=[hall.pk])
    sent = {"stop-words": "大厅要装修", "stop-version": hall.version}
    refused = browser_of(here.liaison).post(stop, sent)
    assert refused.status_code == 422 and "还有1个预约" in refused.content.decode()
    assert browser_of(here.liaison).post(stop, {**sent, "stop-call_off": "on"}).status_code == 302
    desk = browser_of(asker).get(reverse("desk:home")).content.decode()
    url = reverse("desk:booking", args=[booking.pk])
    assert desk.index("等您办") < desk.index("对方取消了，请另找") < desk.index(url)
    page = browser_of(asker).get(url).content.decode()
    assert f"{hall.unit}取消了：大厅要装修" in page and "另找一处" in page
    assert f"{reverse('desk:find')}?kind=meeting-room&amp;day={day}&amp;begins=14%3A00&amp;finishes=16%3A00" in page
    mine = browser_of(here.liaison).get(url).content.decode()
    assert "另找一处" not in mine, "the other side reads it as it is"
    after = browser_of(here.liaison).get(reverse("desk:resource", args=[hall.pk])).content.decode()
    assert "个预约（约好的、等答复的）：" not in after


def test_one_from_another_street_does_not_get_what_serves_this_one(cast: Cast) -> None:
    here, there, day = cast.chengxiang, cast.xiasha, in_days(3)
    court = resource_in(here, kind="sports", name="羽毛球场", for_people=True)
    stranger, neighbour, unknown = (resident(f"1380000077{n}") for n in range(3))
    say_need(there.home, phone="13800000770")
    say_need(here.next_door, phone="13800000771")
    for person in (stranger, there.worker):
        with pytest.raises(RuleBroken, match=f"只服务{here.street.name}"):
            book(person, court, at(day, 9), at(day, 10))
        page = browser_of(person).get(reverse("desk:book", args=[court.pk])).content.decode()
        assert f"只服务{here.street.name}" in page and 'name="day"' not in page
    sent = {"client_key": "0b0d1f5e-6c1e-4c57-9b2e-2f0f6b1d1a77", "purpose": "打球"}
    sent |= {"starts": at(day, 9).isoformat(), "ends": at(day, 10).isoformat()}
    assert post(api_of(stranger), f"/api/v1/resources/{court.pk}/book/", sent).status_code in (400, 409)
    assert not Booking.objects.exists()
    book(neighbour, court, at(day, 9), at(day, 10))
    book(unknown, court, at(day, 10), at(day, 11))


def test_where_to_come_is_asked_kept_secret_until_agreed_and_forgotten(cast: Cast) -> None:
    here, day, secret = cast.chengxiang, in_days(3), "湘湖家园9幢2单元301"
    barber = given_by_unit(here, kind="haircut", name="上门理发", capacity=None, for_people=True, asks_first=True)
    asker = resident("13800000772")
    with pytest.raises(Invalid) as refused:
        book(asker, barber, at(day, 9), at(day, 10))
    assert list(refused.value.fields) == ["place"]
    form = {"office": "me", "day": day, "begins": "09:00", "finishes": "10:00", "purpose": "给家里老人理发"}
    form |= {"client_key": "0b0d1f5e-6c1e-4c57-9b2e-2f0f6b1d1a78"}
    path, browser = reverse("desk:book", args=[barber.pk]), browser_of(asker)
    unsaid = browser.post(path, form)
    assert unsaid.status_code == 422 and "请写到哪里来" in unsaid.content.decode()
    assert browser.post(path, {**form, "place": secret}).status_code == 302
    booking = Booking.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT place FROM resources_booking")
        assert secret not in cursor.fetchone()[0]
    url, api = reverse("desk:booking", args=[booking.pk]), f"/api/v1/bookings/{booking.pk}/"

    def read_by(person: object) -> bool:
        pages = [browser_of(person).get(url).content.decode(), api_of(person).get(api).content.decode()]  # type: ignore[arg-type]
        assert len({secret in page for page in pages}) == 1
        return secret in pages[0]

    workbench = reverse("admin:resources_booking_change", args=[booking.pk])
    assert read_by(asker) and not read_by(here.liaison)
    assert "答应以后看得到" in browser_of(here.liaison).get(url).content.decode()
    services.approve_booking(pk=booking.pk, by=fresh(here.liaison), version=None)
    assert read_by(asker) and read_by(here.liaison)
    assert secret not in browser_of(here.clerk).get(workbench).content.decode()
    services.cancel_booking(pk=booking.pk, by=fresh(asker), version=None)
    booking.refresh_from_db()
    assert booking.place is None and not read_by(asker)
