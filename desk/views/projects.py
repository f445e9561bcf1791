"""我们的项目: what a unit takes part in, how far it is, and the projects that wait for somebody to take them on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from alliance.lib.about import about
from alliance.lib.errors import NotFound
from claims.querysets import seated_units
from desk import presenting, selectors, together
from desk.forms.together import FigureForm, LeaveForm, PartForm, ReachForm
from members.models import MemberUnit
from people.models import User
from people.visitors import signed_in
from projects.models import Indicator, Milestone, Project, ProjectUnit
from projects.permissions import project_abilities
from projects.presenting import figures, periods, progress
from projects.services.project_held import LOADED
from projects.services.project_running import evidence_of
from projects.states import ProjectVerb

PAST = 20


@never_cache
@require_GET
def projects(request: HttpRequest) -> HttpResponse:
    """What waits for the unit's word, what goes on, what waits for a unit, livelihood items, what is over."""
    user = signed_in(request)
    seat, seats = selectors.seat_here(request, user)
    if seat is None:
        raise NotFound
    unit = seat.unit
    rows = together.project_rows(together.parts_of(unit)[: together.MOST])
    offers = [] if unit.is_suspended else list(together.project_offers_for(unit)[: together.MOST])
    context = {
        "unit": unit,
        "others": [one.unit for one in seats if one.unit_id != seat.unit_id],
        "asked": [row for row in rows if row["waits"]],
        "rows": [row for row in rows if not row["waits"]],
        "offers": together.offer_rows(offers),
        "deeds": together.deed_rows(together.deeds_of(unit)[: together.MOST], timezone.localdate()),
        "past": together.past_rows(together.past_parts_of(unit)[:PAST]),
        "nav_current": "my",
    }
    return render(request, "desk/projects.html", context)


@never_cache
@require_GET
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, with what the unit may do now; of one it is out of, since when and why."""
    user = signed_in(request)
    part = left_part(user, pk)
    return page(request, pk) if part is None else _closed(request, user, part)


def left_part(user: User, pk: int) -> ProjectUnit | None:
    """The last part of a unit one speaks for, where none of them takes part any more."""
    mine = ProjectUnit.objects.filter(project=pk, unit__in=seated_units(user))
    if mine.filter(left_on__isnull=True).exists():
        return None
    found: ProjectUnit | None = mine.select_related("unit", "project__area").order_by("left_on", "pk").last()
    return found


def _closed(request: HttpRequest, user: User, part: ProjectUnit) -> HttpResponse:
    row = part.project
    about(request, row.area_id)
    context = {
        "project": row,
        "part": part,
        "is_open": Project.objects.visible_to(user).filter(pk=row.pk).exists(),
        "office": presenting.office(row.area),
        "nav_current": "my",
    }
    return render(request, "desk/project_closed.html", context)


def own_part(request: HttpRequest, user: User, pk: int) -> ProjectUnit:
    """The part of a unit one speaks for, the one at hand first. Raises ``NotFound``."""
    here, seats = selectors.seat_here(request, user)
    rows = ProjectUnit.objects.filter(
        project__in=Project.objects.of_units_of(user).filter(pk=pk).values("pk"), left_on__isnull=True
    )
    parts = {part.unit_id: part for part in rows.select_related("unit")}
    for seat in sorted(seats, key=lambda one: one != here):
        if seat.unit_id in parts:
            return parts[seat.unit_id]
    raise NotFound


def part_of(user: User, pk: int, unit: int) -> ProjectUnit:
    """The part of the unit that was named, if one speaks for it. Raises ``NotFound``."""
    seen = Project.objects.of_units_of(user).filter(pk=pk).values("pk")
    rows = ProjectUnit.objects.filter(project__in=seen, unit__in=seated_units(user), left_on__isnull=True)
    part: ProjectUnit | None = rows.filter(unit_id=unit).select_related("unit").first()
    if part is None:
        raise NotFound
    return part


def page(
    request: HttpRequest, pk: int, *, name: str = "", key: int = 0, form: Any = None, status: int = 200
) -> HttpResponse:
    """``name`` and ``key`` say which form was refused: it keeps its words and stands open."""
    user = signed_in(request)
    part = own_part(request, user, pk)
    row: Project = Project.objects.select_related(*LOADED, "drafted_by").get(pk=pk)
    about(request, row.area_id)
    verbs, steps = project_abilities(user, row), list(row.milestones.all())
    open_ = [one.due_on for one in steps if one.done_on is None]
    refused = {(name, key): form}
    claimed = together.claim_on(part.unit, row)
    context: dict[str, Any] = {
        "project": row,
        "part": part,
        "unit": part.unit,
        "standing": together.gently(progress.head(row, min(open_, default=None))),
        "share": progress.share(row, steps),
        "steps": _steps(row, steps, verbs, refused),
        "figures": _figures(row, verbs, refused, inside=part.confirmed_at is not None),
        "claimed": claimed is not None,
        "join": refused.get(("join", 0)) or _blank(PartForm, "join", part.unit),
        "waits": part.confirmed_at is None and ProjectVerb.AGREE in verbs,
        "leave": (refused.get(("leave", 0)) or _blank(LeaveForm, "leave", part.unit))
        if ProjectVerb.LEAVE in verbs
        else None,
        "late": _too_late(name, key, form, steps, verbs),
        "office": presenting.office(row.area),
        "nav_current": "my",
    }
    return render(request, "desk/project.html", context, status=status)


def _blank(kind: Any, name: str, unit: MemberUnit) -> Any:
    return kind(auto_id=f"{name}_%s", initial={"unit": unit.pk})


def _too_late(name: str, key: int, form: Any, steps: list[Milestone], verbs: frozenset[str]) -> Any:
    """A refused form whose place on the page is gone: it stands above, so that its words can be copied."""
    there = {
        "reach": ProjectVerb.REACH in verbs and any(one.pk == key and one.done_on is None for one in steps),
        "figure": ProjectVerb.MEASURE in verbs,
        "leave": ProjectVerb.LEAVE in verbs,
        "join": True,
    }
    return form if form is not None and not there[name] else None


def _steps(row: Project, steps: list[Milestone], verbs: frozenset[str], refused: Any) -> list[dict[str, Any]]:
    """The milestones, each open one with its form."""
    photos, able = evidence_of(steps), ProjectVerb.REACH in verbs
    found = progress.milestone_rows(row, steps)
    for one in found:
        milestone = one["row"]
        form = refused.get(("reach", milestone.pk))
        one |= together.gently(one)
        one["photos"] = len(photos.get(milestone.pk, []))
        one["form"] = form or reach_form(milestone) if able and milestone.done_on is None else None
        one["open"] = form is not None
    return found


def reach_form(milestone: Milestone) -> ReachForm:
    return ReachForm(auto_id=f"m{milestone.pk}_%s", initial={"milestone": milestone.pk})


def _figures(row: Project, verbs: frozenset[str], refused: Any, *, inside: bool) -> list[dict[str, Any]]:
    """Each indicator with its figures, and the form for the next one."""
    found = figures.of_project(row, inside=inside)
    for one in found:
        indicator = one["row"]
        form = refused.get(("figure", indicator.pk))
        one["form"] = form or figure_form(indicator, row) if ProjectVerb.MEASURE in verbs else None
        one["open"] = form is not None
        one["last"] = one["points"][-1] if one["points"] else None
    return found


def figure_form(indicator: Indicator, row: Project, data: Any = None) -> FigureForm:
    """For ``indicator``; without ``data`` the newest period without a figure is chosen."""
    choices = periods.choices(indicator, row.starts_on)
    initial = {"indicator": indicator.pk, "period": periods.first_free(choices)}
    return FigureForm(data, auto_id=f"i{indicator.pk}_%s", initial=initial, periods=choices, measure=indicator.measure)
