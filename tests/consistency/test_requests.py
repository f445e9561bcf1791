"""What holds for every address: GET writes nothing, the policy is strict, the number of statements does not grow."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from needs.services.handling import accept_need, add_note, reply_to_resident
from tests.cast import say_need
from tests.consistency.pages import PAGES
from tests.consistency.site import ROLES, Route, Visits, World, routes
from tests.consistency.volunteer_rows import joined
from tests.consistency.walk import LOOKING, Seen, carried, is_writing
from tests.needs.wishing import published
from tests.points.things import give, redeem, reward_in

BASELINE = Path(__file__).with_name("queries.json")
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def _statements(visit: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        visit()
    return [query["sql"] for query in captured]


def test_looking_writes_nothing(seen: list[Seen]) -> None:
    looks = [visit for visit in seen if visit.method == "GET"]
    assert {visit.role for visit in looks if visit.asking} == set(LOOKING)
    wrote = [f"{visit}: {statement}" for visit in looks for statement in visit.wrote]
    assert not wrote


def test_the_judges_see_what_they_look_for() -> None:
    pages = ("<style>p {}</style>", '<p style="x">', "<a\nonclick=x()>", "<script>x()</script>", "<SCRIPT>x</SCRIPT>")
    assert all(carried(page) for page in pages)
    assert not carried(
        '<p class="style">on=</p><script src="/x.js"></script><script type="application/json">{}</script>'
    )
    assert is_writing('INSERT INTO "needs_need" VALUES (%s)') and is_writing("delete from needs_need")
    assert not is_writing('UPDATE "django_session" SET x = 1') and not is_writing("SELECT 1 FROM x FOR UPDATE")


def _policy(header: str) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in header.split(";"))
    return {name: value for name, _space, value in parts}


def test_every_answer_carries_the_strict_headers(seen: list[Seen]) -> None:
    for visit in seen:
        headers = visit.headers
        header = headers.get("Content-Security-Policy", "")
        if "sandbox" not in header:
            found = _policy(header)
            assert {name: found.get(name) for name in POLICY} == POLICY, str(visit)
        assert "unsafe" not in header, str(visit)
        assert headers["X-Content-Type-Options"] == "nosniff", str(visit)
        assert headers["X-Frame-Options"] == "DENY", str(visit)
        assert headers["Referrer-Policy"] == "same-origin", str(visit)


def test_no_page_carries_script_style_or_handler_whoever_wrote_its_template(seen: list[Seen]) -> None:
    pages = [visit for visit in seen if visit.carried is not None]
    assert pages
    assert not [f"{visit}: {found}" for visit in pages for found in visit.carried or ()]


def test_pages_of_one_person_are_kept_by_nobody_on_the_way(seen: list[Seen]) -> None:
    for visit in seen:
        own = visit.route.name.startswith(
            ("needs:", "admin:", "desk:", "portal:my", "portal:sign", "portal:welcome")
        ) and visit.route.name not in ("needs:challenge", "admin:jsi18n")
        if own and visit.method == "GET" and visit.answer == "200":
            assert re.search(r"no-store|private", visit.headers.get("Cache-Control", "")), str(visit)


def _grow(world: World, count: int) -> None:
    """More needs with a history, and with them messages, consents and entries."""
    worker = world.cast.chengxiang.worker
    for number in range(count):
        words = f"楼道灯坏了第{number}次，请来修"
        need = say_need(world.cast.chengxiang.home, words=words, phone=world.resident.phone)
        if number % 3:
            accept_need(pk=need.pk, by=worker)
            add_note(pk=need.pk, by=worker, words="备注")
        if number % 3 == 2:
            reply_to_resident(pk=need.pk, by=worker, words="好的")
        here = world.cast.chengxiang
        published(here, item=f"第{number}床被子", approver=here.section_head)
        give(world.resident, here, 20, day=date(2026, 1, 1) + timedelta(days=number))
        redeem(world.resident, reward_in(here, points=1))
        joined(here, world.rows["volunteers/team"], world.resident)
    for number in range(count):
        if world.need.events.count() < count:
            add_note(pk=world.need.pk, by=worker, words=f"备注{number}")


def _counts(world: World) -> dict[str, int]:
    by_name: dict[str, Route] = {route.name: route for route in routes()}
    visits, counted = Visits(world), {}
    for name, role in PAGES.items():
        path = world.path(by_name[name])
        visits.visit(role, "GET", path)
        cache.clear()
        statements = _statements(lambda path=path, role=role: visits.visit(role, "GET", path))
        counted[name] = len([sql for sql in statements if "SAVEPOINT" not in sql])
    return counted


def test_every_list_is_measured() -> None:
    lists = {route.name for route in routes() if route.name.endswith("_changelist")}
    never_open = {"admin:auth_group_changelist", "admin:knox_authtoken_changelist"}
    assert lists - never_open <= set(PAGES)
    assert set(PAGES.values()) <= set(ROLES)


def test_the_number_of_statements_is_the_noted_one_and_does_not_grow_with_the_rows(world: World) -> None:
    _grow(world, 3)
    few = _counts(world)
    _grow(world, 27)
    many = _counts(world)
    # The queue stops asking once it is full, so a full one may take fewer.
    assert not {name: (few[name], many[name]) for name in PAGES if many[name] > few[name]}
    noted = json.loads(BASELINE.read_text())
    assert {"3": few, "30": many} == noted, "if the new numbers are meant, write them into queries.json"
