"""What a need's page says of before: late where it lay, more time that nobody decided, who spoke for a unit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from deadlines.models import Stage
from needs.models import Need
from needs.services.extensions import ask_extension
from needs.services.finishing import finish_need
from needs.services.handling import accept_need
from needs.services.meanwhile import last_line
from needs.services.triage import escalate_need, send_back_need
from needs.services.units import unit_hand_back, unit_will_help
from needs.states import FIRST_RESPONSE
from people.models import User
from tests.cast import Cast, api_of, browser_of, fresh, say_need
from tests.claims.things import unit_of
from tests.desk.asking import asked
from tests.needs.ways import WHY, in_hand, latest_of

pytestmark = pytest.mark.django_db
LATE = "上一段已超期，原定"


def page_of(user: User, need: Need) -> str:
    return browser_of(user).get(f"/admin/needs/need/{need.pk}/change/").content.decode()


def late(need: Need) -> None:
    """Nobody has taken it within the time for a first response."""
    running = Stage.objects.running().filter(subject=f"need:{need.pk}", kind=FIRST_RESPONSE)
    assert running.update(due_at=timezone.now() - timedelta(minutes=1)) == 1


def test_late_where_it_lay_is_said_where_it_waits_now_and_of_nobody(cast: Cast) -> None:
    here, need = cast.chengxiang, say_need(cast.chengxiang.home)
    late(need)
    escalate_need(pk=need.pk, by=fresh(here.worker), why=WHY)
    page, listed = page_of(here.clerk, need), browser_of(here.clerk).get("/admin/needs/need/").content.decode()
    assert LATE in page and LATE in listed
    said = page[page.index(LATE) :][:40]
    assert here.worker.name not in said and "已超期" not in said.removeprefix(LATE)
    rail = page[page.index('class="rail"') :]
    assert f"{here.home.name} · {here.street.name}" in rail, "in whose hands what lies at the street is"
    send_back_need(pk=need.pk, by=fresh(here.clerk), why=WHY)
    assert LATE not in page_of(here.worker, need), "the street was in time"
    late(need)
    escalate_need(pk=need.pk, by=fresh(here.worker), why=WHY)
    assert LATE in page_of(here.clerk, need)
    accept_need(pk=need.pk, by=fresh(here.clerk))
    assert LATE not in page_of(here.clerk, need)


def test_a_request_for_time_that_falls_has_an_end_in_the_history(cast: Cast) -> None:
    here, need = cast.chengxiang, in_hand(cast)
    ask_extension(pk=need.pk, by=fresh(here.worker), until=latest_of(need), reason="等配件")
    assert "的申请不用批了" not in page_of(here.worker, need)
    finish_need(pk=need.pk, by=fresh(here.worker), words="换好了")
    until = latest_of(need)
    line = f"延到{until.month}月{until.day}日的申请不用批了"
    page = page_of(here.worker, need)
    assert page.index(line) < page.index("申请延到") and page.count(line) == 1
    events: list[dict[str, Any]] = api_of(here.worker).get(f"/api/v1/needs/{need.pk}/").json()["events"]
    assert [event["verb"] for event in events[:3]] == ["extension_dropped", "finish", "extend"]
    assert events[0]["text"] == line and events[0]["audience"] == "staff"


def test_who_spoke_for_a_unit_is_its_liaison_not_an_account(cast: Cast) -> None:
    here = cast.chengxiang
    need, unit = asked(here), unit_of(here)
    User.objects.filter(pk=here.liaison.pk).update(name="canary-login")
    unit_will_help(pk=need.pk, by=fresh(here.liaison), unit_id=unit.pk, words="周二来")
    unit_hand_back(pk=need.pk, by=fresh(here.liaison), unit_id=unit.pk, why="都在外面")
    page, answer = page_of(here.worker, need), api_of(here.worker).get(f"/api/v1/needs/{need.pk}/").content.decode()
    line = last_line(Need.objects.get(pk=need.pk))
    for said in (page, answer, line):
        assert "canary-login" not in said and f"{unit}联络员" in said
    assert page.count(f"{unit}联络员") == 2
