"""The contract is committed, is what the code says, and is served without asking anybody outside."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from django.test import Client
from django.urls import URLPattern, URLResolver
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from alliance import api
from alliance.schema import _written
from tests.cast import Cast, api_of

CONTRACT = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    found = yaml.safe_load(CONTRACT.read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def _generated() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


def test_it_is_valid_and_what_the_code_says(committed: dict[str, Any]) -> None:
    fresh = _generated()
    validate_schema(fresh)
    assert yaml.safe_load(yaml.safe_dump(_plain(fresh))) == committed, "run make openapi"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, int | float | bool) or value is None else str(value)


def _paths(patterns: Any, prefix: str = "/api/v1/") -> set[str]:
    found = set()
    for entry in patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found |= _paths(entry.url_patterns, path)
        elif isinstance(entry, URLPattern) and entry.name not in ("api_schema", "api_docs"):
            found.add(re.sub(r"<\w+:\w+>", "{}", path))
    return found


def test_every_address_of_the_api_is_in_it(committed: dict[str, Any]) -> None:
    assert {re.sub(r"{\w+}", "{}", path) for path in committed["paths"]} == _paths(api.urlpatterns)


def test_every_operation_has_a_name_and_says_what_refusals_look_like(committed: dict[str, Any]) -> None:
    names = []
    for path, methods in committed["paths"].items():
        for method, operation in methods.items():
            names.append(operation["operationId"])
            if "/needs/" in path:
                refusals = {status for status in operation["responses"] if status.startswith("4")}
                assert {"400", "429"} <= refusals, f"{method} {path}"
    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_its_text_is_made_once_for_a_language_and_a_format_whatever_is_asked() -> None:
    _written.cache_clear()
    visitor = Client()
    for query in ("", "?lang=en", "?lang=en&version=7", "?lang=tlh", "?version=8", "?format=json"):
        assert visitor.get(f"/api/v1/schema/{query}").status_code == 200, query
    assert _written.cache_info().misses == 3, "Chinese, English, and Chinese as JSON"
    english = yaml.safe_load(visitor.get("/api/v1/schema/?lang=en").content)
    assert english != yaml.safe_load(visitor.get("/api/v1/schema/").content)


@pytest.mark.django_db
def test_its_page_and_its_text_are_served_from_here_alone() -> None:
    visitor = Client()
    assert yaml.safe_load(visitor.get("/api/v1/schema/").content)["info"]["title"] == "同心 API"
    page = visitor.get("/api/v1/docs/").content.decode()
    assert "swagger-ui" in page
    assert not re.search(r"(src|href)=[\"'](https?:)?//", page)


@pytest.mark.django_db
def test_what_is_not_known_behind_the_question_mark_is_refused_by_name_everywhere(
    cast: Cast, committed: dict[str, Any]
) -> None:
    client, asked = api_of(cast.chengxiang.clerk), 0
    for path, steps in committed["paths"].items():
        address = re.sub(r"{photo}", str(uuid4()), re.sub(r"{(?!photo)\w+}", "1", path))
        for method, step in steps.items():
            known = [one["name"] for one in step.get("parameters", ()) if one["in"] == "query"]
            answer = client.generic(method.upper(), f"{address}?sate=pending", "{}", content_type="application/json")
            assert answer.status_code == 400, (method, path, answer.content.decode())
            assert set(answer.json()["fields"]) == {"sate"} and "没有“sate”这一项" in answer.json()["fields"]["sate"][0]
            for name in known:
                shown = client.get(address, {name: ""}).content.decode()
                assert f"没有“{name}”这一项" not in shown, (path, name)
            asked += len(known)
    assert asked > 30
    meant = client.get("/api/v1/needs/?sate=pending").json()["fields"]["sate"]
    assert meant == ["没有“sate”这一项，是不是“state”？"]
