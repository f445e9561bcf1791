"""The project fair of an area: every public project as a card with its picture, one or two figures, who does it.

A fixed number of queries for any number of projects.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Avg, Count, Exists, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from files import services as files
from people.models import Area
from people.querysets import within
from people.states import Level
from projects.models import Deed, Indicator, MenuItem, Milestone, Project, ProjectUnit, Reading, Story
from projects.presenting import progress
from projects.presenting.deeds import current_year
from projects.presenting.figures import grouped
from projects.services.project_running import EVIDENCE, evidence_of
from projects.states import ProjectState, Reckon

MOST, ON_SCREEN, MOST_STORIES, FIGURES = 60, 24, 12, 2
"""So many are shown: on the page, on the screen."""


def streets() -> list[Any]:
    """Streets that have something to show, by code, each with ``projects`` (how many), ``has_deeds`` and ``has_menu``.
    One query."""
    mine = Project.objects.public().filter(street_code=OuterRef("pk")).order_by().values("street_code")
    rows = Area.objects.filter(level=Level.STREET).annotate(
        projects=Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0),
        has_deeds=Exists(Deed.objects.public().filter(street_code=OuterRef("pk"))),
        has_menu=Exists(MenuItem.objects.in_use().filter(alliance__street_code=OuterRef("pk"))),
    )
    return list(rows.filter(Q(projects__gt=0) | Q(has_deeds=True) | Q(has_menu=True)).order_by("pk"))


def shown_in(area: Area) -> Any:
    """Public projects of the area: what goes on before what is done, the newest first."""
    rows = Project.objects.public().filter(within([area.pk]))
    return rows.order_by("-state", "-started_on", "-pk")


def cards(projects: Any, most: int = MOST) -> list[dict[str, Any]]:
    """One card for each."""
    units = ProjectUnit.objects.present().filter(confirmed_at__isnull=False, unit__is_public=True)
    named = Prefetch("units", units.select_related("unit").order_by("-is_lead", "pk"), to_attr="named_units")
    rows = list(projects.select_related("area").prefetch_related("milestones", named)[:most])
    figures, pictures = _figures(rows), _pictures(rows)
    return [_card(row, figures.get(row.pk, []), pictures.get(row.pk, "")) for row in rows]


def _card(row: Any, figures: list[dict[str, str]], picture: str) -> dict[str, Any]:
    steps = list(row.milestones.all())
    next_due = min((one.due_on for one in steps if one.done_on is None), default=None)
    standing = progress.said(row, next_due)
    return {
        "row": row,
        "url": reverse("projects:project", args=[row.pk]),
        "standing": {"label": row.get_state_display(), "tone": "ok" if row.state == ProjectState.DONE else "info"},
        "late": standing["tone"] == "late",
        "share": progress.share(row, steps) if steps else None,
        "figures": figures,
        "picture": picture,
        "units": [part.unit.name for part in row.named_units],
    }


def _figures(rows: Sequence[Project]) -> dict[int, list[dict[str, str]]]:
    """By project: what its first public indicators come to. One query."""
    readings = Reading.objects.filter(indicator=OuterRef("pk")).order_by()
    every = readings.values("indicator")
    found: dict[int, list[dict[str, str]]] = {}
    counted = Indicator.objects.filter(project__in=rows, is_public=True).annotate(
        all_of=Subquery(every.annotate(n=Sum("value")).values("n")),
        mean_of=Subquery(every.annotate(n=Avg("value")).values("n")),
        last_of=Subquery(Reading.objects.filter(indicator=OuterRef("pk")).order_by("-period").values("value")[:1]),
    )
    for one in counted.order_by("project", "position", "pk"):
        values = {Reckon.SUM: one.all_of, Reckon.MEAN: one.mean_of, Reckon.LAST: one.last_of}
        value = values[Reckon(one.reckon)]
        said = found.setdefault(one.project_id, [])
        if value is not None and len(said) < FIGURES:
            said.append({"name": one.name, "value": grouped(round(value, 2)), "measure": one.measure})
    return found


def _pictures(rows: Sequence[Any]) -> dict[int, str]:
    """By project: the address of the newest picture of a milestone that was reached. One query."""
    reached = [(one, row) for row in rows for one in row.milestones.all() if one.done_on is not None]
    kept = files.attachments_of(EVIDENCE, [str(one.pk) for one, _row in reached])
    found: dict[int, str] = {}
    for one, row in sorted(reached, key=lambda pair: (pair[0].done_on, pair[0].pk)):
        for photo in kept.get(str(one.pk), [])[-1:]:
            found[row.pk] = photo_url(row.pk, one.pk, photo.pk)
    return found


def pictured_rows(row: Project, milestones: list[Milestone]) -> list[dict[str, Any]]:
    """The milestones of its page, with the addresses of their pictures."""
    kept = evidence_of(milestones)
    return [
        {**one, "photos": [photo_url(row.pk, one["row"].pk, photo.pk) for photo in kept.get(one["row"].pk, [])]}
        for one in progress.milestone_rows(row, milestones)
    ]


def photo_url(project: int, milestone: int, photo: Any) -> str:
    return reverse("projects:photo", args=[project, milestone, photo])


def stories_in(area: Area) -> list[Story]:
    """Those that are shown, the newest first."""
    rows = Story.objects.public().filter(within([area.pk], area="project__area__code", street="project__street_code"))
    return list(rows.select_related("project").order_by("-shown_at", "-pk")[:MOST_STORIES])


def counts(area: Area) -> dict[str, int]:
    """How many go on, and how many are done."""
    rows = Project.objects.public().filter(within([area.pk]))
    return {
        "running": rows.filter(state=ProjectState.RUNNING).count(),
        "done": rows.filter(state=ProjectState.DONE).count(),
    }


def deeds_in(area: Area) -> tuple[int, list[Deed]]:
    """The running year of published livelihood items, as their board shows it, and these; of a community there are
    none, and no year."""
    every = Deed.objects.public().filter(street_code=area.pk)
    years = set(every.order_by().values_list("year", flat=True))
    year = current_year(years) if years else 0
    return year, list(every.filter(year=year).order_by("position"))
