"""Five wrong passwords lock the pair of user name and address; nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from people.models import User
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "203.0.113.9", "198.51.100.4"
NOON = "2026-11-23 12:00:00+08:00"


def _try(name: str, password: str, ip: str = HERE, door: str = "page") -> int:
    client = Client(REMOTE_ADDR=ip)
    sent = {"username": name, "password": password}
    if door == "page":
        return client.post("/admin/login/", sent).status_code
    return client.post("/api/v1/auth/sign-in/", sent, content_type="application/json").status_code


@pytest.mark.parametrize("door", ["page", "api"])
def test_the_sixth_try_is_refused_even_with_the_right_password(cast: Cast, door: str) -> None:
    name = cast.chengxiang.worker.username
    for _time in range(4):
        assert _try(name, "wrong", door=door) in (200, 401)
    assert _try(name, "wrong", door=door) == 429
    assert _try(name, PASSWORD, door=door) == 429


def test_another_address_and_another_person_are_unaffected(cast: Cast) -> None:
    name = cast.chengxiang.worker.username
    for _time in range(6):
        _try(name, "wrong")
    assert _try(name, PASSWORD) == 429
    assert _try(name, PASSWORD, ip=ELSEWHERE) == 302
    assert _try(cast.chengxiang.clerk.username, PASSWORD) == 302


def test_tries_at_both_doors_count_together(cast: Cast) -> None:
    name = cast.chengxiang.worker.username
    for door in ("page", "api", "page", "api", "page"):
        _try(name, "wrong", door=door)
    assert _try(name, PASSWORD, door="api") == 429
    assert _try(name, PASSWORD, door="page") == 429


@pytest.mark.parametrize("door", ["page", "api"])
def test_writing_the_name_differently_wins_no_further_tries(cast: Cast, door: str) -> None:
    for name in ("cx-worker", "CX-worker", "Cx-WORKER", "ｃx-worker", "cx-ＷORKER", "cx-worKer"):
        _try(name, "wrong", door=door)
    assert _try("cx-worker", PASSWORD, door=door) == 429


def test_half_an_hour_later_the_door_opens(cast: Cast) -> None:
    name = cast.chengxiang.worker.username
    with time_machine.travel(NOON, tick=False) as clock:
        for _time in range(5):
            _try(name, "wrong")
        clock.shift(timedelta(minutes=29))
        assert _try(name, PASSWORD) == 429
        clock.shift(timedelta(minutes=32))
        assert _try(name, PASSWORD) == 302


def test_a_right_password_forgets_the_wrong_ones_before(cast: Cast) -> None:
    name = cast.chengxiang.worker.username
    for _round in range(3):
        for _time in range(4):
            _try(name, "wrong")
        assert _try(name, PASSWORD) == 302


def test_the_page_says_how_long_to_wait(cast: Cast) -> None:
    client = Client(REMOTE_ADDR=HERE)
    for _time in range(5):
        response = client.post("/admin/login/", {"username": "cx-worker", "password": "wrong"})
    assert response.status_code == 429
    assert response["Retry-After"] == "1800"
    assert "30" in response.content.decode()


def test_the_api_says_it_as_json(cast: Cast) -> None:
    client = Client(REMOTE_ADDR=HERE)
    for _time in range(5):
        response = client.post(
            "/api/v1/auth/sign-in/", {"username": "cx-worker", "password": "wrong"}, content_type="application/json"
        )
    assert response.status_code == 429
    assert response["Content-Type"].startswith("application/json")
    assert response.json()["code"] == "too_many"
    assert response["Retry-After"] == "1800"


def test_an_unknown_name_is_answered_and_locked_like_a_known_one(cast: Cast) -> None:
    known, unknown = Client(REMOTE_ADDR=HERE), Client(REMOTE_ADDR=HERE)
    for _time in range(5):
        first = known.post("/admin/login/", {"username": "cx-worker", "password": "wrong"})
        second = unknown.post("/admin/login/", {"username": "no-such-one", "password": "wrong"})
        assert first.status_code == second.status_code
    assert first.status_code == 429


def test_an_account_without_any_role_does_not_enter_the_workbench(cast: Cast) -> None:
    User.objects.filter(pk=cast.nobody.pk).update(password=cast.chengxiang.worker.password)
    client = Client()
    response = client.post("/admin/login/", {"username": cast.nobody.username, "password": PASSWORD})
    assert response.status_code == 200
    assert client.get("/admin/").status_code == 302


def test_a_liaison_with_a_password_is_led_to_the_desk_and_no_further(cast: Cast) -> None:
    client = Client()
    typed = {"username": cast.chengxiang.liaison.username, "password": PASSWORD, "next": "/admin/"}
    assert client.post("/admin/login/", typed)["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert client.get("/admin/login/").status_code == 200
