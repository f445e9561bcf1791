"""One's own calendar behind a secret link: it says what one has ahead, and ends when one wants it to."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from alliance.lib.calendar_file import Happening, calendar_file
from alliance.settings.logs import mask_paths
from meetings.models import Meeting
from meetings.services.meetings import call_off_meeting, move_meeting
from people.models import CalendarLink, User
from people.services.calendar_links import forget_links, make_link
from tests.cast import Cast, browser_of
from tests.meetings.things import at, called, meeting
from tests.volunteers.things import comer, joined, published

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Asia/Shanghai")


def events(content: bytes) -> dict[str, Any]:
    found = Calendar.from_ical(content)
    return {str(one["summary"]): one for one in found.walk("VEVENT")}


def feed(token: str) -> Any:
    return Client().get(f"/cal/{token}/calendar.ics")


def made(user: User) -> str:
    page = browser_of(user).post("/calendar/", {"make": "1"}).content.decode()
    found = re.search(r"/cal/([\w-]+)/calendar\.ics", page)
    assert found is not None
    return found[1]


def test_a_file_is_folded_escaped_and_in_the_time_of_hangzhou() -> None:
    starts = datetime(2026, 12, 1, 14, tzinfo=HERE)
    said = "议事厅；一楼, 东门\n带上\\身份证BEGIN:VEVENT" * 5
    one = Happening(key="meeting:1", starts=starts, ends=starts + timedelta(hours=1), title=said, place=said)
    content = calendar_file([one], made_at=timezone.now())
    assert all(len(line) <= 75 for line in content.split(b"\r\n")) and b"\n" not in content.replace(b"\r\n", b"")
    assert content.count(b"\r\nBEGIN:VEVENT") == 1, "what somebody typed begins no event of its own"
    assert b"DTSTART;TZID=Asia/Shanghai:20261201T140000" in content and b"BEGIN:VTIMEZONE" in content
    read = events(content)[said]
    assert (read["location"], read["dtstart"].dt) == (said, starts)


def test_sign_ups_and_meetings_are_in_ones_own_calendar(cast: Cast) -> None:
    here = cast.chengxiang
    activity, post = published(here)
    who = comer()
    joined(post, who)
    assert list(events(feed(made(who)).content)) == [activity.title]
    row = called(here)
    meeting(here, title="还没通知的会")
    mine = events(feed(made(here.liaison)).content)
    assert list(mine) == [row.title]
    assert (mine[row.title]["location"], mine[row.title]["dtstart"].dt) == (row.place, row.starts)
    assert row.title in events(feed(made(here.worker)).content)
    for other in (here.neighbour, cast.xiasha.worker, cast.xiasha.liaison):
        assert events(feed(made(other)).content) == {}, other.username


def test_what_is_moved_or_called_off_follows(cast: Cast) -> None:
    here = cast.chengxiang
    row, token = called(here), make_link(here.liaison)
    before = events(feed(token).content)[row.title]
    move_meeting(pk=row.pk, by=here.worker, version=None, starts=at(6), ends=at(6, 16))
    moved = events(feed(token).content)[row.title]
    assert moved["uid"] == before["uid"] and moved["sequence"] > before["sequence"]
    assert moved["dtstart"].dt == Meeting.objects.get(pk=row.pk).starts
    call_off_meeting(pk=row.pk, by=here.worker, version=None, why="台风")
    assert events(feed(token).content)[row.title]["status"] == "CANCELLED"


def test_a_newer_link_ends_the_older_and_none_is_kept_readable(cast: Cast) -> None:
    who = cast.chengxiang.liaison
    first, second = made(who), made(who)
    assert (feed(first).status_code, feed(second).status_code) == (404, 200)
    stored = str(list(CalendarLink.objects.values_list("token_index", flat=True)))
    assert first not in stored and second not in stored
    page = browser_of(who).get("/calendar/").content.decode()
    assert second not in page, "it is shown once"
    browser_of(who).post("/calendar/", {"revoke": "1"})
    assert feed(second).status_code == 404
    assert mask_paths(None, "", {"request": f"GET /cal/{second}/calendar.ics"})["request"].count(second) == 0


def test_whoever_has_gone_has_no_calendar(cast: Cast) -> None:
    who = cast.chengxiang.liaison
    token = make_link(who)
    User.objects.filter(pk=who.pk).update(is_active=False)
    assert feed(token).status_code == 404
    forget_links(who)
    assert not CalendarLink.objects.filter(user=who).exists()


def test_guessing_is_slow(cast: Cast) -> None:
    token = make_link(cast.chengxiang.liaison)
    codes = {feed(f"guess{number}").status_code for number in range(31)}
    assert codes == {404, 429} and feed(token).status_code == 429
    elsewhere = Client().get(f"/cal/{token}/calendar.ics", REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 200


def test_one_meeting_is_a_file_for_whoever_sees_it(cast: Cast) -> None:
    here = cast.chengxiang
    row = called(here)
    answer = browser_of(here.liaison).get(f"/meetings/{row.pk}/meeting.ics")
    assert answer["Content-Type"].startswith("text/calendar") and list(events(answer.content)) == [row.title]
    assert browser_of(cast.xiasha.liaison).get(f"/meetings/{row.pk}/meeting.ics").status_code == 404
    assert Client().get(f"/meetings/{row.pk}/meeting.ics").status_code == 302
