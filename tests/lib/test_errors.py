"""One mapping from a service's error to HTTP: as a page, for htmx, for the API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from alliance import urls as site
from alliance.lib import errors
from alliance.lib.http import as_domain_error, client_ip

CASES = {
    "invalid": (errors.Invalid({"place": ["请写下在哪里"]}), 400),
    "not_allowed": (errors.NotAllowed(), 403),
    "not_found": (errors.NotFound(), 404),
    "rule_broken": (errors.RuleBroken("这件事已经结束"), 409),
    "conflict": (errors.Conflict(), 409),
    "too_large": (errors.TooLarge(), 413),
    "too_many": (errors.TooMany(90), 429),
    "busy": (errors.Busy(), 503),
}


class LockTimeout(psycopg2.OperationalError):
    """What the driver raises when ``lock_timeout`` has passed; its code cannot be set from Python."""

    pgcode = "55P03"


def _lock_timeout() -> OperationalError:
    error = OperationalError("canceling statement due to lock timeout")
    error.__cause__ = LockTimeout()
    return error


def _raise(name: str) -> None:
    if name == "lock_timeout":
        raise _lock_timeout()
    if name == "too_big":
        raise RequestDataTooBig
    if name == "fault":
        raise OperationalError("server closed the connection unexpectedly")
    raise CASES[name][0]


@login_not_required
def as_page(request: HttpRequest, name: str) -> HttpResponse:
    _raise(name)
    return HttpResponse()


class AsApi(APIView):
    authentication_classes: Any = []
    permission_classes: Any = [AllowAny]

    def get(self, request: Request, name: str) -> Response:
        _raise(name)
        return Response()


urlpatterns = [path("page/<str:name>/", as_page), path("api/<str:name>/", AsApi.as_view()), *site.urlpatterns]
handler400, handler403, handler404, handler500 = site.handler400, site.handler403, site.handler404, site.handler500


@pytest.fixture
def visitor(db: None, settings: Any) -> Iterator[Client]:
    settings.ROOT_URLCONF = __name__
    yield Client(raise_request_exception=False)


@pytest.mark.parametrize("name", CASES)
def test_a_page_has_the_status_and_says_what_to_do(visitor: Client, name: str) -> None:
    error, status = CASES[name]
    response = visitor.get(f"/page/{name}/")
    assert response.status_code == status
    assert response["Content-Type"].startswith("text/html")
    page = response.content.decode()
    assert "<h1>" in page
    if name in ("rule_broken", "conflict", "not_found"):
        assert str(error.message) in page or name == "not_found"


@pytest.mark.parametrize("name", CASES)
def test_htmx_gets_one_sentence_with_the_same_status(visitor: Client, name: str) -> None:
    error, status = CASES[name]
    response = visitor.get(f"/page/{name}/", headers={"hx-request": "true"})
    assert response.status_code == status
    body = response.content.decode()
    assert str(error.message) in body
    assert "<html" not in body


def _said(error: errors.DomainError) -> str:
    """Over the API no form keeps what was typed, and none is spoken of."""
    return "已被他人更新，请刷新后再办。" if isinstance(error, errors.Conflict) else str(error.message)


@pytest.mark.parametrize("name", CASES)
def test_the_api_gets_code_message_and_fields(visitor: Client, name: str) -> None:
    error, status = CASES[name]
    response = visitor.get(f"/api/{name}/")
    assert response.status_code == status
    body = json.loads(response.content)
    assert body["code"] == name
    assert body["message"] == _said(error)
    assert body.get("fields") == ({"place": ["请写下在哪里"]} if name == "invalid" else None)


@pytest.mark.parametrize("door", ["page", "api"])
def test_too_many_says_when_to_come_back(visitor: Client, door: str) -> None:
    assert visitor.get(f"/{door}/too_many/")["Retry-After"] == "90"


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_lock_that_was_not_to_be_had_is_503_and_asks_to_try_again(visitor: Client, door: str) -> None:
    response = visitor.get(f"/{door}/lock_timeout/")
    assert response.status_code == 503
    assert "请稍后再试" in response.content.decode()


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_body_too_big_is_413(visitor: Client, door: str) -> None:
    assert visitor.get(f"/{door}/too_big/").status_code == 413


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_fault_of_the_program_is_500_and_tells_nothing(visitor: Client, door: str) -> None:
    response = visitor.get(f"/{door}/fault/")
    assert response.status_code == 500
    assert "closed the connection" not in response.content.decode()


def test_a_fault_is_no_answer_to_a_person() -> None:
    assert as_domain_error(OperationalError("down")) is None
    assert as_domain_error(ValueError("x")) is None
    assert isinstance(as_domain_error(_lock_timeout()), errors.Busy)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "not an address", "10.0.0.1"),
        (1, "2001:db8:0:7::1", "2001:db8:0:7::"),  # a household has a whole /64
        (1, "2001:db8:0:7:ffff::2", "2001:db8:0:7::"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_the_visitors_address_is_the_one_our_own_proxy_saw(
    settings: Any, proxies: int, forwarded: str, seen: str
) -> None:
    settings.NUM_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": forwarded})
    assert client_ip(request) == seen


def test_a_part_of_a_page_does_not_swallow_the_sign_in_page(db: None) -> None:
    response = Client().get("/admin/workbench/queue/", headers={"hx-request": "true"})
    assert response.status_code == 204
    assert response["HX-Redirect"].startswith("/admin/login/")


def test_the_default_sentence_is_used_when_none_is_given() -> None:
    assert str(errors.Conflict().message) == str(errors.Conflict.default)
    assert str(errors.Conflict("别人刚改过").message) == "别人刚改过"
    assert SimpleNamespace(**errors.Invalid({"a": ["x"]}).fields).a == ["x"]
