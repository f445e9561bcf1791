"""Member units in the workbench: the list, a new one, the page of each with its parts. Every change is a service's."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin import register
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from alliance.lib.public_text import Warned
from alliance.lib.refused import add_errors
from members import permissions, services
from members.admin.base import RegisterAdmin, areas_of
from members.admin.merged import merged_into
from members.forms import NewUnitForm, UnitForm, typed
from members.forms.profile import EntryForm, part_form, renewed
from members.listings.units import UNITS
from members.models import Alliance, MemberUnit
from members.presenting import unit as presenting
from members.services.profile import SERVICES
from members.states import REGISTER_ROLES, Part
from people.lists import ListedAdmin
from people.visitors import signed_in

PARTS = [part for part in Part.values if part != Part.ENTRY]
PAGE = "admin/members/memberunit/page.html"


@register(MemberUnit)
class MemberUnitAdmin(ListedAdmin, RegisterAdmin):
    listing = UNITS
    abilities = staticmethod(permissions.unit_abilities)
    form = UnitForm
    add_form = NewUnitForm
    writes = ("add_row",)  # what stands there is changed part by part, on a page of its own
    search_fields = ("name", "short_name", "pinyin", "initials", "uscc")
    entry = ("name", "short_name", "kind", "uscc", "area", "is_public", "note")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        parts = [
            path(f"<int:pk>/{part}/", view(partial(self.save_part, part=part)), name=f"members_memberunit_{part}")
            for part in PARTS
        ]
        own = [
            path("<int:pk>/suspend/", view(self.suspend), name="members_memberunit_suspend"),
            path("<int:pk>/restore/", view(self.restore), name="members_memberunit_restore"),
        ]
        return [*own, *parts, *super().get_urls()]

    def _unit(self, request: HttpRequest, pk: Any) -> MemberUnit:
        if not self.has_view_permission(request):
            raise NotAllowed
        unit = presenting.found_unit(request.user, int(pk)) if str(pk).isdecimal() and len(str(pk)) < 19 else None
        if unit is None:
            raise NotFound
        return unit

    def page(self, request: HttpRequest, pk: Any, status: int = 200, **said: Any) -> HttpResponse:
        """One unit. ``said``: forms just refused, by part, and what stands above or below them."""
        unit = self._unit(request, pk)
        forms = {
            part: said.get(part) or (self._entry(request, unit) if part == Part.ENTRY else part_form(part, unit))
            for part in presenting.editable(request.user, unit)
        }
        page = presenting.page_context(request, unit, forms)
        context = {**self.admin_site.each_context(request), **page, "opts": self.opts, **said}
        return TemplateResponse(request, PAGE, context, status=status)

    def _entry(self, request: HttpRequest, unit: MemberUnit, data: Any = None) -> EntryForm:
        own = MemberUnit.objects.get(pk=unit.pk)  # a form writes what was typed into its row: not into the page's
        areas = areas_of(request.user, *REGISTER_ROLES)
        return EntryForm(data, instance=own, areas=areas, prefix=Part.ENTRY, label_suffix="")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The unit's page; what is sent to it is its entry in the register. One merged into another leads there."""
        if (into := merged_into(request, object_id)) is not None:
            return into
        if request.method != "POST":
            return self.page(request, object_id)
        unit = self._unit(request, object_id)
        if not self.has_change_permission(request, unit):
            raise NotAllowed
        form = self._entry(request, unit, request.POST)
        if not form.is_valid():
            return self.page(request, unit.pk, 422, entry=form)
        try:
            services.update_unit(
                pk=unit.pk, by=signed_in(request), seen=form.cleaned_data["seen"], **typed(form, *EntryForm.Meta.fields)
            )
        except DomainError as error:
            return self._refused(request, unit, Part.ENTRY, form, error)
        return self._saved(request, unit.pk, Part.ENTRY)

    def save_part(self, request: HttpRequest, pk: int, part: str) -> HttpResponse:
        """One part of the profile; asked for without being sent, the page."""
        unit = self._unit(request, pk)
        if request.method != "POST":
            return redirect("admin:members_memberunit_change", pk)
        form = part_form(part, unit, request.POST)
        if not form.is_valid():
            return self.page(request, pk, 422, **{part: form})
        try:
            SERVICES[part](pk=pk, by=signed_in(request), seen=form.seen_or_none(), **form.given())
        except DomainError as error:
            return self._refused(request, unit, part, form, error)
        return self._saved(request, pk, part)

    def _saved(self, request: HttpRequest, pk: int, part: str) -> HttpResponse:
        messages.success(request, _("已保存。"))
        return redirect(reverse("admin:members_memberunit_change", args=[pk]) + f"#{part}")

    def _refused(
        self, request: HttpRequest, unit: MemberUnit, part: str, form: Any, error: DomainError
    ) -> HttpResponse:
        """The page again with every word that was typed; somebody else's newer words stand above the stale form."""
        if error.status in (403, 404):
            raise error
        if isinstance(error, Conflict):
            form = renewed(form, part, unit, request.POST)
            return self.page(request, unit.pk, error.status, stale=error.message, **{part: form})
        add_errors(form, error)
        return self.page(request, unit.pk, 422 if error.status == 400 else error.status, **{part: form})

    def suspend(self, request: HttpRequest, pk: int) -> HttpResponse:
        """暂停参加, with a reason."""
        if request.method == "POST":
            given = {name: request.POST.get(name, "") for name in ("why", "seen_warnings")}
            try:
                services.suspend_unit(pk=pk, by=signed_in(request), **given)
            except Warned as warned:
                said = {"why_error": warned.fields["seen_warnings"], "why_mark": warned.mark}
                return self.page(request, pk, 422, why_typed=given["why"], **said)
            except Invalid as error:
                return self.page(request, pk, 422, why_typed=given["why"], why_error=error.fields["why"])
            messages.success(request, _("已暂停。手上的照常送到，不再接新的。"))
        return redirect("admin:members_memberunit_change", pk)

    def restore(self, request: HttpRequest, pk: int) -> HttpResponse:
        """恢复参加."""
        if request.method == "POST":
            services.restore_unit(pk=pk, by=signed_in(request))
            messages.success(request, _("已恢复。"))
        return redirect("admin:members_memberunit_change", pk)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.entry, "alliance", "joined_on")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "alliance" in form.base_fields:
            form.base_fields["alliance"].queryset = Alliance.objects.visible_to(request.user)
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = areas_of(request.user, *REGISTER_ROLES)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def add_row(self, by: Any, form: ModelForm[Any]) -> MemberUnit:
        joining: dict[str, Any] = {name: form.cleaned_data.get(name) for name in ("alliance", "joined_on")}
        return services.create_unit(by=by, **typed(form, *self.entry), **joining)
