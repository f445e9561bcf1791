"""会议 at a unit's desk: asked, answered, what was resolved for it, what it raises."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.models import Invitee, Topic
from meetings.services.agenda import add_point
from meetings.services.minutes import note_result, send_minutes, write_minutes
from meetings.services.signing_in import CODES, codes_now, own_invitees, sign_in
from tests.cast import Cast, browser_of
from tests.claims.things import another_unit, unit_of
from tests.desk.asking import text
from tests.meetings.things import called, meeting, passed, resolved

pytestmark = pytest.mark.django_db


def test_a_unit_is_asked_and_answers(cast: Cast) -> None:
    here = cast.chengxiang
    row, browser = called(here), browser_of(here.liaison)
    path = f"/desk/meetings/{row.pk}/"
    assert path in text(browser.get("/desk/")) and path in text(browser.get("/desk/meetings/"))
    one = Invitee.objects.get(meeting=row)
    refused = browser.post(path, {"invitee": one.pk, "answer": "stand_in"})
    assert refused.status_code == 422 and "请写谁来代" in text(refused)
    assert browser.post(path, {"invitee": one.pk, "answer": "stand_in", "stand_in": "办公室小张"}).status_code == 302
    one.refresh_from_db()
    assert (one.answer, one.stand_in, one.via) == ("stand_in", "办公室小张", "desk")
    assert "办公室小张代" in text(browser.get(path)) and path not in text(browser.get("/desk/"))
    assert browser.post(path, {"invitee": one.pk, "answer": "stays_away"}).status_code == 302
    one.refresh_from_db()
    assert (one.answer, one.stand_in) == ("stays_away", "")


def test_what_is_not_ones_own_is_not_there(cast: Cast) -> None:
    here = cast.chengxiang
    row, other = called(here), another_unit(here)[1]
    one, draft = Invitee.objects.get(meeting=row), meeting(here, title="还没通知的会")
    action = resolved(passed(row), here)
    for who in (other, cast.xiasha.liaison):
        browser = browser_of(who)
        assert browser.get(f"/desk/meetings/{row.pk}/").status_code == 404
        assert browser.post(f"/desk/meetings/{row.pk}/", {"invitee": one.pk, "answer": "comes"}).status_code == 404
        assert browser.get(f"/desk/meetings/actions/{action.pk}/").status_code == 404
    assert browser_of(here.liaison).get(f"/desk/meetings/{draft.pk}/").status_code == 404


def test_minutes_and_resolutions_are_read_once_they_were_sent(cast: Cast) -> None:
    here = cast.chengxiang
    row = called(here)
    point = add_point(meeting=row.pk, by=here.worker, version=None, title="收费公示")
    row, browser = passed(row), browser_of(here.liaison)
    note_result(meeting=row.pk, by=here.worker, version=None, item=point.pk, result="月底前公示")
    resolved(row, here, what="公示公共收益")
    write_minutes(meeting=row.pk, by=here.worker, base=0, text="到会九方。")
    page = text(browser.get(f"/desk/meetings/{row.pk}/"))
    assert "到会九方" not in page and "月底前公示" not in page
    send_minutes(meeting=row.pk, by=here.worker, version=None)
    page = text(browser.get(f"/desk/meetings/{row.pk}/"))
    assert "到会九方" in page and "月底前公示" in page and "公示公共收益" in page


def test_an_action_item_is_reported_on(cast: Cast) -> None:
    here = cast.chengxiang
    action, browser = resolved(passed(called(here)), here), browser_of(here.liaison)
    path = f"/desk/meetings/actions/{action.pk}/"
    assert path in text(browser.get("/desk/"))
    page = text(browser.get(path))
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version and "超期" not in page and "逾期" not in page
    assert browser.post(path, {"version": version[1], "said": " "}).status_code == 422
    assert browser.post(path, {"version": version[1], "said": "泵排装好了"}).status_code == 302
    stale = browser.post(path, {"version": version[1], "said": "又写了一句"})
    assert stale.status_code == 409 and "又写了一句" in text(stale)
    action.refresh_from_db()
    assert action.said == "泵排装好了" and path not in text(browser.get("/desk/"))


def test_a_unit_raises_a_topic_and_withdraws_it(cast: Cast) -> None:
    here = cast.chengxiang
    called(here)
    browser, unit = browser_of(here.liaison), unit_of(here)
    page = browser.get("/desk/meetings/topics/new/")
    areas = [key for key, _name in page.context["form"].fields["area"].choices]
    key = page.context["form"]["client_key"].value()
    typed = {"unit": unit.pk, "area": areas[0], "title": "门岗改造", "client_key": str(key)}
    assert browser.post("/desk/meetings/topics/new/", {**typed, "area": cast.xiasha.street.pk}).status_code == 422
    assert browser.post("/desk/meetings/topics/new/", typed).status_code == 302
    row = Topic.objects.get()
    assert (row.unit, row.area_id) == (unit, areas[0])
    assert "门岗改造" in text(browser.get("/desk/meetings/"))
    assert browser_of(cast.xiasha.liaison).post(f"/desk/meetings/topics/{row.pk}/withdraw/").status_code == 404
    assert browser.post(f"/desk/meetings/topics/{row.pk}/withdraw/").status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"
    late = browser.post(f"/desk/meetings/topics/{row.pk}/withdraw/")
    assert late.status_code == 409 and "不能这样办" in text(late)


def test_one_signs_in_with_the_code_on_the_wall(cast: Cast) -> None:
    here = cast.chengxiang
    row = called(here)
    browser, path = browser_of(here.liaison), f"/meetings/{row.pk}/here/"
    early = browser.post(path, {"code": "123456"})
    assert early.status_code == 409 and "还没到签到的时候" in text(early)
    now = timezone.now()
    type(row).objects.filter(pk=row.pk).update(starts=now - timedelta(minutes=30), ends=now + timedelta(hours=1))
    _row, picture, digits, left = codes_now(row.pk, here.worker)
    assert 0 < left <= 30
    shown = browser_of(here.worker).get(f"/admin/meetings/meeting/{row.pk}/code/")
    assert shown.status_code == 200 and shown.headers["Refresh"]
    for who in (here.liaison, here.neighbour):
        assert browser_of(who).get(f"/admin/meetings/meeting/{row.pk}/code/").status_code in (302, 403)
    one = Invitee.objects.get(meeting=row)
    wrong = CODES.code(row.pk + 1, 5)
    assert browser.post(path, {"code": wrong}).status_code == 422
    assert browser_of(cast.xiasha.liaison).post(path, {"code": picture}).status_code == 404
    assert browser.post(path, {"code": digits}).status_code == 302
    one.refresh_from_db()
    assert one.how == "code" and one.present_at is not None
    first = one.present_at
    assert sign_in(meeting=row.pk, by=here.liaison, code="").present_at == first
    assert [each.pk for each in own_invitees(row, here.liaison)] == [one.pk]
