"""Projects of the tests' own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from members.models import PartyOrganisation
from members.services.party import Entry, create_organisation
from members.states import PartyKind
from people.models import User
from projects import services
from projects.models import Project
from tests.cast import Street, fresh
from tests.claims.things import alliance_of
from tests.projects.things import today

NAME = "美厢生活"


def branch_of(street: Street) -> PartyOrganisation:
    found = PartyOrganisation.objects.filter(area=street.home, name="万寿桥第一党支部").first()
    entry = Entry(name="万寿桥第一党支部", kind=PartyKind.BRANCH, area=street.home, unit=None)
    return found or create_organisation(entry=entry, by=None)


def plain(street: Street, **changes: Any) -> dict[str, Any]:
    """What is typed of a project."""
    said: dict[str, Any] = {
        "name": NAME,
        "kind": "partner",
        "aim": "老旧小区改造。",
        "starts_on": today() - timedelta(days=30),
        "ends_on": today() + timedelta(days=60),
        "field": "home",
        "six": ["built", "shared"],
        "commissioner": street.clerk.pk,
        "branch": branch_of(street).pk,
    }
    return {**said, **changes}


def project_in(street: Street, *, by: User | None = None, **changes: Any) -> Project:
    """A draft by the clerk."""
    alliance_of(street)
    origin = changes.pop("origin", "")
    return services.draft_project(
        client_key=uuid4(),
        by=fresh(by or street.clerk),
        area=street.street.pk,
        origin=origin,
        **plain(street, **changes),
    )


def steps(*weights: int, first: date | None = None) -> list[dict[str, Any]]:
    """Milestones with these weights, ten days apart."""
    begin = first or today() + timedelta(days=1)
    return [
        {"name": f"第{number}步", "weight": weight, "due_on": begin + timedelta(days=10 * number)}
        for number, weight in enumerate(weights)
    ]


def running(street: Street, *weights: int, **changes: Any) -> Project:
    """One that runs, with these weights."""
    row = project_in(street, **changes)
    given = {"by": fresh(street.clerk), "version": None}
    services.plan_milestones(pk=row.pk, milestones=steps(*(weights or (40, 60))), **given)
    return services.start_project(pk=row.pk, **given)


def reach(row: Project, number: int, by: User, **more: Any) -> Any:
    """The milestone ``number``, today."""
    one = row.milestones.order_by("position")[number]
    said: dict[str, Any] = {"done_on": today(), **more}
    return services.reach_milestone(pk=row.pk, by=fresh(by), version=None, milestone=one.pk, **said)
