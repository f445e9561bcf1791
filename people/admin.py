"""People, grants, areas and notices in the workbench, for the three administrators."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import ScopedAdmin, new_end
from people import permissions
from people.models import Area, Consent, RoleGrant, User
from people.querysets import within
from people.services.accounts import (
    change_email,
    create_user,
    end_grant,
    grant_role,
    rename_user,
    reset_password,
    set_active,
)
from people.services.areas import change_area
from people.states import Role
from people.visitors import signed_in


class UserForm(forms.ModelForm):
    """An account; the first password is typed here and must be changed at the first sign-in."""

    phone = forms.CharField(label=_("手机"), required=False, help_text=_("可以不填；只用于发提醒，加密保存"))
    email = forms.CharField(
        label=_("电子邮箱"), required=False, help_text=_("可以不填；填了，提醒也发到这里。加密保存")
    )
    password = forms.CharField(
        label=_("初始密码"),
        required=False,
        error_messages={"required": _("请写一个初始密码。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少10位，要有大写、小写、数字、符号中的三种；下次登录须改"),
    )

    class Meta:
        model = User
        fields = ("username", "name", "phone", "email", "area", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A new account needs a first password; for an old one an empty field leaves the password alone."""
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields["password"].required = self.instance.pk is None
        if self.instance.pk and "password" in self.fields:
            self.fields["password"].label = _("重设密码")
            self.fields["password"].help_text = _(
                "留空就不变。至少10位，要有大写、小写、数字、符号中的三种；下次登录须改"
            )


class GrantForm(forms.ModelForm):
    """A role in an area, from one day to another."""

    class Meta:
        model = RoleGrant
        fields = ("user", "role", "area", "starts_on", "ends_on", "note")
        labels: ClassVar = {"starts_on": _("开始日期"), "ends_on": _("结束日期")}


class SeatFilter(admin.SimpleListFilter):
    """Accounts with and without a role today."""

    title = _("工作角色")
    parameter_name = "seat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("有")), ("none", _("没有（含联络员）"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        holders = RoleGrant.objects.active().values("user")
        if self.value() == "none":
            return queryset.filter(is_active=True).exclude(pk__in=holders)
        return queryset.filter(pk__in=holders) if self.value() == "yes" else queryset


@admin.register(User)
class UserAdmin(ScopedAdmin):
    """Accounts. Rights are given under 角色授权."""

    abilities = staticmethod(permissions.user_abilities)
    form = UserForm
    list_display = ("name", "username", "seats", "area", "is_active")
    list_filter = (SeatFilter, "is_active", "must_change_password")
    list_select_related = ("area",)
    search_fields = ("username", "name")
    search_help_text = _("姓名或用户名")
    ordering = ("username",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        held = RoleGrant.objects.active().select_related("area").order_by("pk")
        return super().get_queryset(request).prefetch_related(Prefetch("grants", held, to_attr="held_now"))

    @admin.display(description=_("工作角色"))
    def seats(self, user: User) -> str:
        """Roles of today with their areas."""
        held: list[RoleGrant] = getattr(user, "held_now", [])
        places = [_("%(role)s（%(area)s）") % {"role": one.get_role_display(), "area": one.area.name} for one in held]
        return str(_("、")).join(str(place) for place in places) or "—"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        kept = ["username", "name", "seats", "area", "email", "is_active", "password"]
        if obj and "change" not in self.abilities(request.user, obj):
            kept = [name for name in kept if name not in ("email", "password")]
        return kept if obj else ["username", "name", "phone", "email", "area", "password"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["username", "seats", "area"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = Area.objects.filter(
            within(signed_in(request).areas_of(Role.SYSTEM_ADMIN), area="code", street="")
        )
        kwargs["empty_label"] = _("我自己的区域")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        given = form.cleaned_data
        if change:
            if "name" in form.changed_data:
                rename_user(user=obj, by=signed_in(request), name=given["name"])
            if "email" in form.changed_data:
                change_email(user=obj, by=signed_in(request), email=given["email"])
            if "is_active" in form.changed_data:
                set_active(user=obj, by=signed_in(request), active=given["is_active"])
            if given["password"]:
                reset_password(user=obj, by=signed_in(request), password=given["password"])
            return
        made = create_user(
            username=given["username"],
            name=given["name"],
            password=given["password"],
            phone=given["phone"],
            email=given["email"],
            area=given["area"],
            by=signed_in(request),
        )
        obj.pk, obj._state.adding = made.pk, False


@admin.register(RoleGrant)
class RoleGrantAdmin(ScopedAdmin):
    """Roles in areas: given here, ended here, never deleted."""

    abilities = staticmethod(permissions.grant_abilities)
    form = GrantForm
    list_display = ("user", "role", "area", "starts_on", "ends_on")
    list_filter = ("role",)
    search_fields = ("user__name", "user__username", "area__name")
    search_help_text = _("姓名、用户名或区域")
    list_select_related = ("user", "area")
    autocomplete_fields = ("user", "area")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["user", "role", "area", "starts_on", "ends_on", "note"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["user", "role", "area", "starts_on", "note"] if obj else []

    def save_model(self, request: HttpRequest, obj: RoleGrant, form: Any, change: bool) -> None:
        given = form.cleaned_data
        if change:
            day = new_end(form, "ends_on")
            if day:
                end_grant(grant=obj, by=signed_in(request), on=day)
            return
        made = grant_role(by=signed_in(request), **{name: given[name] for name in self.get_fields(request)})
        obj.pk, obj._state.adding = made.pk, False


@admin.register(Area)
class AreaAdmin(ScopedAdmin):
    """Areas: names and codes come from the official import; phones, aliases and opening are kept here."""

    abilities = staticmethod(permissions.area_abilities)
    list_display = ("name", "code", "level", "is_served", "short_code", "phone")
    list_filter = ("level", "is_served")
    search_fields = ("code", "name", "initials", "pinyin")
    search_help_text = _("名称、拼音、首字母或代码")
    ordering = ("code",)
    fields = ("code", "name", "level", "short_code", "aliases", "phone", "is_served")
    readonly_fields = ("code", "name", "level")

    def save_model(self, request: HttpRequest, obj: Area, form: Any, change: bool) -> None:
        given = form.cleaned_data
        change_area(
            code=obj.pk,
            by=signed_in(request),
            short_code=given["short_code"],
            aliases=given["aliases"],
            phone=given["phone"],
            is_served=given["is_served"],
        )


@admin.register(Consent)
class ConsentAdmin(ScopedAdmin):
    """Consents, to look at only."""

    abilities = staticmethod(permissions.consent_abilities)
    list_display = ("source", "area_code", "notice", "channel", "given_at", "withdrawn_at")
    search_fields = ("source",)
    search_help_text = _("诉求编号")
    list_select_related = ("notice",)
