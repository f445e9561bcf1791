"""民生实事 in the workbench: the list, a candidate, the page of each, and where a year's items are published."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import Conflict, DomainError, NotAllowed, NotFound
from alliance.lib.refused import add_errors
from people.lists import ListedAdmin
from people.models import User
from people.visitors import signed_in
from projects.admin import deed_years as years
from projects.admin.deed_acts import ACTS
from projects.admin.saving import FormPages
from projects.forms.agreement import offices
from projects.forms.deed import DeedForm, PublishForm
from projects.listings.deeds import DEEDS, state_of
from projects.models import Deed
from projects.permissions import deed_abilities, deed_sides
from projects.presenting import deeds as presenting
from projects.presenting.linked import origin_named
from projects.services import deeds
from projects.services.deed_standing import stages_of, wanting
from projects.states import DeedVerb
from resources.admin.acts import STALE, ActViews

PAGE, PUBLISH = "admin/projects/deed/page.html", "admin/projects/deed/publish.html"


@admin.register(Deed)
class DeedAdmin(FormPages, ActViews, ListedAdmin):
    """Own pages instead of Django's form; rights are the abilities of each row."""

    listing = DEEDS
    abilities = staticmethod(deed_abilities)
    acts = ACTS

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="projects_deed_changelist"),
            path("add/", wrap(self.add), name="projects_deed_add"),
            path("publish/", wrap(self.publish), name="projects_deed_publish"),
            path("<int:pk>/change/", wrap(self.page), name="projects_deed_change"),
            path("<int:pk>/edit/", wrap(self.edit), name="projects_deed_edit"),
            *self.act_urls(wrap),
        ]

    def able(self, user: User, row: Any) -> frozenset[str]:
        return deed_abilities(user, row)

    def parties(self, user: User, row: Any) -> frozenset[Any]:
        return deed_sides(user, row)

    def _find(self, request: HttpRequest, pk: int) -> Deed:
        if not self.has_view_permission(request):
            raise NotAllowed
        rows = Deed.objects.kept_by(request.user).select_related("area", "unit", "leader", "project", "proposed_by")
        row: Deed | None = rows.filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    new_title = gettext_lazy("提出一件")
    edit_title = gettext_lazy("改候选")

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        found = []
        if years.may_publish(signed_in(request)):
            found.append({"label": _("公布"), "url": reverse("admin:projects_deed_publish"), "main": False})
        if self.has_add_permission(request):
            found.append({"label": _("提出一件"), "url": reverse("admin:projects_deed_add"), "main": True})
        return found

    def page(self, request: HttpRequest, pk: int, status: int = 200, **said: Any) -> HttpResponse:
        """One item; ``refused`` are forms just refused, ``stale`` what happened meanwhile."""
        row, user = self._find(request, pk), signed_in(request)
        row.stages = stages_of([row])[row.pk]  # type: ignore[attr-defined]
        verbs = deed_abilities(user, row)
        context = {
            **self.admin_site.each_context(request),
            "title": row.name,
            "deed": row,
            "state": state_of(row),
            "strip": presenting.strip(row),
            "facts": presenting.facts_of(row),
            "wanting": wanting(row),
            "reports": list(row.reports.select_related("by").order_by("-month")),
            "may_edit": DeedVerb.EDIT in verbs,
            "timeline": presenting.story(row.records.select_related("actor").order_by("-at", "-pk")),
            "steps": self.shown_acts(row, user, said.pop("refused", {})),
            **said,
        }
        return TemplateResponse(request, PAGE, context, status=status)

    def add(self, request: HttpRequest) -> HttpResponse:
        """提出一件; ``?origin=need:12``: it is made from that."""
        user = signed_in(request)
        if not offices(user).exists() or not self.has_add_permission(request):
            raise NotAllowed
        if request.method != "POST":
            first = {"origin": request.GET.get("origin", "")[:60]}
            return self.shown(request, DeedForm(user=user, initial=first), None)
        form = DeedForm(request.POST, user=user)

        def save() -> Deed:
            given = form.cleaned_data
            if given["client_key"] is None:
                raise Conflict(_("请重新打开页面再填一次。"))
            named = {"area": given["area"].pk, "origin": origin_named(user, given["origin"])}
            typed = {**named, **form.typed()}
            return deeds.propose_deed(client_key=given["client_key"], by=user, year=given["year"], **typed)

        return self.saved(request, form, None, save)

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change a candidate."""
        row, user = self._find(request, pk), signed_in(request)
        if DeedVerb.EDIT not in deed_abilities(user, row):
            raise NotAllowed(_("公布了的、没入选的不能改。"))
        if request.method != "POST":
            return self.shown(request, DeedForm(user=user, deed=row), row)
        form = DeedForm(request.POST, user=user, deed=row)

        def save() -> Deed:
            if form.cleaned_data["version"] is None:
                raise Conflict(STALE)
            return deeds.edit_deed(pk=pk, by=user, version=form.cleaned_data["version"], **form.typed())

        return self.saved(request, form, row, save)

    def publish(self, request: HttpRequest) -> HttpResponse:
        """公布 of a street's year (``?street=``, ``?year=``): which ones, in which order, how many in all."""
        user = signed_in(request)
        chosen = years.chosen(user, request.GET.get("street", ""), request.GET.get("year", ""))
        if request.method != "POST":
            return self._publish_page(
                request, chosen, PublishForm(deeds=chosen.ready, year=chosen.year, initial={"most": chosen.most})
            )
        form = PublishForm(request.POST, deeds=chosen.ready, year=chosen.year)
        if not form.is_valid():
            return self._publish_page(request, chosen, form, 422)
        try:
            years.publish(chosen, user, form.cleaned_data["most"], form.chosen())
        except DomainError as error:
            if error.status == NotFound.status:
                raise
            add_errors(form, error)
            return self._publish_page(request, chosen, form, 422 if error.status == 400 else error.status)
        messages.success(request, _("公布了，公示板上看得到。") if form.chosen() else _("改好了。"))
        return HttpResponseRedirect(reverse("admin:projects_deed_changelist"))

    def _publish_page(
        self, request: HttpRequest, chosen: years.Year, form: PublishForm, status: int = 200
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("公布民生实事"),
            "chosen": chosen,
            "form": form,
            "others": years.others(signed_in(request), chosen),
        }
        return TemplateResponse(request, PUBLISH, context, status=status)
