"""What cannot be used is refused in one shape, and nothing but what is asked for is taken."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from needs.models import Need
from needs.services.intake import PER_PHONE
from needs.states import State
from tests.api.calls import NEEDS, TRACK, post, problem, typed
from tests.cast import Cast, api_of, say_need

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("words", ""),
        ("words", "  "),
        ("words", "字" * 10_000),
        ("words", "字" * 30_000),
        ("words", None),
        ("words", "灯\x00坏"),
        ("phone", "1380000061"),
        ("phone", "x" * 100),
        ("place", "字" * 121),
        ("name", "字" * 31),
        ("community", "3301"),
        ("community", "330109"),
        ("community", "' OR 1=1"),
        ("consent", False),
        ("consent", "maybe"),
        ("notice_version", 99),
        ("notice_version", 10**20),
        ("notice_version", -1),
        ("client_key", "x"),
        ("helped_phone", "12"),
    ],
)
def test_bad_input_is_400_naming_the_field(cast: Cast, field: str, value: Any) -> None:
    body = problem(post(Client(), NEEDS, typed(**{field: value})), 400, "invalid")
    wanted = "consent" if field == "notice_version" and value == 99 else field
    assert wanted in body["fields"]
    assert not Need.objects.exists()


@pytest.mark.parametrize("field", ["client_key", "words", "community", "place", "name", "phone", "consent"])
def test_a_missing_field_is_named(cast: Cast, field: str) -> None:
    sent = typed()
    del sent[field]
    assert field in problem(post(Client(), NEEDS, sent), 400, "invalid")["fields"]


def test_full_width_digits_and_spaces_are_fine(cast: Cast) -> None:
    assert post(Client(), NEEDS, typed(phone="１３８ ００００ ０６１７")).status_code == 201
    assert Need.objects.get().contact_phone == "13800000617"


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', "null", "123", '{"words": {"a": 1}}', "\x00"])
@pytest.mark.parametrize("path", [NEEDS, TRACK, "/api/v1/auth/sign-in/"])
def test_a_body_that_is_no_object_is_400(cast: Cast, path: str, body: str) -> None:
    response = Client().post(path, body, content_type="application/json")
    assert response.status_code == 400
    said = [
        response.json()["message"],
        *(text for found in response.json().get("fields", {}).values() for text in found),
    ]
    assert all(re.match("[\u4e00-\u9fff]", text) for text in said), said


def test_another_media_type_is_415_and_another_method_405(cast: Cast) -> None:
    problem(Client().post(NEEDS, {"words": "x"}), 415, "unsupported_media_type")
    problem(api_of(cast.chengxiang.worker).delete(NEEDS), 405, "method_not_allowed")


EVIL = {
    "id": 999,
    "pk": 999,
    "number": "XQ-CX-20200101-0001",
    "state": State.WITHDRAWN,
    "version": 77,
    "origin": "unit",
    "channel": "staff",
    "listed": True,
    "listed_at": "2020-01-01T00:00:00Z",
    "listed_words": "改了",
    "asker": 1,
    "asker_id": 1,
    "title": "改了",
    "street_code": "330114001",
    "area": "330114001003",
    "area_id": "330114001003",
    "holder": 1,
    "holder_id": 1,
    "urgent": True,
    "nature": "praise",
    "category": 1,
    "category_id": 1,
    "created_at": "2020-01-01T00:00:00Z",
    "accepted_at": "2020-01-01T00:00:00Z",
    "held_since": "2020-01-01T00:00:00Z",
    "first_reply_at": "2020-01-01T00:00:00Z",
    "done_by": "2020-01-01",
    "ended_at": "2020-01-01T00:00:00Z",
    "urged_at": "2020-01-01T00:00:00Z",
    "waiting_since": "2020-01-01T00:00:00Z",
    "finished_at": "2020-01-01T00:00:00Z",
    "unit": 1,
    "unit_id": 1,
    "unit_why": "PWNED",
    "unit_said": "PWNED",
    "unit_comes_on": "2020-01-01",
    "office": "leader",
    "why_here": "改了",
    "rounds": 9,
    "declined": "secret",
    "erase_on_end": True,
    "resident": 1,
    "reply_by": "2020-01-01",
    "tracking_code": "AAAAAAAAAA",
    "code_index": "x",
    "link_token": "x",
    "link_index": "x",
    "phone_index": "x",
    "search": "x",
    "search_text": "x",
    "contact_name": "x",
    "contact_phone": "x",
    "area_code": "330114001003",
    "hold_key": "x",
    "consented": True,
}
"""Every column, as somebody would like it to be."""


def test_mass_assignment_every_field_of_the_model_is_refused_by_name(cast: Cast) -> None:
    own = {"client_key", "words", "place", "spot", "helped_name", "helped_phone"}
    columns = {field.name for field in Need._meta.concrete_fields}
    assert columns - own <= set(EVIL), "a new column: send it too"
    for name, value in EVIL.items():
        body = problem(post(Client(), NEEDS, typed(**{name: value})), 400, "invalid")
        assert set(body["fields"]) == {name}
    assert not Need.objects.exists()


def test_mass_assignment_no_column_is_taken_even_where_a_body_is_not_checked(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second fence: only what a service names is handed to it."""
    monkeypatch.setattr("alliance.lib.api._unknown", lambda _shape, _data: {})
    given = post(Client(), NEEDS, {**EVIL, **typed()})
    assert given.status_code == 201
    need = Need.objects.get()
    assert need.number == given.json()["number"] != EVIL["number"]
    assert need.pk != 999 and (need.area_id, need.street_code) == ("330109001048", "330109001")
    assert (need.state, need.version, need.origin, need.channel) == (State.PENDING, 1, "resident", "api")
    assert (need.holder, need.urgent, need.listed, need.nature, need.category) == (None, False, False, "", None)
    assert (need.unit, need.office, need.why_here, need.rounds, need.declined) == (None, "community", "", 1, "")
    assert need.waiting_since is None and need.finished_at is None
    assert (need.unit_said, need.unit_comes_on) == ("", None)
    assert need.created_at.year > 2020 and need.reply_by is None and need.ended_at is None
    assert need.contact_name == "赵阿婆" and need.tracking_code != "AAAAAAAAAA" and not need.erase_on_end


def test_mass_assignment_an_acceptance_takes_nothing_but_the_decision(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    need = say_need(cast.chengxiang.home)
    staff = api_of(cast.chengxiang.worker)
    evil_step = {
        name: value for name, value in EVIL.items() if name not in ("reply_by", "nature", "category", "urgent")
    }
    sent = {**evil_step, "version": 1, "by": cast.xiasha.worker.pk}
    assert problem(post(staff, f"{NEEDS}{need.pk}/accept/", sent), 400, "invalid")["fields"]
    assert Need.objects.get(pk=need.pk).version == 1
    monkeypatch.setattr("alliance.lib.api._unknown", lambda _shape, _data: {})
    accepted = post(staff, f"{NEEDS}{need.pk}/accept/", sent)
    assert accepted.status_code == 200
    now = Need.objects.get(pk=need.pk)
    assert (now.holder, now.version, now.state) == (cast.chengxiang.worker, 2, State.IN_PROGRESS)
    assert (now.words, now.area_id, now.listed, now.number) == (need.words, need.area_id, False, need.number)


def test_a_field_nobody_knows_is_named_with_the_one_that_was_meant(cast: Cast) -> None:
    body = problem(post(Client(), NEEDS, typed(communtiy="x", 备注="快点")), 400, "invalid")
    assert "是不是“community”" in body["fields"]["communtiy"][0]
    assert body["fields"]["备注"] == ["没有“备注”这一项，请去掉或核对名称。"]
    body = problem(post(Client(), "/api/v1/auth/sign-in/", {"username": "x", "words": "y"}), 400, "invalid")
    assert "是不是" not in body["fields"]["words"][0], "too unlike to be meant"


def test_what_is_missing_and_what_is_too_much_are_said_at_once(cast: Cast) -> None:
    sent = typed(extra=1)
    del sent["words"]
    assert {"extra", "words"} <= set(problem(post(Client(), NEEDS, sent), 400, "invalid")["fields"])


def test_a_body_of_nothing_but_unknown_fields_gets_a_short_answer(cast: Cast) -> None:
    body = problem(post(Client(), NEEDS, typed(**{f"{n:04}" + "长" * 100: 1 for n in range(100)})), 400, "invalid")
    assert len(body["fields"]) == 10
    assert all(len(name) <= 40 for name in body["fields"])


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"version": "x"},
        {"version": 0},
        {"version": 1, "reply_by": "tomorrow"},
        {"version": 1, "reply_by": "2020-01-01"},
        {"version": 1, "nature": "gossip"},
        {"version": 1, "category": 10**8},
        {"version": 1, "category": -1},
        {"version": 1, "note": "字" * 2001},
    ],
)
def test_a_wrong_acceptance_is_400_and_changes_nothing(cast: Cast, sent: dict[str, Any]) -> None:
    need = say_need(cast.chengxiang.home)
    body = problem(post(api_of(cast.chengxiang.worker), f"{NEEDS}{need.pk}/accept/", sent), 400, "invalid")
    assert body["fields"]
    assert Need.objects.get(pk=need.pk).version == 1


def test_too_many_is_429_with_the_time_to_wait(cast: Cast) -> None:
    for _time in range(PER_PHONE[0]):
        assert post(Client(), NEEDS, typed()).status_code == 201
    response = post(Client(), NEEDS, typed())
    problem(response, 429, "too_many")
    assert int(response["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("path", "name"), [("units", "q"), ("units", "area"), ("party-organisations", "area"), ("needs", "q")]
)
def test_a_sign_nobody_can_see_is_left_out_of_a_question(cast: Cast, path: str, name: str) -> None:
    answer = api_of(cast.chengxiang.clerk).get(f"/api/v1/{path}/", {name: "\x00"})
    assert answer.status_code == 200, answer.content.decode()
