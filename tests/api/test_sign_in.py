"""A token for a password, ended by signing out."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from knox.models import AuthToken

from audit.models import AuditEntry
from audit.states import Action
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db

SIGN_IN, SIGN_OUT, NEEDS = "/api/v1/auth/sign-in/", "/api/v1/auth/sign-out/", "/api/v1/needs/"


def _sign_in(name: str, password: str = PASSWORD) -> Any:
    return Client().post(SIGN_IN, {"username": name, "password": password}, content_type="application/json")


def test_a_token_opens_until_it_is_given_back(cast: Cast) -> None:
    answer = _sign_in("cx-worker")
    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "expires_at", "name"}
    assert answer.json()["expires_at"].endswith("+08:00"), "as every other moment of the API"
    client = Client(headers={"authorization": f"Token {answer.json()['token']}"})
    assert client.get(NEEDS).status_code == 200
    assert client.post(SIGN_OUT).status_code == 204
    assert client.get(NEEDS).status_code == 401


def test_signing_out_ends_this_token_only(cast: Cast) -> None:
    first, second = (_sign_in("cx-worker").json()["token"] for _time in range(2))
    Client(headers={"authorization": f"Token {first}"}).post(SIGN_OUT)
    assert Client(headers={"authorization": f"Token {second}"}).get(NEEDS).status_code == 200


def test_the_token_itself_is_not_stored(cast: Cast) -> None:
    token = _sign_in("cx-worker").json()["token"]
    assert token not in str(list(AuthToken.objects.values()))


def test_a_wrong_password_an_unknown_name_and_an_account_switched_off_are_answered_alike(cast: Cast) -> None:
    off = cast.chengxiang.clerk
    off.is_active = False
    off.save(update_fields=["is_active"])
    answers = [_sign_in("cx-worker", "wrong"), _sign_in("no-such-one"), _sign_in(off.username)]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["code"] == "not_authenticated"


def test_signing_in_is_written_down(cast: Cast) -> None:
    _sign_in("cx-worker")
    _sign_in("cx-worker", "wrong")
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == [Action.SIGN_IN, Action.SIGN_IN_FAILED]
    assert PASSWORD not in str(list(AuditEntry.objects.values()))


def test_signing_in_without_anything_to_see_gives_a_token_that_sees_nothing(cast: Cast) -> None:
    token = _sign_in("cx-liaison").json()["token"]
    assert Client(headers={"authorization": f"Token {token}"}).get(NEEDS).status_code == 403


def test_one_address_has_thirty_tries(cast: Cast) -> None:
    for place in range(30):
        assert _sign_in(f"name-{place}").status_code == 401
    answer = _sign_in("cx-worker")
    assert answer.status_code == 429
    assert answer.json()["code"] == "too_many"
