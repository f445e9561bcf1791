"""Resources in the workbench: the list, a new one, the page of each with everything that may be done with it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from alliance.lib.errors import Conflict, DomainError, NotAllowed, NotFound
from alliance.lib.onward import onward
from alliance.lib.refused import add_errors
from alliance.lib.registry import contributions
from people.lists import ListedAdmin
from people.models import User
from people.visitors import signed_in
from resources import services
from resources.admin.acts import STALE, ActViews
from resources.admin.resource_acts import ACTS
from resources.forms.resource import ResourceForm
from resources.listings.resources import LOADED, RESOURCES, TONES
from resources.models import Resource
from resources.permissions import KEEPERS, resource_abilities, sides
from resources.presenting import staff as presenting
from resources.services.pictures import photos_of
from resources.services.subjects import subject_for
from resources.states import ResourceVerb

PAGE, EDIT = "admin/resources/resource/page.html", "admin/resources/resource/edit.html"


@admin.register(Resource)
class ResourceAdmin(ActViews, ListedAdmin):
    """Own pages instead of Django's form; rights are the abilities of each row."""

    listing = RESOURCES
    abilities = staticmethod(resource_abilities)
    acts = ACTS

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="resources_resource_changelist"),
            path("add/", wrap(self.add), name="resources_resource_add"),
            path("<int:pk>/change/", wrap(self.page), name="resources_resource_change"),
            path("<int:pk>/edit/", wrap(self.edit), name="resources_resource_edit"),
            path("<int:pk>/open-again/", wrap(self.open_again), name="resources_resource_open_again"),
            *self.act_urls(wrap),
        ]

    def able(self, user: User, row: Any) -> frozenset[str]:
        return resource_abilities(user, row)

    def parties(self, user: User, row: Any) -> frozenset[Any]:
        return sides(user, row)

    def _find(self, request: HttpRequest, pk: int) -> Resource:
        if not self.has_view_permission(request):
            raise NotAllowed
        row: Resource | None = Resource.objects.kept_by(request.user).select_related(*LOADED).filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def list_actions(self, request: HttpRequest) -> list[dict[str, Any]]:
        found = [{"label": _("场地日历"), "url": reverse("admin:resources_calendar"), "main": False}]
        if self.has_add_permission(request):
            url = reverse("admin:resources_resource_add")
            found.append({"label": _("登记资源"), "url": url, "main": True})
        return found

    def page(self, request: HttpRequest, pk: int, status: int = 200, **said: Any) -> HttpResponse:
        """One resource; ``refused`` are forms just refused, ``stale`` what happened meanwhile."""
        row, user = self._find(request, pk), signed_in(request)
        row.asked_for = request.GET.get("for", "")[:60]
        verbs = resource_abilities(user, row)
        events = row.events.select_related("actor").order_by("-at", "-pk")
        context = {
            **self.admin_site.each_context(request),
            "title": row.name,
            "resource": row,
            "subject": subject_for(user, row.asked_for),
            "tone": TONES[row.state],  # type: ignore[index]
            "strip": presenting.strip(row),
            "facts": presenting.resource_facts(row),
            "photos": photos_of(row),
            "hours": presenting.hours_of(row),
            "closures": presenting.closures_of(row),
            "may_open": ResourceVerb.CLOSE_DAYS in verbs,
            "may_edit": ResourceVerb.EDIT in verbs,
            "may_add": "add" in resource_abilities(user),
            "floors": presenting.floors_of(row),
            "is_station": presenting.is_station(row),
            "belongs": presenting.belongs(row),
            "coming": presenting.coming(row),
            "uses": presenting.notes_of_use(row),
            "meets": [line for find in contributions("resource.meets") for line in find(user, row)],
            "onward": onward(user, f"resource:{row.pk}", row.number),
            "timeline": presenting.story(events),
            "steps": self.shown_acts(row, user, said.pop("refused", {})),
            **said,
        }
        return TemplateResponse(request, PAGE, context, status=status)

    def add(self, request: HttpRequest) -> HttpResponse:
        """登记资源: ``?within=`` a station of whose rooms it becomes one; ``?unit=`` for a unit."""
        user = signed_in(request)
        if not user.has_role(*KEEPERS):
            raise NotAllowed
        if request.method != "POST":
            return self._form(request, ResourceForm(user=user, initial=self._first(request)), None)
        form = ResourceForm(request.POST, user=user)

        def save() -> Resource:
            given = form.cleaned_data
            if given["client_key"] is None:
                raise Conflict(_("请重新打开登记页面再填一次。"))
            unit = given["unit"].pk if given["unit"] else None
            return services.offer_resource(
                client_key=given["client_key"], by=user, area=given["area"].pk, unit=unit, **form.typed()
            )

        return self._saved(request, form, None, save)

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change what is written down of it."""
        row, user = self._find(request, pk), signed_in(request)
        if ResourceVerb.EDIT not in resource_abilities(user, row):
            raise NotAllowed(_("停用的资源不能改，请先恢复或重新送审。"))
        if request.method != "POST":
            return self._form(request, ResourceForm(user=user, resource=row), row)
        form = ResourceForm(request.POST, user=user, resource=row)

        def save() -> Resource:
            if form.cleaned_data["version"] is None:
                raise Conflict(STALE)
            return services.edit_resource(pk=pk, by=user, version=form.cleaned_data["version"], **form.typed())

        return self._saved(request, form, row, save)

    def _saved(
        self, request: HttpRequest, form: ResourceForm, row: Resource | None, save: Callable[[], Resource]
    ) -> HttpResponse:
        if not form.is_valid():
            return self._form(request, form, row, 422)
        try:
            saved = save()
        except DomainError as error:
            if error.status == NotFound.status:
                raise
            add_errors(form, error)
            if row is not None and isinstance(error, Conflict):
                typed: Any = form.data
                form.data = again = typed.copy()
                again["version"] = str(self._find(request, row.pk).version)
            return self._form(request, form, row, 422 if error.status == 400 else error.status)
        messages.success(request, _("改好了。") if row else _("登记好了，编号%(number)s。") % {"number": saved.number})
        return HttpResponseRedirect(self.change_url(saved.pk))

    def _first(self, request: HttpRequest) -> dict[str, Any]:
        """What a new one begins with: in the station that the address names, in the office of whoever keeps but one."""
        given = request.GET.get("within", "")
        station = None
        if given.isdecimal() and len(given) < 10:
            station = Resource.objects.kept_by(request.user).filter(pk=int(given)).first()
        if station is None:
            return {}
        names = ("area", "unit", "address", "serves", "for_units", "for_people")
        return {**{name: getattr(station, name) for name in names}, "within": station, "kind": "activity-room"}

    def _form(self, request: HttpRequest, form: ResourceForm, row: Resource | None, status: int = 200) -> HttpResponse:
        back = self.change_url(row.pk) if row else reverse("admin:resources_resource_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("修改资源") if row else _("登记资源"),
            "form": form,
            "groups": form.groups(),
            "resource": row,
            "back_url": back,
        }
        return TemplateResponse(request, EDIT, context, status=status)

    def open_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: a closure is taken away."""
        self._find(request, pk)
        closure = request.POST.get("closure", "")
        if request.method == "POST" and closure.isdecimal() and len(closure) < 19:
            with suppress(NotFound):  # tapped twice: they are open
                services.open_again(pk=pk, closure=int(closure), by=signed_in(request), version=None)
            messages.success(request, _("又开放了。"))
        return HttpResponseRedirect(self.change_url(pk))
