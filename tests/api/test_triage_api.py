"""Triage over the API: each step one call, answered with the need as it stands then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from needs.models import Extension, Need
from needs.services.handling import accept_need
from needs.states import State
from tests.api.calls import NEEDS, post, problem
from tests.cast import Cast, api_of, say_need
from tests.needs.ways import WHY, in_hand, member_unit, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(cast: Cast) -> Need:
    return say_need(cast.chengxiang.home)


def step(by: Any, need: Need, name: str, **typed: Any) -> Any:
    version = Need.objects.values_list("version", flat=True).get(pk=need.pk)
    return post(api_of(by), f"{NEEDS}{need.pk}/{name}/", {"version": version, **typed})


def done(response: Any) -> dict[str, Any]:
    assert response.status_code == 200, response.content.decode()
    body: dict[str, Any] = response.json()
    return body


def test_the_story_up_back_on_and_to_a_unit(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    unit = member_unit(here)
    found = done(step(here.worker, need, "escalate", why=WHY))
    assert (found["state"], found["office"], found["why_here"]) == ("pending_acceptance", "street", WHY)
    assert found["hand"]["name"] == found["hand"]["office"] == here.street.name
    assert "accept" not in found["abilities"] and "note" in found["abilities"]
    found = done(step(here.clerk, need, "send-back", why="社区先看一眼"))
    assert (found["office"], found["hand"]["name"]) == ("community", here.home.name)
    found = done(step(here.secretary, need, "assign", why=WHY, to_user_id=here.worker.pk, nature="help"))
    assert (found["holder"], found["hand"]["name"], found["nature"]) == (here.worker.name, here.worker.name, "help")
    assert found["hand"]["until"] == found["reply_by"]
    found = done(step(here.worker, need, "assign", why=WHY, to_unit_id=unit.pk))
    assert (found["unit"], found["hand"]["unit"]) == (unit.name, unit.name)
    assert found["hand"]["name"] == found["holder"] == here.worker.name
    found = done(step(here.worker, need, "return", why=WHY))
    assert (found["state"], found["unit"], found["holder"]) == ("pending_acceptance", None, None)
    found = done(step(here.worker, need, "decline", reason="petition", words="请找信访部门"))
    assert (found["state"], found["declined"], found["hand"]) == ("not_accepted", "petition", None)
    assert [event["why"] for event in found["events"] if event["verb"] == "escalate"] == [WHY]


def test_asking_stops_the_clock_and_resuming_starts_it(cast: Cast) -> None:
    here, need = cast.chengxiang, in_hand(cast)
    found = done(step(here.worker, need, "ask", words="哪一幢？"))
    assert found["waiting"] and found["hand"]["until"] is None
    assert "resume" in found["abilities"] and "ask" not in found["abilities"]
    found = done(step(here.worker, need, "resume"))
    assert found["waiting"] is None and found["hand"]["until"] == found["reply_by"]
    done(step(here.worker, need, "note", words="物业说下周"))


def test_more_time_is_asked_and_granted(cast: Cast) -> None:
    here, need = cast.chengxiang, in_hand(cast)
    assert need.reply_by is not None
    until = need.reply_by + timedelta(days=3)
    found = done(step(here.worker, need, "extension", until=str(until), reason="等配件"))
    asked = found["extension"]
    assert (asked["until"], asked["before"], asked["asked_by"]) == (str(until), str(need.reply_by), here.worker.name)
    path, typed = f"/api/v1/extensions/{asked['id']}/decide/", {"version": found["version"], "granted": True}
    problem(post(api_of(here.worker), path, typed), 403, "not_allowed")
    problem(post(api_of(cast.xiasha.secretary), path, typed), 404, "not_found")
    problem(post(api_of(here.secretary), path, {**typed, "version": 1}), 409, "conflict")
    found = done(post(api_of(here.secretary), path, typed))
    assert (found["reply_by"], found["extension"]) == (str(until), None)
    problem(post(api_of(here.secretary), path, {**typed, "version": found["version"]}), 409, "rule_broken")


STEPS: dict[str, dict[str, Any]] = {
    "assign": {"why": WHY, "to_user_id": 1},
    "escalate": {"why": WHY},
    "send-back": {"why": WHY},
    "return": {"why": WHY},
    "decline": {"reason": "petition", "words": "请找信访部门"},
    "ask": {"words": "哪一幢？"},
    "resume": {},
    "extension": {"until": "2099-01-01", "reason": "等配件"},
    "note": {"words": "好的"},
}


@pytest.mark.parametrize("name", STEPS)
def test_strangers_find_nothing_onlookers_are_refused_visitors_are_asked_who_they_are(
    cast: Cast, need: Need, name: str
) -> None:
    here = cast.chengxiang
    typed = STEPS[name]
    for by in (cast.xiasha.worker, cast.xiasha.party_office, here.neighbour):
        problem(step(by, need, name, **typed), 404, "not_found")
    for by in (here.liaison, here.system_admin, here.audit_admin):
        problem(step(by, need, name, **typed), 403, "not_allowed")
    assert step(None, need, name, **typed).status_code == 401
    accept_need(pk=need.pk, by=here.worker)
    before = now(need).version
    for by in (here.grid_part, here.leader):
        assert step(by, need, name, **typed).status_code in (403, 409)
    assert now(need).version == before


@pytest.mark.parametrize("name", STEPS)
def test_nothing_is_done_without_the_version_one_has_seen(cast: Cast, need: Need, name: str) -> None:
    answer = post(api_of(cast.chengxiang.worker), f"{NEEDS}{need.pk}/{name}/", STEPS[name])
    assert "version" in problem(answer, 400, "invalid")["fields"]
    answer = post(api_of(cast.chengxiang.worker), f"{NEEDS}{need.pk}/{name}/", {**STEPS[name], "version": 99})
    if answer.status_code != 400:
        problem(answer, 409, "conflict")
    assert now(need).version == 1


@pytest.mark.parametrize(
    ("name", "typed", "field"),
    [
        ("assign", {"why": WHY}, "to_user_id"),
        ("assign", {"why": WHY, "to_unit_id": 1}, "to_unit_id"),
        ("assign", {"why": WHY, "to_user_id": 2**31}, "to_user_id"),
        ("escalate", {"why": " "}, "why"),
        ("decline", {"reason": "gossip", "words": "不办"}, "reason"),
        ("decline", {"reason": "petition", "words": "  "}, "words"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    cast: Cast, need: Need, name: str, typed: dict[str, Any], field: str
) -> None:
    assert field in problem(step(cast.chengxiang.worker, need, name, **typed), 400, "invalid")["fields"]
    assert (now(need).state, now(need).version) == (State.PENDING, 1)


def test_a_day_out_of_this_world_is_no_fault(cast: Cast) -> None:
    need = in_hand(cast)
    for until in ("9999-12-31", "0001-01-01", "2026-02-30", ""):
        problem(step(cast.chengxiang.worker, need, "extension", until=until, reason="等"), 400, "invalid")
    assert not Extension.objects.exists() and now(need).reply_by != timezone.localdate()
