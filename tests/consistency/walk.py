"""Every address visited once by everybody; what came of it is kept, for all who judge it.

The addresses are walked in parts, so that workers can share them: a part when the first test asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from tests.consistency.site import ROLES, Route, Visits, World, routes

METHODS = ("GET", "POST")
LOOKING = ("visitor", "clerk", "system_admin", "audit_admin", "resident")
ASKING = "?q=灯&tab=all&cursor=&c=330109001048&place=x&next=/"
"""What an address may be asked for: with it some look a second time."""
DOOR, PHONE = "door", "phone"
# A session notes when it was last seen; a draft begins when a stairwell's code is opened.
WRITING = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\b\s+(?!\"?django_session)", re.I)
STYLED = re.compile(r"<style\b|<[a-z][^>]*\s(style|on[a-z]+)=", re.I)
SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>", re.I | re.S)
HARMLESS = re.compile(r"\ssrc=|type=[\"']?application/json")


@dataclass(frozen=True)
class Seen:
    """One visit: ``asking`` of a look with questions."""

    route: Route
    method: str
    role: str
    asking: bool
    answer: str
    headers: dict[str, str]
    wrote: list[str]
    carried: list[str] | None
    """What a page carries that it may not; None where the answer is no page."""

    def __str__(self) -> str:
        return f"{self.role} {self.method} {self.route.name}{' with questions' if self.asking else ''}"


def walk(world: World, part: int, parts: int) -> list[Seen]:
    """All visits to one part of the addresses; whatever one did is undone, so that the next finds the same world."""
    visits, seen = Visits(world), []
    visits.sign_in(*ROLES)
    for route in routes()[part::parts]:
        path = world.path(route)
        for method in METHODS:
            seen += [_visit(visits, role, method, route, path) for role in ROLES]
        seen += [_visit(visits, role, "GET", route, path + ASKING) for role in LOOKING]
    return seen


def _visit(visits: Visits, role: str, method: str, route: Route, address: str) -> Seen:
    wrote: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        if is_writing(sql):
            wrote.append(sql[:120])
        return execute(sql, *more)

    before = transaction.savepoint()
    with connection.execute_wrapper(note):
        response = visits.visit(role, method, address)
    transaction.savepoint_rollback(before)
    return Seen(
        route,
        method,
        role,
        address.endswith(ASKING),
        answer_of(response),
        dict(response.headers),
        wrote,
        carried(response.content.decode())
        if response.headers.get("Content-Type", "").startswith("text/html")
        else None,
    )


def answer_of(response: Any) -> str:
    """The status, or to which door somebody was sent."""
    if response.status_code == 302 and response["Location"].startswith("/admin/login/"):
        return DOOR
    if response.status_code == 302 and response["Location"].startswith("/sign-in/?next="):
        return PHONE
    return str(response.status_code)


def is_writing(sql: str) -> bool:
    return bool(WRITING.search(sql)) and "FOR UPDATE" not in sql and "SAVEPOINT" not in sql


def carried(page: str) -> list[str]:
    """What no page may carry: style, handlers and script of its own."""
    own = [script for script in SCRIPT.findall(page) if not HARMLESS.search(script)]
    return [found.group()[:100] for found in STYLED.finditer(page)] + [script[:100] for script in own]
