"""The pages of activities: a resident signs up in three taps, an organiser runs the day, staff announce one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, browser_of
from tests.volunteers.things import SAID, begun, comer, day, drafted, joined, published
from volunteers import codes
from volunteers.models import Activity, SignUp, Slot
from volunteers.services import signing
from volunteers.states import ActivityState, SignUpState

pytestmark = pytest.mark.django_db


def _sign(client: Client, post: Any, **said: Any) -> Any:
    typed = {"client_key": str(uuid4()), "post": str(post.pk), "myself": "on", **said}
    return client.post(reverse("volunteers:sign_up", args=[post.pk]), typed)


def test_the_list_shows_what_is_near_by_month_street_and_kind(cast: Cast) -> None:
    row, post = published(cast.chengxiang)
    drafted(cast.chengxiang, title="还没有发布")
    month = f"{timezone.localtime(post.slot.starts):%Y-%m}"
    page = Client().get(f"/activities/?month={month}").content.decode()
    assert row.title in page and "还没有发布" not in page
    assert row.title not in Client().get(f"/activities/?month={month}&kind=course").content.decode()
    assert row.title not in Client().get(f"/activities/?month={month}&street=330114001").content.decode()
    assert Client().get("/activities/?month=9999-99&street=x&kind=y").status_code == 200


def test_a_visitor_is_asked_to_sign_in_and_a_resident_signs_up_with_one_button(cast: Cast) -> None:
    row, post = published(cast.chengxiang)
    url = reverse("volunteers:activity", args=[row.pk])
    assert "登录后报名" in Client().get(url).content.decode()
    who = comer()
    client = browser_of(who)
    assert "我要报名" in client.get(url).content.decode()
    answer = _sign(client, post)
    made = SignUp.objects.get(person=who)
    assert answer.status_code == 302 and answer["Location"] == reverse("volunteers:signup", args=[made.pk])
    assert "取消报名" in client.get(answer["Location"]).content.decode()
    assert "看我的报名" in client.get(url).content.decode()


def test_a_refused_form_keeps_what_was_typed_and_says_what_to_do(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=4)
    joined(post, comer(), companions=1)
    client = browser_of(comer())
    answer = _sign(client, post, ages="八岁")
    assert answer.status_code == 422 and "请写岁数" in answer.content.decode()
    answer = _sign(client, post, ages="8", real_name="孙大伯本人")
    page = answer.content.decode()
    assert answer.status_code == 422 and "监护人同意" in page and "孙大伯本人" in page
    answer = _sign(client, post, ages="8、11", guardian_ok="on", real_name="孙大伯本人")
    assert SignUp.objects.latest("pk").state == SignUpState.WAITING, "three do not fit on two seats"
    assert SignUp.objects.latest("pk").real_name == "孙大伯本人"


def test_who_waits_reads_the_place_in_line_and_confirms_when_it_is_their_turn(cast: Cast) -> None:
    _row, post = published(cast.chengxiang, capacity=1)
    first = joined(post, comer())
    joined(post, comer())
    sun = comer("孙大伯")
    _sign(browser_of(sun), post)
    mine = SignUp.objects.get(person=sun)
    url = reverse("volunteers:signup", args=[mine.pk])
    assert "候补第2位" in browser_of(sun).get(url).content.decode()
    signing.cancel(pk=first.pk, by=first.person)
    signing.cancel(pk=SignUp.objects.get(state=SignUpState.OFFERED).pk, by=SignUp.objects.get(state="offered").person)
    assert "确认参加" in browser_of(sun).get(url).content.decode()
    browser_of(sun).post(reverse("volunteers:accept", args=[mine.pk]))
    assert SignUp.objects.get(pk=mine.pk).state == SignUpState.CONFIRMED
    browser_of(sun).post(reverse("volunteers:cancel", args=[mine.pk]))
    assert SignUp.objects.get(pk=mine.pk).state == SignUpState.CANCELLED
    assert browser_of(comer()).get(url).status_code == 404


def test_the_organiser_shows_the_code_notes_who_is_there_and_another_confirms(cast: Cast) -> None:
    _row, post = published(cast.chengxiang)
    by_code, by_list = joined(post, comer("汤大伯")), joined(post, comer("赵阿婆"))
    slot = begun(post, hours_ago=0.5, lasted=3)
    worker = browser_of(cast.chengxiang.worker)
    page = worker.get(reverse("volunteers:code", args=[slot.pk]))
    assert int(page["Refresh"]) <= codes.STEP and "data:image/svg" in page.content.decode()
    assert browser_of(by_code.person).get(reverse("volunteers:code", args=[slot.pk])).status_code == 403
    here, code = reverse("volunteers:here", args=[slot.pk]), codes.digits(slot.pk, codes.step_of(timezone.now()))
    assert browser_of(by_code.person).post(here, {"code": "000 000"}).status_code == 422
    assert browser_of(by_code.person).post(here, {"code": code}).status_code == 302
    assert "签到好了" in browser_of(by_code.person).get(here).content.decode()
    assert browser_of(by_code.person).post(here, {"code": code, "out": "1"}).status_code == 302
    worker.post(reverse("volunteers:present", args=[slot.pk]), {"who": str(by_list.pk), "paper": "1"})
    assert set(SignUp.objects.values_list("state", flat=True)) == {SignUpState.ATTENDED}
    Slot.objects.filter(pk=slot.pk).update(ends=timezone.now() - timedelta(minutes=1))
    worker.post(reverse("volunteers:confirm", args=[slot.pk]))
    page = worker.get(reverse("volunteers:today", args=[slot.pk])).content.decode()
    assert "时长已确认" in page and "全部确认" in page, "the sheet waits for somebody else"
    browser_of(cast.chengxiang.secretary).post(reverse("volunteers:confirm", args=[slot.pk]))
    assert "全部确认" not in worker.get(reverse("volunteers:today", args=[slot.pk])).content.decode()


def test_the_sheet_and_the_poster_can_be_printed(cast: Cast) -> None:
    row, post = published(cast.chengxiang)
    joined(post, comer("汤大伯"))
    sheet = browser_of(cast.chengxiang.worker).get(reverse("volunteers:sheet", args=[post.slot_id])).content.decode()
    assert "汤大伯" in sheet and "data-print" in sheet
    poster = Client().get(reverse("volunteers:poster", args=[row.pk])).content.decode()
    assert row.title in poster and "汤大伯" not in poster


def test_staff_announce_one_plan_its_days_and_publish_it(cast: Cast) -> None:
    worker = browser_of(cast.chengxiang.worker)
    typed = {**SAID, "area": cast.chengxiang.home.pk, "together": 4, "closes_hours": 0, "coefficient": "ordinary"}
    assert (
        worker.post("/admin/volunteers/activity/add/", {**typed, "title": "", "client_key": str(uuid4())}).status_code
        == 422
    )
    answer = worker.post("/admin/volunteers/activity/add/", {**typed, "client_key": str(uuid4())})
    row = Activity.objects.get()
    assert answer["Location"] == reverse("admin:volunteers_activity_change", args=[row.pk])
    on = timezone.localdate() + timedelta(days=3)
    day = {"day-version": row.version, "day-on": on, "day-opens": "9:00", "day-closes": "11:00", "day-posts": "东段 4"}
    assert worker.post(reverse("admin:volunteers_activity_day", args=[row.pk]), day).status_code == 302
    row.refresh_from_db()
    series = {
        "series-version": row.version,
        "series-on": on,
        "series-opens": "14:00",
        "series-closes": "15:30",
        "series-posts": "25",
        "series-every": "FREQ=WEEKLY",
        "series-times": 4,
    }
    assert worker.post(reverse("admin:volunteers_activity_series", args=[row.pk]), series).status_code == 302
    assert Slot.objects.filter(activity=row).count() == 5
    row.refresh_from_db()
    url = reverse("admin:volunteers_activity_publish", args=[row.pk])
    assert worker.post(url, {"publish-version": row.version}).status_code == 302
    row.refresh_from_db()
    assert row.state == ActivityState.PUBLISHED
    for address in (reverse("admin:volunteers_activity_changelist"), answer["Location"]):
        assert row.title in worker.get(address).content.decode()
    changed = {**typed, "version": row.version, "place": "文化家园一楼"}
    assert worker.post(reverse("admin:volunteers_activity_edit", args=[row.pk]), changed).status_code == 302
    row.refresh_from_db()
    off = {"call_off-version": row.version, "call_off-words": "台风"}
    assert worker.post(reverse("admin:volunteers_activity_call_off", args=[row.pk]), off).status_code == 302
    assert Activity.objects.get().state == ActivityState.CALLED_OFF


def test_what_was_noted_by_mistake_is_taken_back_and_the_roll_is_not_called_next_day(cast: Cast) -> None:
    _row, post = published(cast.chengxiang)
    row = joined(post, comer("赵阿婆"))
    slot = begun(post, hours_ago=3.2, lasted=3)
    worker, today = browser_of(cast.chengxiang.worker), reverse("volunteers:today", args=[slot.pk])
    assert "到了" in worker.get(today).content.decode()
    worker.post(reverse("volunteers:present", args=[slot.pk]), {"who": str(row.pk)})
    assert "撤回签到" in worker.get(today).content.decode()
    worker.post(reverse("volunteers:take_back", args=[slot.pk]), {"who": str(row.pk)})
    assert SignUp.objects.get(pk=row.pk).state == SignUpState.CONFIRMED
    begun(post, hours_ago=24, lasted=3)
    worker.post(reverse("volunteers:missing", args=[slot.pk]), {"who": str(row.pk)})
    page = worker.get(today).content.decode()
    assert "到了" not in page and "照纸质表登记" in page, "of whoever was noted as missing too"


def test_the_next_day_is_first_and_what_is_over_comes_last(cast: Cast) -> None:
    row, post = published(cast.chengxiang, starts=72)
    later, sooner = post.slot, day(row, cast.chengxiang.worker, starts=24)
    over, before = (day(row, cast.chengxiang.worker, starts=hours) for hours in (96, 120))
    for slot, hours_ago in ((over, 24), (before, 48)):
        begun(slot.posts.get(), hours_ago=hours_ago)
    assert list(Slot.objects.filter(activity=row).soonest_first()) == [sooner, later, over, before]
