"""Needs over the API: what is taken in, what is given out, and every refusal in one shape."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from needs.models import Need
from needs.services.handling import accept_need, add_note
from needs.services.intake import PER_PHONE
from needs.states import State
from people.models import User
from tests.cast import BACKEND, WORDS, Cast, api_of, fresh, say_need

pytestmark = pytest.mark.django_db

NEEDS, TRACK = "/api/v1/needs/", "/api/v1/needs/track/"
ROW = {
    "id",
    "number",
    "title",
    "area",
    "area_name",
    "place",
    "state",
    "urgent",
    "category",
    "holder",
    "created_at",
    "reply_by",
    "first_reply_at",
}


def _typed(**changes: Any) -> dict[str, Any]:
    return {
        "client_key": str(uuid4()),
        "words": WORDS,
        "community": "330109001048",
        "place": "湘湖路小区",
        "name": "赵阿婆",
        "phone": "13800000617",
        "consent": True,
        "notice_version": 1,
        **changes,
    }


def _post(client: Any, path: str, sent: Any) -> Any:
    if isinstance(client, APIClient):
        return client.post(path, sent, format="json")
    return client.post(path, sent, content_type="application/json")


def _problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/json"
    body: dict[str, Any] = response.json()
    assert set(body) <= {"code", "message", "fields"}
    assert body["code"] == code
    assert body["message"]
    return body


def test_the_story_submit_list_read_accept_reply_track(cast: Cast) -> None:
    visitor, staff = Client(), api_of(cast.chengxiang.worker)
    given = _post(visitor, NEEDS, _typed())
    assert given.status_code == 201
    made = given.json()
    assert set(made) == {"number", "tracking_code", "progress_url"}
    assert visitor.get(urlsplit(made["progress_url"]).path).status_code == 200
    (row,) = staff.get(NEEDS).json()["results"]
    assert set(row) == ROW and row["number"] == made["number"] and row["area_name"] == "万寿桥社区"
    detail = staff.get(f"{NEEDS}{row['id']}/").json()
    assert detail["words"] == WORDS and detail["version"] == 1
    assert (detail["contact_phone"], detail["contact_name"]) == ("138****0617", "赵阿婆")
    accepted = _post(staff, f"{NEEDS}{row['id']}/accept/", {"version": 1, "nature": "help"}).json()
    assert (accepted["state"], accepted["version"], accepted["holder"]) == (
        State.IN_PROGRESS,
        2,
        cast.chengxiang.worker.name,
    )
    assert accepted["reply_by"] == str(timezone.localdate() + timedelta(days=7))
    replied = _post(staff, f"{NEEDS}{row['id']}/reply/", {"version": 2, "words": "换好了"})
    assert replied.status_code == 200
    followed = _post(visitor, TRACK, {"number": made["number"], "code": made["tracking_code"]}).json()
    assert followed["state"] == State.IN_PROGRESS and followed["reply_by"] == accepted["reply_by"]
    assert followed["timeline"][0]["note"] == "换好了"


def test_the_residents_view_never_carries_a_note(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    add_note(pk=need.pk, by=cast.chengxiang.worker, words="内部的话")
    answer = _post(Client(), TRACK, {"number": need.number, "code": need.tracking_code})
    assert "内部的话" not in answer.content.decode()
    assert "内部的话" in api_of(cast.chengxiang.worker).get(f"{NEEDS}{need.pk}/").content.decode()


def test_nothing_personal_is_in_lists_and_only_masked_in_details(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home, name="王小明", phone="13912345678", helped_name="李大江")
    staff = api_of(cast.chengxiang.worker)
    for text in (staff.get(NEEDS).content.decode(), staff.get(f"{NEEDS}{need.pk}/").content.decode()):
        for secret in ("13912345678", "王小明", "李大江", need.tracking_code, need.link_token, need.phone_index):
            assert secret not in text


def test_submitting_asks_for_no_identity_and_no_csrf_even_from_a_signed_in_browser(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(fresh(cast.chengxiang.worker), BACKEND)
    assert _post(browser, NEEDS, _typed()).status_code == 201
    assert _post(Client(enforce_csrf_checks=True), NEEDS, _typed()).status_code == 201


def test_a_session_needs_csrf_to_write_and_a_token_does_not(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(fresh(cast.chengxiang.worker), BACKEND)
    path = f"{NEEDS}{need.pk}/accept/"
    _problem(_post(browser, path, {"version": 1}), 403, "not_allowed")
    assert Need.objects.get(pk=need.pk).state == State.PENDING
    assert browser.get(NEEDS).status_code == 200
    assert _post(api_of(cast.chengxiang.worker), path, {"version": 1}).status_code == 200


def test_a_second_call_with_the_same_key_is_the_same_need(cast: Cast) -> None:
    sent = _typed()
    first, second = _post(Client(), NEEDS, sent), _post(Client(), NEEDS, sent)
    assert first.json() == second.json()
    assert Need.objects.count() == 1
    _problem(_post(Client(), NEEDS, {**sent, "words": "别的"}), 409, "conflict")


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
    body = _problem(_post(Client(), NEEDS, _typed(**{field: value})), 400, "invalid")
    wanted = "consent" if field == "notice_version" and value == 99 else field
    assert wanted in body["fields"]
    assert not Need.objects.exists()


@pytest.mark.parametrize("field", ["client_key", "words", "community", "place", "name", "phone", "consent"])
def test_a_missing_field_is_named(cast: Cast, field: str) -> None:
    sent = _typed()
    del sent[field]
    assert field in _problem(_post(Client(), NEEDS, sent), 400, "invalid")["fields"]


def test_full_width_digits_and_spaces_are_fine(cast: Cast) -> None:
    assert _post(Client(), NEEDS, _typed(phone="１３８ ００００ ０６１７")).status_code == 201
    assert Need.objects.get().contact_phone == "13800000617"


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', "null", "123", '{"words": {"a": 1}}', "\x00"])
@pytest.mark.parametrize("path", [NEEDS, TRACK, "/api/v1/auth/sign-in/"])
def test_a_body_that_is_no_object_is_400(cast: Cast, path: str, body: str) -> None:
    response = Client().post(path, body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["message"]


def test_another_media_type_is_415_and_another_method_405(cast: Cast) -> None:
    _problem(Client().post(NEEDS, {"words": "x"}), 415, "unsupported_media_type")
    _problem(api_of(cast.chengxiang.worker).delete(NEEDS), 405, "method_not_allowed")


def test_mass_assignment_every_field_of_the_model_is_sent_and_none_but_the_typed_is_taken(cast: Cast) -> None:
    evil = {
        "id": 999,
        "pk": 999,
        "number": "XQ-CX-20200101-0001",
        "state": State.WITHDRAWN,
        "version": 77,
        "origin": "unit",
        "channel": "staff",
        "listed": True,
        "title": "改了",
        "street_code": "330114001",
        "area": "330114001003",
        "area_id": "330114001003",
        "holder": cast.xiasha.worker.pk,
        "holder_id": cast.xiasha.worker.pk,
        "urgent": True,
        "nature": "praise",
        "category": 1,
        "category_id": 1,
        "created_at": "2020-01-01T00:00:00Z",
        "accepted_at": "2020-01-01T00:00:00Z",
        "held_since": "2020-01-01T00:00:00Z",
        "first_reply_at": "2020-01-01T00:00:00Z",
        "ended_at": "2020-01-01T00:00:00Z",
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
    own = {"client_key", "words", "place", "spot", "helped_name", "helped_phone"}
    columns = {field.name for field in Need._meta.concrete_fields}
    assert columns - own <= set(evil), "a new column: send it too"
    given = _post(Client(), NEEDS, {**evil, **_typed()})
    assert given.status_code == 201
    need = Need.objects.get()
    assert need.number == given.json()["number"] != evil["number"]
    assert (need.pk, need.area_id, need.street_code) != (999, "330114001003", "330114001")
    assert (need.state, need.version, need.origin, need.channel) == (State.PENDING, 1, "resident", "api")
    assert (need.holder, need.urgent, need.listed, need.nature, need.category) == (None, False, False, "", None)
    assert need.created_at.year > 2020 and need.reply_by is None and need.ended_at is None
    assert need.contact_name == "赵阿婆" and need.tracking_code != "AAAAAAAAAA"
    staff = api_of(cast.chengxiang.worker)
    evil_step = {
        name: value for name, value in evil.items() if name not in ("reply_by", "nature", "category", "urgent")
    }
    accepted = _post(staff, f"{NEEDS}{need.pk}/accept/", {**evil_step, "version": 1, "by": cast.xiasha.worker.pk})
    assert accepted.status_code == 200
    now = Need.objects.get(pk=need.pk)
    assert (now.holder, now.version, now.state) == (cast.chengxiang.worker, 2, State.IN_PROGRESS)
    assert (now.words, now.area_id, now.listed, now.number) == (need.words, need.area_id, False, need.number)


@pytest.mark.parametrize("path", [NEEDS, f"{NEEDS}1/"])
def test_without_a_token_it_is_401_with_a_challenge(cast: Cast, path: str) -> None:
    response = Client().get(path)
    _problem(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"].startswith("Token")
    response = Client().get(path, headers={"authorization": "Token " + "0" * 64})
    assert response.status_code == 401


@pytest.mark.parametrize("name", ["liaison", "system_admin", "security_admin", "audit_admin"])
def test_who_does_not_handle_needs_is_403(cast: Cast, name: str) -> None:
    need = say_need(cast.chengxiang.home)
    client = api_of(getattr(cast.chengxiang, name))
    for response in (client.get(NEEDS), client.get(f"{NEEDS}{need.pk}/")):
        _problem(response, 403, "not_allowed")


@pytest.mark.parametrize("name", ["leader", "grid_part"])
def test_onlookers_read_and_do_not_act(cast: Cast, name: str) -> None:
    need = say_need(cast.chengxiang.home)
    client = api_of(getattr(cast.chengxiang, name))
    assert client.get(f"{NEEDS}{need.pk}/").status_code == 200
    _problem(_post(client, f"{NEEDS}{need.pk}/accept/", {"version": 1}), 403, "not_allowed")


def test_every_id_of_the_other_street_is_404_and_reads_like_an_unknown_one(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    before = Need.objects.filter(pk=need.pk).values().get()
    answers = set()
    for name in ("worker", "secretary", "clerk", "leader", "party_office", "grid_full"):
        client = api_of(getattr(cast.xiasha, name))
        for pk in (need.pk, 10**9, 10**30):
            for response in (
                client.get(f"{NEEDS}{pk}/"),
                _post(client, f"{NEEDS}{pk}/accept/", {"version": 1}),
                _post(client, f"{NEEDS}{pk}/reply/", {"version": 1, "words": "x"}),
            ):
                _problem(response, 404, "not_found")
                answers.add(response.content)
        assert need.number not in client.get(NEEDS, {"q": need.number, "area": need.area_id}).content.decode()
    assert len(answers) == 1
    assert Need.objects.filter(pk=need.pk).values().get() == before


def test_a_stale_version_and_a_second_acceptance_are_409(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    client = api_of(cast.chengxiang.worker)
    path = f"{NEEDS}{need.pk}/accept/"
    _problem(_post(client, path, {"version": 9}), 409, "conflict")
    assert _post(client, path, {"version": 1}).status_code == 200
    _problem(_post(client, path, {"version": 1}), 409, "conflict")
    _problem(_post(client, path, {"version": 2}), 409, "rule_broken")


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
    body = _problem(_post(api_of(cast.chengxiang.worker), f"{NEEDS}{need.pk}/accept/", sent), 400, "invalid")
    assert body["fields"]
    assert Need.objects.get(pk=need.pk).version == 1


def test_too_many_is_429_with_the_time_to_wait(cast: Cast) -> None:
    for _time in range(PER_PHONE[0]):
        assert _post(Client(), NEEDS, _typed()).status_code == 201
    response = _post(Client(), NEEDS, _typed())
    _problem(response, 429, "too_many")
    assert int(response["Retry-After"]) > 0


def test_a_wrong_code_and_an_unknown_number_read_alike(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    answers = {
        _post(Client(), TRACK, {"number": number, "code": code}).content
        for number, code in ((need.number, "ABCDEFGHJK"), ("XQ-CX-20990101-0001", need.tracking_code))
    }
    assert len(answers) == 1
    _problem(_post(Client(), TRACK, {"number": need.number, "code": "ABCDEFGHJK"}), 404, "not_found")


def test_pages_follow_one_another_by_cursor_without_gap(cast: Cast) -> None:
    made = [say_need(cast.chengxiang.home).pk for _time in range(7)]
    Need.objects.update(created_at=timezone.now())
    client, seen, cursor = api_of(cast.chengxiang.clerk), [], ""
    for _turn in range(9):
        page = client.get(NEEDS, {"size": 2, "cursor": cursor}).json()
        seen += [row["id"] for row in page["results"]]
        cursor = page["next"]
        if not cursor:
            break
    assert seen == sorted(made, reverse=True)


@pytest.mark.parametrize(("size", "rows"), [("1", 1), ("100", 4), ("0", 1), ("-5", 1), ("9999", 4), ("x", 4), ("", 4)])
def test_the_size_of_a_page_is_kept_in_bounds(cast: Cast, size: str, rows: int) -> None:
    for _time in range(4):
        say_need(cast.chengxiang.home)
    assert len(api_of(cast.chengxiang.clerk).get(NEEDS, {"size": size}).json()["results"]) == rows


@pytest.mark.parametrize("cursor", ["x", "翻页", "AAAA", "A" * 9000])
def test_a_made_up_cursor_is_400(cast: Cast, cursor: str) -> None:
    _problem(api_of(cast.chengxiang.clerk).get(NEEDS, {"cursor": cursor}), 400, "invalid")


def test_the_list_is_filtered(cast: Cast) -> None:
    here = cast.chengxiang
    lamp = say_need(here.home, words="楼道灯坏了")
    cover = say_need(here.next_door, words="井盖松了")
    late = say_need(here.home, words="车位不够")
    accept_need(pk=late.pk, by=here.worker)
    Need.objects.filter(pk=late.pk).update(reply_by=timezone.localdate() - timedelta(days=1))
    client = api_of(here.clerk)

    def found(**asked: str) -> set[int]:
        return {row["id"] for row in client.get(NEEDS, asked).json()["results"]}

    assert found() == {lamp.pk, cover.pk, late.pk}
    assert found(state="in_progress") == {late.pk}
    assert found(area=here.next_door.pk) == {cover.pk}
    assert found(q="井盖") == {cover.pk}
    assert found(q=lamp.number) == {lamp.pk}
    assert found(overdue="true") == {late.pk}
    assert found(q="井盖", state="in_progress") == set()
    _problem(client.get(NEEDS, {"state": "lost"}), 400, "invalid")


@pytest.mark.parametrize("q", ["'", "\\", "a&b|!c", ":*", "字" * 500, "%", "👵", "'; DROP TABLE needs_need; --"])
def test_any_search_term_is_an_answer(cast: Cast, q: str) -> None:
    say_need(cast.chengxiang.home)
    assert api_of(cast.chengxiang.clerk).get(NEEDS, {"q": q}).status_code == 200


def test_a_page_costs_three_statements_however_long_it_is(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _time in range(12):
        say_need(cast.chengxiang.home)
    client = api_of(cast.chengxiang.clerk)
    client.get(NEEDS)
    with django_assert_max_num_queries(4):
        assert len(client.get(NEEDS).json()["results"]) == 12


def test_everybody_sees_ones_own_area_in_the_list(cast: Cast) -> None:
    here, there = cast.chengxiang, cast.xiasha
    rows = {place: say_need(place).pk for place in (here.home, here.next_door, here.street, there.home)}
    expected: dict[User, set[int]] = {
        here.worker: {rows[here.home]},
        here.neighbour: {rows[here.next_door]},
        here.leader: {rows[here.home], rows[here.next_door], rows[here.street]},
        there.clerk: {rows[there.home]},
    }
    for person, seen in expected.items():
        assert {row["id"] for row in api_of(person).get(NEEDS).json()["results"]} == seen
