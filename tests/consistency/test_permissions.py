"""The permission matrix: every address × method × role, written down in permissions.txt, tried out one by one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from members.models import Liaison, Membership
from people.models import RoleGrant
from tests.consistency.conftest import PARTS
from tests.consistency.site import ROLES, Route, Visits, World, routes
from tests.consistency.walk import DOOR, METHODS, PHONE, Seen

TABLE = Path(__file__).with_name("permissions.txt")


def _table() -> dict[tuple[str, str], list[str]]:
    """(address, method) → what each role gets."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            name, method, *answers = line.split()
            assert (name, method) not in found, f"{name} {method} is listed twice"
            found[name, method] = answers
    return found


def _name(route: Route) -> str:
    return route.name.replace(" ", "")


def test_every_address_is_listed_once_and_nothing_else_is() -> None:
    wanted = {(_name(route), method) for route in routes() for method in METHODS}
    assert len(wanted) == len(routes()) * len(METHODS), "two addresses share a name"
    assert set(_table()) == wanted, "tests/consistency/permissions.txt must list every address"


def test_everybody_gets_what_the_table_says(seen: list[Seen]) -> None:
    table = _table()
    got: dict[tuple[str, str], list[str]] = {}
    for visit in seen:
        if not visit.asking:
            got.setdefault((_name(visit.route), visit.method), []).append(visit.answer)
    wrong = [
        f"{name} {method} {' '.join(each)}" for (name, method), each in got.items() if each != table.get((name, method))
    ]
    assert not wrong, "answers that differ from the table:\n" + "\n".join(wrong)


def test_every_address_is_visited(seen: list[Seen], request: pytest.FixtureRequest) -> None:
    visits = Counter((visit.route, visit.method, visit.role) for visit in seen if not visit.asking)
    part = request.node.callspec.params["seen"]
    assert visits == Counter(
        (route, method, role) for route in routes()[part::PARTS] for method in METHODS for role in ROLES
    )


def test_the_table_itself_lets_nobody_in_who_has_no_business_there() -> None:
    """Read without the site: a slip in the table is a slip in the rules."""
    columns = {role: place for place, role in enumerate(ROLES)}
    for (name, method), answers in _table().items():
        assert len(answers) == len(ROLES), name
        assert not [answer for answer in answers if answer.startswith("5")], name
        if name.startswith("admin") and name not in ("admin:login", "admin:logout"):
            for role in ("visitor", "liaison", "resident"):
                assert answers[columns[role]] == DOOR, (name, method, role)
        if name.startswith("admin:needs_need_") and name != "admin:needs_need_changelist":
            for role in ("neighbour", "system_admin", "security_admin", "audit_admin", "twin"):
                assert answers[columns[role]] in ("404", "405"), (name, method, role)
        if "_delete" in name:
            assert set(answers) <= {DOOR, "403", "404"}, name
        if name.startswith("portal:my"):
            assert answers[columns["visitor"]] == PHONE, name
            staff = set(answers[columns["liaison"] : columns["resident"]])
            assert staff <= {"302", "403", "405"} | ({"200"} if name == "portal:my" else set()), name
        if name.startswith(("admin:audit_", "admin:notifications_")) and method == "POST":
            assert not set(answers) & {"302"}, name


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("visitor", "liaison", "resident")])
def test_a_page_shows_no_address_that_its_reader_may_not_open(world: World, role: str) -> None:
    visits, table = Visits(world), _table()
    page = visits.visit(role, "GET", "/admin/").content.decode()
    place = ROLES.index(role)
    for route in routes():
        answers = table[_name(route), "GET"]
        if route.name.endswith("_changelist") and answers[place] == "403":
            assert f'href="{world.path(route)}"' not in page, route.name


@pytest.mark.parametrize(
    ("address", "model", "role", "column"),
    [
        ("people/rolegrant", RoleGrant, "system_admin", "ends_on"),
        ("members/membership", Membership, "clerk", "left_on"),
        ("members/liaison", Liaison, "clerk", "ends_on"),
    ],
)
def test_a_page_saved_without_a_date_ends_nothing(
    world: World, address: str, model: Any, role: str, column: str
) -> None:
    row = world.rows[address]
    Visits(world).visit(role, "POST", f"/admin/{address}/{row.pk}/change/")
    assert getattr(model.objects.get(pk=row.pk), column) is None
