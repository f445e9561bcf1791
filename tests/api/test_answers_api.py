"""Done, answered, called back over the API."""

from __future__ import annotations

from typing import Any

import pytest

from needs.models import Answer, Need
from needs.services.handling import accept_need
from needs.states import Office, Outcome, State
from tests.cast import Cast, api_of, say_need

pytestmark = pytest.mark.django_db

ANSWER = "/api/v1/needs/track/answer/"


@pytest.fixture
def need(cast: Cast) -> Need:
    need = say_need(cast.chengxiang.home)
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    return again(need)


def again(need: Need) -> Need:
    return Need.objects.get(pk=need.pk)


def finish(need: Need, by: Any, **typed: Any) -> Any:
    given = {"version": again(need).version, "words": "灯换好了", **typed}
    return api_of(by).post(f"/api/v1/needs/{need.pk}/finish/", given, format="json")


def answer(need: Need, outcome: str, **typed: Any) -> Any:
    given = {"number": need.number, "code": need.shown_code, "outcome": outcome, **typed}
    return api_of(None).post(ANSWER, given, format="json")


def test_done_and_answered(cast: Cast, need: Need) -> None:
    response = finish(need, cast.chengxiang.worker)
    assert (response.status_code, response.json()["state"]) == (200, State.TO_ANSWER)
    response = answer(need, "solved", satisfaction="good", words="谢谢")
    body = response.json()
    assert (response.status_code, body["state"], body["headline"]) == (200, State.CLOSED, "这件事已经办结")
    assert "谢谢" not in response.content.decode() and "good" not in response.content.decode()
    row = Answer.objects.get(need=need)
    assert (row.outcome, row.satisfaction, row.words) == (Outcome.SOLVED, "good", "谢谢")
    assert answer(need, "unsolved").status_code == 200 and Answer.objects.count() == 1


def test_refusals_say_why(cast: Cast, need: Need) -> None:
    assert answer(need, "solved").status_code == 409
    finish(need, cast.chengxiang.worker)
    assert answer(need, "silent").status_code == answer(need, "").status_code == 400
    assert answer(need, "solved", satisfaction="5").status_code == 400
    assert answer(need, "solved", words="长" * 501).json()["fields"]["words"]
    wrong = {"number": need.number, "code": "CCCCC-CCCCC", "outcome": "solved"}
    assert api_of(None).post(ANSWER, wrong, format="json").status_code == 404
    assert again(need).state == State.TO_ANSWER


@pytest.mark.parametrize(
    ("who", "status"), [("leader", 403), ("grid_part", 403), ("neighbour", 404), ("liaison", 403), ("clerk", 200)]
)
def test_who_may_say_that_it_is_done(cast: Cast, need: Need, who: str, status: int) -> None:
    assert finish(need, getattr(cast.chengxiang, who)).status_code == status


def test_a_stale_form_and_a_foreign_need_are_refused(cast: Cast, need: Need) -> None:
    assert finish(need, cast.chengxiang.worker, version=1).status_code == 409
    assert finish(need, cast.chengxiang.worker, words=" ").status_code == 400
    assert finish(need, cast.xiasha.worker).status_code == 404


def test_the_leader_calls_back(cast: Cast, need: Need) -> None:
    here = cast.chengxiang
    for handler in (here.worker, here.clerk):
        if again(need).state == State.PENDING:
            accept_need(pk=need.pk, by=handler)
        finish(need, handler)
        answer(need, "unsolved")
    assert again(need).office == Office.LEADER

    def call(by: Any, **typed: Any) -> Any:
        given = {"version": again(need).version, "words": "电话里说好了", "settled": True, **typed}
        return api_of(by).post(f"/api/v1/needs/{need.pk}/call-back/", given, format="json")

    assert [call(by).status_code for by in (here.worker, here.clerk, cast.xiasha.leader)] == [403, 403, 404]
    assert call(here.leader, words="").status_code == 400
    assert call(here.leader, version=1).status_code == 409
    assert call(here.leader, settled=None).status_code == 400
    assert call(here.leader).json()["state"] == State.CLOSED
    assert call(here.leader).status_code == 409
