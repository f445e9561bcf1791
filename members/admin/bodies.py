"""Bodies and their kinds in the workbench; who sits in a body is kept on its page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from members import permissions
from members.admin.base import RegisterAdmin, areas_of, say, shown_again
from members.forms import typed
from members.forms.bodies import BodyForm, BodyKindForm, BodySeatForm, DayForm
from members.listings.bodies import BODIES
from members.listings.body_kinds import BODY_KINDS
from members.models import Alliance, Body, BodyKind, BodySeat
from members.services import bodies, body_seats
from members.services.body_kinds import save_body_kind
from members.states import REGISTER_ROLES
from people.lists import ListedAdmin
from people.models import User
from people.states import COMMUNITY_ROLES
from people.visitors import signed_in

SEAT = ("role", "name", "title", "starts_on", "ends_on")
KIND = ("name", "axis", "roles", "single_roles", "position", "is_active")
CHOSEN = ("kind", "area", "alliance")


@admin.register(Body)
class BodyAdmin(ListedAdmin, RegisterAdmin):
    """机构: a list by kind, and a page of each with everybody who sits or sat in it."""

    listing = BODIES
    abilities = staticmethod(permissions.body_abilities)
    form = BodyForm
    fixed = CHOSEN
    search_fields = ("name", "area__name", "kind__name")
    fields = (*CHOSEN, "name", "parent", "intro", "set_up_on", "position", "is_public")
    change_form_template = "admin/members/body/change_form.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/seats/", view(self.add_seat), name="members_body_seats"),
            path("<int:pk>/end/", view(self.end), name="members_body_end"),
            path("seats/<int:pk>/end/", view(self.end_seat), name="members_bodyseat_end"),
        ]
        return [*own, *super().get_urls()]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "area":
            kwargs["queryset"] = areas_of(request.user, *REGISTER_ROLES, *COMMUNITY_ROLES)
        elif db_field.name == "kind":
            kwargs["queryset"] = BodyKind.objects.in_use()
        elif db_field.name == "parent":
            kwargs["queryset"] = self._above(request)
            kwargs["empty_label"] = _("没有上级")
        elif db_field.name == "alliance":
            kwargs["empty_label"] = _("不属于联盟")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _above(self, request: HttpRequest) -> QuerySet[Body]:
        """What may stand above the body of this page: neither itself nor what hangs below it."""
        rows = Body.objects.visible_to(request.user).filter(ended_on__isnull=True)
        shown = request.resolver_match.kwargs.get("object_id", "") if request.resolver_match else ""
        if not _number(shown):
            return rows
        return rows.exclude(pk=_number(shown)).exclude(parent=_number(shown))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        given = super().get_changeform_initial_data(request)
        alliance = Alliance.objects.visible_to(request.user).filter(pk=_number(given.get("alliance"))).first()
        return {**given, "area": alliance.area_id} if alliance else given

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        body = self.get_object(request, object_id)
        around = self._around(request, body) if isinstance(body, Body) else {}
        return super().change_view(request, object_id, form_url, {**around, **(extra_context or {})})

    def _around(self, request: HttpRequest, body: Body) -> dict[str, Any]:
        """Who sits in it now, will, and did."""
        rows = list(BodySeat.objects.filter(body=body).select_related("unit", "user"))
        order = {role: place for place, role in enumerate(body.kind.roles)}
        rows.sort(key=lambda seat: (order.get(seat.role, len(order)), seat.starts_on, seat.pk))
        unended = set(BodySeat.objects.filter(body=body).unended().values_list("pk", flat=True))
        may = self._may(request, "change", body) and body.ended_on is None
        return {
            "present": [seat for seat in rows if seat.pk in unended],
            "former": [seat for seat in rows if seat.pk not in unended],
            "seat_form": BodySeatForm(body=body, by=request.user) if may else None,
            "end_form": DayForm(label_suffix="", auto_id="end_%s") if may else None,
            "may_seat": may,
        }

    def add_seat(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: somebody sits in the body from now on."""
        body = Body.objects.visible_to(request.user).select_related("kind").filter(pk=pk).first()
        if body is None:
            raise NotFound
        if request.method != "POST":
            return redirect("admin:members_body_change", pk)
        if not self._may(request, "change", body):
            raise NotAllowed
        form = BodySeatForm(request.POST, body=body, by=request.user)
        try:
            if form.is_valid():
                chosen = {name: form.cleaned_data[name] for name in ("unit", "user", "is_public")}
                body_seats.add_body_seat(pk=pk, by=signed_in(request), **typed(form, *SEAT), **chosen)
                messages.success(request, _("已登记任职。"))
                return redirect("admin:members_body_change", pk)
        except (Invalid, RuleBroken) as error:
            say(form, error)
        return shown_again(self, request, pk, seat_form=form)

    def end_seat(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: somebody sits in the body no more."""
        seat = BodySeat.objects.visible_to(request.user).filter(pk=pk).first()
        if seat is None:
            raise NotFound
        if request.method != "POST":
            return redirect("admin:members_body_change", seat.body_id)
        form = DayForm(request.POST, label_suffix="", auto_id=f"seat_{pk}_%s")
        try:
            if form.is_valid():
                body_seats.end_body_seat(pk=pk, by=signed_in(request), on=form.cleaned_data["on"])
                messages.success(request, _("任职已结束，留在曾任里。"))
                return redirect("admin:members_body_change", seat.body_id)
        except (Invalid, RuleBroken) as error:
            form.add_error("on", str(_sentence(error)))
        return shown_again(self, request, seat.body_id, refused_seat=pk, refused_form=form)

    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: the body exists no more."""
        if request.method != "POST":
            return redirect("admin:members_body_change", pk)
        form = DayForm(request.POST, label_suffix="", auto_id="end_%s")
        try:
            if form.is_valid():
                bodies.end_body(pk=pk, by=signed_in(request), on=form.cleaned_data["on"])
                messages.success(request, _("已撤销，任职的历史都在。"))
                return redirect("admin:members_body_change", pk)
        except (Invalid, RuleBroken) as error:
            form.add_error("on", str(_sentence(error)))
        return shown_again(self, request, pk, end_form=form)

    def add_row(self, by: User, form: ModelForm[Any]) -> Body:
        return bodies.create_body(by=by, **_given(form, *self.fields))

    def change_row(self, by: User, obj: Body, form: ModelForm[Any]) -> Body:
        return bodies.update_body(
            pk=obj.pk, by=by, seen=form.cleaned_data["seen"], **_given(form, *self.fields[len(CHOSEN) :])
        )


@admin.register(BodyKind)
class BodyKindAdmin(ListedAdmin):
    """机构类型: one list for all streets."""

    listing = BODY_KINDS
    abilities = staticmethod(permissions.body_kind_abilities)
    form = BodyKindForm
    fields = KIND

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Whoever only looks reads lists as one says them."""
        if obj is None or self.has_change_permission(request, obj):
            return KIND
        return tuple({"roles": "roles_said", "single_roles": "single_roles_said"}.get(name, name) for name in KIND)

    @admin.display(description=_("角色"))
    def roles_said(self, kind: BodyKind) -> str:
        return str(_("、")).join(kind.roles)

    @admin.display(description=_("只能有一位的角色"))
    def single_roles_said(self, kind: BodyKind) -> str:
        return str(_("、")).join(kind.single_roles)

    def save_model(self, request: HttpRequest, obj: BodyKind, form: Any, change: bool) -> None:
        given = {field: form.cleaned_data[field] for field in KIND}
        obj.pk = save_body_kind(pk=obj.pk if change else None, by=signed_in(request), **given).pk


def _given(form: ModelForm[Any], *names: str) -> dict[str, Any]:
    values = typed(form, *names)
    return {name: (value or None) if name in ("alliance", "parent") else value for name, value in values.items()}


def _sentence(error: Any) -> Any:
    fields = error.fields if isinstance(error, Invalid) else {}
    return next((texts[0] for texts in fields.values() if texts), error.message)


def _number(text: Any) -> int:
    return int(text) if str(text or "").isdecimal() and len(str(text)) < 10 else 0
