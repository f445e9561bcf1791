"""Needs over the API: what is taken in, what is given out, and every refusal in one shape."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from needs.models import Need
from needs.services.handling import accept_need, add_note
from needs.states import State
from tests.api.calls import NEEDS, TRACK, post, problem, typed
from tests.cast import BACKEND, WORDS, Cast, api_of, fresh, say_need

pytestmark = pytest.mark.django_db

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
    "done_by",
    "first_reply_at",
    "hand",
}


def test_the_story_submit_list_read_accept_reply_track(cast: Cast) -> None:
    visitor, staff = Client(), api_of(cast.chengxiang.worker)
    given = post(visitor, NEEDS, typed())
    assert given.status_code == 201
    made = given.json()
    assert set(made) == {"number", "tracking_code", "progress_url"}
    assert visitor.get(urlsplit(made["progress_url"]).path).status_code == 200
    (row,) = staff.get(NEEDS).json()["results"]
    assert set(row) == ROW and row["number"] == made["number"] and row["area_name"] == "万寿桥社区"
    detail = staff.get(f"{NEEDS}{row['id']}/").json()
    assert detail["words"] == WORDS and detail["version"] == 1
    assert (detail["contact_phone"], detail["contact_name"]) == ("138****0617", "赵阿婆")
    accepted = post(staff, f"{NEEDS}{row['id']}/accept/", {"version": 1, "nature": "help"}).json()
    assert (accepted["state"], accepted["version"], accepted["holder"]) == (
        State.IN_PROGRESS,
        2,
        cast.chengxiang.worker.name,
    )
    assert accepted["reply_by"] == str(timezone.localdate() + timedelta(days=7))
    replied = post(staff, f"{NEEDS}{row['id']}/reply/", {"version": 2, "words": "换好了"})
    assert replied.status_code == 200
    followed = post(visitor, TRACK, {"number": made["number"], "code": made["tracking_code"]}).json()
    assert followed["state"] == State.IN_PROGRESS and followed["reply_by"] == accepted["reply_by"]
    assert followed["timeline"][0]["note"] == "换好了"


def test_the_residents_view_never_carries_a_note(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    accept_need(pk=need.pk, by=cast.chengxiang.worker)
    add_note(pk=need.pk, by=cast.chengxiang.worker, words="内部的话")
    answer = post(Client(), TRACK, {"number": need.number, "code": need.tracking_code})
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
    assert post(browser, NEEDS, typed()).status_code == 201
    assert post(Client(enforce_csrf_checks=True), NEEDS, typed()).status_code == 201


def test_a_session_needs_csrf_to_write_and_a_token_does_not(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(fresh(cast.chengxiang.worker), BACKEND)
    path = f"{NEEDS}{need.pk}/accept/"
    problem(post(browser, path, {"version": 1}), 403, "not_allowed")
    assert Need.objects.get(pk=need.pk).state == State.PENDING
    assert browser.get(NEEDS).status_code == 200
    assert post(api_of(cast.chengxiang.worker), path, {"version": 1}).status_code == 200


def test_a_second_call_with_the_same_key_is_the_same_need(cast: Cast) -> None:
    sent = typed()
    first, second = post(Client(), NEEDS, sent), post(Client(), NEEDS, sent)
    assert first.json() == second.json()
    assert Need.objects.count() == 1
    problem(post(Client(), NEEDS, {**sent, "words": "别的"}), 409, "conflict")


@pytest.mark.parametrize("path", [NEEDS, f"{NEEDS}1/"])
def test_without_a_token_it_is_401_with_a_challenge(cast: Cast, path: str) -> None:
    response = Client().get(path)
    problem(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"].startswith("Token")
    response = Client().get(path, headers={"authorization": "Token " + "0" * 64})
    assert response.status_code == 401


@pytest.mark.parametrize("name", ["liaison", "system_admin", "security_admin", "audit_admin"])
def test_who_does_not_handle_needs_is_403(cast: Cast, name: str) -> None:
    need = say_need(cast.chengxiang.home)
    client = api_of(getattr(cast.chengxiang, name))
    for response in (client.get(NEEDS), client.get(f"{NEEDS}{need.pk}/")):
        problem(response, 403, "not_allowed")


@pytest.mark.parametrize("name", ["leader", "grid_part"])
def test_onlookers_read_and_do_not_act(cast: Cast, name: str) -> None:
    need = say_need(cast.chengxiang.home)
    client = api_of(getattr(cast.chengxiang, name))
    assert client.get(f"{NEEDS}{need.pk}/").status_code == 200
    problem(post(client, f"{NEEDS}{need.pk}/accept/", {"version": 1}), 403, "not_allowed")


def test_every_id_of_the_other_street_is_404_and_reads_like_an_unknown_one(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    before = Need.objects.filter(pk=need.pk).values().get()
    answers = set()
    for name in ("worker", "secretary", "clerk", "leader", "party_office", "grid_full"):
        client = api_of(getattr(cast.xiasha, name))
        for pk in (need.pk, 10**9, 10**30):
            for response in (
                client.get(f"{NEEDS}{pk}/"),
                post(client, f"{NEEDS}{pk}/accept/", {"version": 1}),
                post(client, f"{NEEDS}{pk}/reply/", {"version": 1, "words": "x"}),
            ):
                problem(response, 404, "not_found")
                answers.add(response.content)
        assert need.number not in client.get(NEEDS, {"q": need.number, "area": need.area_id}).content.decode()
    assert len(answers) == 1
    assert Need.objects.filter(pk=need.pk).values().get() == before


def test_a_stale_version_and_a_second_acceptance_are_409(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    client = api_of(cast.chengxiang.worker)
    path = f"{NEEDS}{need.pk}/accept/"
    problem(post(client, path, {"version": 9}), 409, "conflict")
    assert post(client, path, {"version": 1}).status_code == 200
    problem(post(client, path, {"version": 1}), 409, "conflict")
    problem(post(client, path, {"version": 2}), 409, "rule_broken")


def test_a_wrong_code_and_an_unknown_number_read_alike(cast: Cast) -> None:
    need = say_need(cast.chengxiang.home)
    answers = {
        post(Client(), TRACK, {"number": number, "code": code}).content
        for number, code in ((need.number, "ABCDEFGHJK"), ("XQ-CX-20990101-0001", need.tracking_code))
    }
    assert len(answers) == 1
    problem(post(Client(), TRACK, {"number": need.number, "code": "ABCDEFGHJK"}), 404, "not_found")
