"""Wishes over the API: the wall for everybody, the steps for staff, 待我审批."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from needs.models import Wish
from tests.api.calls import post, problem
from tests.cast import Cast, api_of, say_need
from tests.needs.wishing import CANARIES, published, typed, verified

pytestmark = pytest.mark.django_db

WISHES, APPROVALS = "/api/v1/wishes/", "/api/v1/approvals/"


def _words(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {"client_key": str(uuid4()), "area": cast.chengxiang.home.pk, **typed(), **changes}


def test_the_story_raise_verify_approve_read_on_the_wall(cast: Cast) -> None:
    here = cast.chengxiang
    worker, secretary = api_of(here.worker), api_of(here.secretary)
    made = post(worker, WISHES, _words(cast))
    assert made.status_code == 201, made.content
    wish = made.json()
    assert (wish["stage"], wish["beneficiary"]) == ("to_verify", "金**名")
    assert {"edit", "verify", "withdraw"} <= set(wish["abilities"]) and "approve" not in wish["abilities"]
    path = f"{WISHES}{wish['id']}/"
    assert post(worker, f"{path}verify/", {"version": 1, "how": "上门看过"}).json()["verified_by"] == here.worker.name
    problem(post(worker, f"{path}approve/", {"version": 2}), 403, "not_allowed")
    (row,) = secretary.get(APPROVALS).json()
    assert (row["title"], row["number"]) == (wish["item"], wish["number"])
    assert post(secretary, f"{path}approve/", {"version": 2}).json()["stage"] == "open"
    assert secretary.get(APPROVALS).json() == []
    (card,) = Client().get(WISHES).json()["results"]
    assert card["number"] == wish["number"] and card["left"] == 1 and card["offer"]
    said = str(card)
    assert not [canary for canary in CANARIES.values() if canary in said]
    assert {"beneficiary", "household", "phone", "need", "id"}.isdisjoint(card)


def test_a_second_call_finds_the_first_and_warnings_come_back(cast: Cast) -> None:
    worker = api_of(cast.chengxiang.worker)
    sent = _words(cast)
    assert post(worker, WISHES, sent).json()["id"] == post(worker, WISHES, sent).json()["id"]
    warned = problem(post(worker, WISHES, _words(cast, story="打13800000102")), 400, "warned")
    assert list(warned["fields"]) == ["seen_warnings", "seen_words"]
    (mark,) = warned["fields"]["seen_words"]
    other = problem(post(worker, WISHES, _words(cast, story="打13800000103", seen_warnings=mark)), 400, "warned")
    assert other["fields"]["seen_words"] != [mark], "other words are looked at anew"
    assert post(worker, WISHES, _words(cast, story="打13800000102", seen_warnings=mark)).status_code == 201
    assert "500" in str(problem(post(worker, WISHES, _words(cast, cap_yuan=501)), 400, "invalid")["fields"])


def test_a_need_becomes_a_wish(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home)
    sent = {**_words(cast), "version": need.version, "beneficiary": "", "phone": ""}
    answer = post(api_of(here.worker), f"/api/v1/needs/{need.pk}/wish/", sent)
    assert answer.status_code == 201 and answer.json()["need"] == need.pk
    problem(post(api_of(cast.xiasha.worker), f"/api/v1/needs/{need.pk}/wish/", sent), 404, "not_found")


def test_staff_read_their_own_street(cast: Cast) -> None:
    here = cast.chengxiang
    wish, other = verified(here), published(cast.xiasha)
    listed = api_of(here.clerk).get(f"{WISHES}staff/?tab=to_approve").json()["results"]
    assert [row["id"] for row in listed] == [wish.pk] and listed[0]["hand"]
    problem(api_of(here.system_admin).get(f"{WISHES}staff/"), 403, "not_allowed")
    for verb, sent in (
        ("verify", {"how": "看过"}),
        ("withdraw", {"words": "算了"}),
        ("reopen", {}),
        ("reject", {"words": "不"}),
    ):
        answer = post(api_of(here.secretary), f"{WISHES}{other.pk}/{verb}/", {"version": 1, **sent})
        problem(answer, 404, "not_found")
    problem(api_of(None).get(f"{WISHES}staff/"), 401, "not_authenticated")
    assert Wish.objects.count() == 2


def test_approvals_are_for_those_who_work_there(cast: Cast) -> None:
    here = cast.chengxiang
    verified(here)
    assert len(api_of(here.secretary).get(APPROVALS).json()) == 1
    for person in (here.worker, here.clerk, cast.xiasha.secretary):
        assert api_of(person).get(APPROVALS).json() == []
    problem(api_of(here.liaison).get(APPROVALS), 403, "not_allowed")
