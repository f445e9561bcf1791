"""A resident at the door: phone, code, notice."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.people.codes import newest_code

PHONE = "13805710001"
DOOR, CODE, WELCOME, MY = "/sign-in/", "/sign-in/code/", "/sign-in/welcome/", "/my/"


def ask(client: Client, phone: str = PHONE, **more: str) -> str:
    response = client.post(DOOR, {"phone": phone, **more})
    assert (response.status_code, response.headers.get("Location")) == (302, CODE)
    return newest_code()


def agree(client: Client, **changes: str) -> Any:
    return client.post(WELCOME, {"name": "赵阿婆", "consent": "on", "notice_version": "1", **changes})


def come_in(client: Client, phone: str = PHONE, **more: str) -> str:
    """Through all steps; where one ends up."""
    response = client.post(CODE, {"code": ask(client, phone, **more)})
    if response["Location"] == WELCOME:
        response = agree(client)
    assert response.status_code == 302
    return str(response["Location"])


def text(response: Any) -> str:
    return str(response.content.decode())
