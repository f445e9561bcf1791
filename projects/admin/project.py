"""Projects in the workbench: the list, a new one, the page of each with everything that may be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import Conflict, NotAllowed, NotFound
from people.lists import ListedAdmin
from people.models import User
from people.visitors import signed_in
from projects import services
from projects.admin.project_acts import ACTS
from projects.admin.saving import FormPages
from projects.forms.agreement import offices
from projects.forms.project import ProjectForm
from projects.listings.projects import LOADED, PROJECTS, state_of
from projects.models import Project
from projects.permissions import parts, project_abilities
from projects.presenting import figures, progress
from projects.presenting import staff as presenting
from projects.presenting.fair import pictured_rows
from projects.presenting.linked import origin_named
from projects.presenting.shown import once
from projects.services.thread import thread
from projects.states import ProjectVerb
from resources.admin.acts import STALE, ActViews

PARTS = ("milestones__done_by", "units__unit", "indicators", "yardsticks", "links", "assessments__scores")
"""What its page and the forms on it read of a project."""
PAGE = "admin/projects/project/page.html"


@admin.register(Project)
class ProjectAdmin(FormPages, ActViews, ListedAdmin):
    """Own pages instead of Django's form; rights are the abilities of each row."""

    listing = PROJECTS
    abilities = staticmethod(project_abilities)
    acts = ACTS

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="projects_project_changelist"),
            path("add/", wrap(self.add), name="projects_project_add"),
            path("<int:pk>/change/", wrap(self.page), name="projects_project_change"),
            path("<int:pk>/edit/", wrap(self.edit), name="projects_project_edit"),
            *self.act_urls(wrap),
        ]

    def able(self, user: User, row: Any) -> frozenset[str]:
        return once(row, ("able", user.pk), lambda: project_abilities(user, row))

    def parties(self, user: User, row: Any) -> frozenset[Any]:
        return parts(user, row)

    def _find(self, request: HttpRequest, pk: int, parts: tuple[str, ...] = PARTS) -> Project:
        if not self.has_view_permission(request):
            raise NotAllowed
        rows = Project.objects.kept_by(request.user).select_related(*LOADED, "leader", "drafted_by", "ending_by")
        row: Project | None = rows.prefetch_related(*parts).filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    new_title = gettext_lazy("拟项目")
    edit_title = gettext_lazy("改项目")

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        found = [
            {"label": _("节点"), "url": reverse("admin:projects_milestone_changelist"), "main": False},
            {"label": _("考核"), "url": reverse("admin:projects_assessment_changelist"), "main": False},
        ]
        if self.has_add_permission(request):
            found.append({"label": _("拟项目"), "url": reverse("admin:projects_project_add"), "main": True})
        return found

    def page(self, request: HttpRequest, pk: int, status: int = 200, **said: Any) -> HttpResponse:
        """One project; ``refused`` are forms just refused, ``stale`` what happened meanwhile."""
        row, user = self._find(request, pk), signed_in(request)
        events = row.events.select_related("actor").order_by("-at", "-pk")
        milestones = list(row.milestones.all())
        context = {
            **self.admin_site.each_context(request),
            "title": row.name,
            "project": row,
            "state": state_of(row),
            "strip": presenting.strip(row, milestones),
            "share": progress.share(row, milestones),
            "milestones": pictured_rows(row, milestones),
            "facts": presenting.facts_of(row),
            "units": presenting.units_of(row),
            "figures": figures.of_project(row, inside=True),
            "assessments": figures.assessments_of(row),
            "thread": thread(row, user, inside=True),
            "may_edit": ProjectVerb.EDIT in self.able(user, row),
            "timeline": presenting.story(row, events),
            "steps": self.shown_acts(row, user, said.pop("refused", {})),
            **said,
        }
        return TemplateResponse(request, PAGE, context, status=status)

    def add(self, request: HttpRequest) -> HttpResponse:
        """拟项目; ``?origin=need:12`` it comes from that."""
        user = signed_in(request)
        if not offices(user).exists() or not self.has_add_permission(request):
            raise NotAllowed
        if request.method != "POST":
            first = {"origin": request.GET.get("origin", "")[:60]}
            return self.shown(request, ProjectForm(user=user, initial=first), None)
        form = ProjectForm(request.POST, user=user)

        def save() -> Project:
            given = form.cleaned_data
            if given["client_key"] is None:
                raise Conflict(_("请重新打开页面再填一次。"))
            named = {"area": given["area"].pk, "origin": origin_named(user, given["origin"])}
            return services.draft_project(client_key=given["client_key"], by=user, **named, **form.typed())

        return self.saved(request, form, None, save)

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change what is written down of it."""
        row, user = self._find(request, pk, parts=()), signed_in(request)
        if ProjectVerb.EDIT not in project_abilities(user, row):
            raise NotAllowed(_("办完的、终止的项目不能改。"))
        if request.method != "POST":
            return self.shown(request, ProjectForm(user=user, project=row), row)
        form = ProjectForm(request.POST, user=user, project=row)

        def save() -> Project:
            if form.cleaned_data["version"] is None:
                raise Conflict(STALE)
            return services.edit_project(pk=pk, by=user, version=form.cleaned_data["version"], **form.typed())

        return self.saved(request, form, row, save)
