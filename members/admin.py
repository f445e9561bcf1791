"""The register in the workbench: alliances, units, memberships, liaisons. Every change is a service's."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import ScopedAdmin, new_end
from alliance.lib.errors import Invalid
from members import permissions, services
from members.forms import (
    AllianceForm,
    LiaisonForm,
    MembershipForm,
    NewLiaisonForm,
    NewUnitForm,
    UnitForm,
    typed,
)
from members.models import Alliance, Liaison, Membership, MemberUnit
from members.states import REGISTER_ROLES
from people.models import Area, User
from people.querysets import within
from people.states import Level, Role


def areas_of(user: Any, *roles: str) -> QuerySet[Area]:
    """Streets and communities where the person holds one of ``roles``, to choose a seat from."""
    own = within(user.areas_of(*roles), area="code", street="")
    return Area.objects.filter(own, level__in=[Level.STREET, Level.COMMUNITY]).order_by("code")


class RegisterAdmin(ScopedAdmin):
    """Rows that are entered by one form and changed by another, each through its service."""

    add_form: type[ModelForm[Any]] | None = None
    fixed: tuple[str, ...] = ()
    """Fields that are chosen once, when the row is made."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None and self.add_form is not None:
            kwargs["form"] = self.add_form
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fixed if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        by = cast(User, request.user)
        saved = self.change_row(by, obj, form) if change else self.add_row(by, form)
        # The admin goes on with its own object (log entry, message): let it be what was saved.
        obj.__dict__.update(saved.__dict__)

    def add_row(self, by: User, form: ModelForm[Any]) -> Model:
        raise NotImplementedError

    def change_row(self, by: User, obj: Any, form: ModelForm[Any]) -> Model:
        raise NotImplementedError


class ReadOnlyInline(admin.TabularInline):
    """Rows to look at; they are changed on their own pages."""

    extra = 0
    can_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.model._default_manager.visible_to(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return "view" in permissions.unit_abilities(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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


@admin.register(Liaison)
class LiaisonAdmin(RegisterAdmin):
    abilities = staticmethod(permissions.liaison_abilities)
    form = LiaisonForm
    add_form = NewLiaisonForm
    entry = ("unit", "name", "phone", "title", "is_second", "starts_on")
    fixed = ("unit", "shown_name", "title", "is_second", "starts_on")
    list_display = ("unit", "shown_name", "title", "is_second", "starts_on", "ends_on")
    list_select_related = ("unit", "user")
    search_fields = ("unit__name", "unit__short_name", "unit__initials", "name")

    @admin.display(description=_("联络员"), ordering="name")
    def shown_name(self, obj: Liaison) -> str:
        return obj.shown_name

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is not None:
            return (*self.fixed, "ends_on")
        return self.entry

    def add_row(self, by: User, form: ModelForm[Any]) -> Liaison:
        return services.seat_person(by=by, **typed(form, *self.entry))

    def change_row(self, by: User, obj: Liaison, form: ModelForm[Any]) -> Liaison:
        return services.end_seat(pk=obj.pk, by=by, on=day) if (day := new_end(form, "ends_on")) else obj
