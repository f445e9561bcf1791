"""Member units in the workbench. Every change is a service's."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid
from members import permissions, services
from members.admin.base import ReadOnlyInline, RegisterAdmin, areas_of
from members.forms import (
    NewUnitForm,
    UnitForm,
    typed,
)
from members.models import Alliance, Liaison, Membership, MemberUnit
from members.states import REGISTER_ROLES
from people.models import User


class MembershipInline(ReadOnlyInline):
    model = Membership
    fields = ("alliance", "joined_on", "left_on")


class LiaisonInline(ReadOnlyInline):
    model = Liaison
    fields = ("shown_name", "title", "is_second", "starts_on", "ends_on")
    readonly_fields = ("shown_name",)

    @admin.display(description=_("联络员"))
    def shown_name(self, obj: Liaison) -> str:
        return obj.shown_name


@admin.register(MemberUnit)
class MemberUnitAdmin(RegisterAdmin):
    abilities = staticmethod(permissions.unit_abilities)
    form = UnitForm
    add_form = NewUnitForm
    list_display = ("name", "kind", "area", "is_public")
    list_display_links = ("name",)
    list_filter = ("kind", "is_public")
    list_select_related = ("area",)
    search_fields = ("name", "short_name", "pinyin", "initials", "uscc")
    inlines = (MembershipInline, LiaisonInline)
    entry = ("name", "short_name", "kind", "uscc", "area", "is_public", "note")

    change_form_template = "admin/members/memberunit/change_form.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/suspend/", view(self.suspend), name="members_memberunit_suspend"),
            path("<int:pk>/restore/", view(self.restore), name="members_memberunit_restore"),
        ]
        return [*own, *super().get_urls()]

    def suspend(self, request: HttpRequest, pk: int) -> HttpResponse:
        """暂停参加, with a reason."""
        if request.method == "POST":
            try:
                services.suspend_unit(pk=pk, by=cast(User, request.user), why=request.POST.get("why", ""))
            except Invalid as error:
                request.method = "GET"
                said = {"why_error": error.fields["why"][0], "why_typed": request.POST.get("why", "")}
                page = self.change_view(request, str(pk), extra_context=said)
                page.status_code = 422
                return page
            messages.success(request, _("已暂停。手上的照常送到，不再接新的。"))
        return redirect("admin:members_memberunit_change", pk)

    def restore(self, request: HttpRequest, pk: int) -> HttpResponse:
        """恢复参加."""
        if request.method == "POST":
            services.restore_unit(pk=pk, by=cast(User, request.user))
            messages.success(request, _("已恢复。"))
        return redirect("admin:members_memberunit_change", pk)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.entry if obj is not None else (*self.entry, "alliance", "joined_on")

    def get_inlines(self, request: HttpRequest, obj: Any) -> tuple[type[ReadOnlyInline], ...]:
        return self.inlines if obj is not None else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "alliance" in form.base_fields:
            form.base_fields["alliance"].queryset = Alliance.objects.visible_to(request.user)
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = areas_of(request.user, *REGISTER_ROLES)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def add_row(self, by: User, form: ModelForm[Any]) -> MemberUnit:
        joining: dict[str, Any] = {name: form.cleaned_data.get(name) for name in ("alliance", "joined_on")}
        return services.create_unit(by=by, **typed(form, *self.entry), **joining)

    def change_row(self, by: User, obj: MemberUnit, form: ModelForm[Any]) -> MemberUnit:
        return services.update_unit(pk=obj.pk, by=by, **typed(form, *self.entry))
