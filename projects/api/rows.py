"""Projects in the shapes of the API, as far as whoever asks may know."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from alliance.lib.errors import NotFound
from projects import permissions
from projects.listings.projects import LOADED, with_parts
from projects.models import Project
from projects.presenting import progress
from projects.services import offer_of, thread

ROW = ("number", "name", "kind", "field", "state", "starts_on", "ends_on", "is_public", "version")
WORDS = (
    *("aim", "six", "campaigns", "place", "beneficiaries", "people_count", "household_count"),
    *("money", "money_from", "source", "outcome"),
)


def found(user: Any, pk: int) -> Project:
    """The project, if ``user`` sees it. Raises ``NotFound``."""
    rows = with_parts(Project.objects.visible_to(user)).select_related(*LOADED, "leader")
    row: Project | None = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def row_of(row: Project, inside: bool) -> dict[str, Any]:
    """As ``ProjectRow``."""
    share, due = progress.so_far(row)
    return {
        "id": row.pk,
        "area": row.area_id,
        "area_name": row.area.name,
        "standing": progress.said(row, due)["label"],
        "share": share,
        "next_due": due,
        "units": [part.unit.name for part in _known(row, inside)],
        **{name: getattr(row, name) for name in ROW},
    }


def _known(row: Project, inside: bool) -> list[Any]:
    """Its units; for others those that agreed to be named, and have said yes."""
    parts = row.units.all()
    return [part for part in parts if inside or (part.confirmed_at is not None and part.unit.is_public)]


def one(row: Project, user: Any) -> dict[str, Any]:
    """As ``ProjectOne``."""
    inside = permissions.is_inside(user, row)
    offer = offer_of(row)
    return {
        **row_of(row, inside),
        **{name: getattr(row, name) for name in WORDS},
        **_people(row, inside),
        "offer": offer.pk if offer else None,
        "milestones": [milestone(one, row) for one in row.milestones.all()],
        "parts": [
            {"unit": part.unit_id, "name": part.unit.name, "is_lead": part.is_lead, "does": part.does, "confirmed": yes}
            for part in _known(row, inside)
            for yes in [part.confirmed_at is not None]
        ],
        "thread": [
            {
                "at": knot.at,
                "what": str(knot.what),
                "title": str(knot.title),
                "words": str(knot.words),
                "url": knot.url,
            }
            for knot in thread(row, user, inside=inside)
        ],
        "events": [{"at": one.at, "verb": one.verb, "words": one.words} for one in row.events.all()] if inside else [],
        "abilities": sorted(str(verb) for verb in permissions.project_abilities(user, row)),
    }


def _people(row: Project, inside: bool) -> dict[str, str]:
    branch = row.branch
    return {
        "ended_why": row.ended_why if inside else "",
        "ending": row.ending if inside else "",
        "ending_words": row.ending_words if inside else "",
        "commissioner": row.commissioner.name if inside and row.commissioner else "",
        "leader": row.leader.name if inside and row.leader else "",
        "branch": branch.name if branch and (inside or branch.is_public) else "",
        "agreement": row.agreement.number if inside and row.agreement else "",
    }


def milestone(one: Any, project: Project) -> dict[str, Any]:
    """As ``MilestoneRow``."""
    names = ("name", "weight", "due_on", "done_on", "evidence")
    standing = progress.step(project, one, timezone.localdate())["label"]
    return {"id": one.pk, "project": project.pk, "standing": standing, **{name: getattr(one, name) for name in names}}


def assessment(one: Any) -> dict[str, Any]:
    """As ``AssessmentRow``."""
    names = ("first_day", "last_day", "total", "consequence", "words")
    scores = ("name", "weight", "points", "evidence")
    return {
        "id": one.pk,
        "replaced": getattr(one, "replaced_by", None) is not None,
        "scores": [{name: getattr(score, name) for name in scores} for score in one.scores.all()],
        **{name: getattr(one, name) for name in names},
    }
