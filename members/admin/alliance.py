"""Alliances and memberships in the workbench. Every change is a service's."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from alliance.lib.admin import new_end
from members import permissions, services
from members.admin.base import RegisterAdmin, areas_of
from members.forms import (
    AllianceForm,
    MembershipForm,
    typed,
)
from members.forms.bodies import FigureForm, street_alliances
from members.models import Alliance, Body, Figure, Membership
from members.querysets import in_force
from members.services import figures
from members.services.in_hand import open_things
from members.states import REGISTER_ROLES
from people.models import User
from people.states import Level, Role


@admin.register(Alliance)
class AllianceAdmin(RegisterAdmin):
    abilities = staticmethod(permissions.alliance_abilities)
    form = AllianceForm
    fixed = ("area",)
    list_display = ("name", "area", "office_name", "founded_on")
    list_select_related = ("area",)
    fields = ("area", "name", "brand", "office_name", "founded_on", "intro")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = areas_of(request.user, Role.SYSTEM_ADMIN).filter(level=Level.STREET)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def add_row(self, by: User, form: ModelForm[Any]) -> Alliance:
        return services.create_alliance(by=by, **typed(form, *self.fields))

    def change_row(self, by: User, obj: Alliance, form: ModelForm[Any]) -> Alliance:
        return services.update_alliance(pk=obj.pk, by=by, **typed(form, *self.fields[1:]))


@admin.register(Membership)
class MembershipAdmin(RegisterAdmin):
    abilities = staticmethod(permissions.membership_abilities)
    form = MembershipForm
    fixed = ("alliance", "unit", "joined_on")
    list_display = ("unit", "alliance", "joined_on", "left_on")
    list_select_related = ("unit", "alliance")
    search_fields = ("unit__name", "unit__short_name", "unit__initials")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.fixed, "left_on") if obj is not None else self.fixed

    def add_row(self, by: User, form: ModelForm[Any]) -> Membership:
        return services.join_alliance(by=by, **typed(form, *self.fixed))

    def change_row(self, by: User, obj: Membership, form: ModelForm[Any]) -> Membership:
        return services.leave_alliance(pk=obj.pk, by=by, on=day) if (day := new_end(form, "left_on")) else obj
    change_form_template = "admin/members/membership/change_form.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        open_ = open_things(signed_in(request), found.unit_id) if isinstance(found, Membership) else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "open_things": open_})
