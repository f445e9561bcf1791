"""One project for everybody: what it is, how far it is, who does it, and its thread from need to result."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib.about import about
from alliance.lib.errors import NotFound
from claims.querysets import seated_units
from people.models import User
from projects import permissions
from projects.models import Project
from projects.presenting import facts, figures, progress
from projects.presenting.fair import pictured_rows
from projects.services.project_held import LOADED
from projects.services.thread import thread


@login_not_required
@require_safe
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """Public ones for everybody; the others for those who work on them or take part."""
    user = request.user if isinstance(request.user, User) else None
    row = Project.objects.visible_to(request.user).select_related(*LOADED, "drafted_by").filter(pk=pk).first()
    if row is None:
        raise NotFound(_("没有这个项目，或者它还没有公开。"))
    about(request, row.area_id)
    inside = user is not None and permissions.is_inside(user, row)
    milestones = list(row.milestones.all())
    open_ = [one.due_on for one in milestones if one.done_on is None]
    due = min(open_, default=None)
    context = {
        "project": row,
        "inside": inside,
        "standing": {**progress.head(row, due), "note": progress.next_step(row, due)},
        "share": progress.share(row, milestones),
        "milestones": pictured_rows(row, milestones),
        "facts": facts.of_project(row, inside=inside),
        "units": facts.units_of(row, inside=inside),
        "figures": figures.of_project(row, inside=inside),
        "assessments": figures.assessments_of(row, inside=inside),
        "thread": thread(row, user, inside=inside),
        "stories": [] if not row.is_public else list(row.stories.public().select_related("project")),
        "door": _door(user, row) if user is not None else None,
        "fair_url": reverse("projects:fair", args=[row.street_code]) if row.is_public else "",
    }
    return render(request, "projects/project.html", context)


def _door(user: User, row: Project) -> tuple[str, str] | None:
    """Where whoever works on it goes on: a unit at its desk, staff in the workbench."""
    if row.units.filter(unit__in=seated_units(user), left_on__isnull=True).exists():
        return _("去登记进度、记数字"), reverse("desk:project", args=[row.pk])
    if Project.objects.kept_by(user).filter(pk=row.pk).exists():
        return _("在工作台打开"), reverse("admin:projects_project_change", args=[row.pk])
    return None
