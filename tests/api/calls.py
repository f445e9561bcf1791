"""How the API is called in these tests, and the one shape of its refusals."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from rest_framework.test import APIClient

from tests.cast import WORDS

NEEDS, TRACK = "/api/v1/needs/", "/api/v1/needs/track/"


def typed(**changes: Any) -> dict[str, Any]:
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


def post(client: Any, path: str, sent: Any) -> Any:
    if isinstance(client, APIClient):
        return client.post(path, sent, format="json")
    return client.post(path, sent, content_type="application/json")


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/json"
    body: dict[str, Any] = response.json()
    assert set(body) <= {"code", "message", "fields"}
    assert body["code"] == code
    assert body["message"]
    return body
