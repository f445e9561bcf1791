"""Alliances and memberships in the workbench. Every change is a service's."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from alliance.lib.admin import new_end
from alliance.lib.errors import Invalid, NotFound, RuleBroken
from members import permissions, services
from members.admin.base import RegisterAdmin, areas_of, say, shown_again
from members.admin.matrix import MatrixPages
from members.forms import (
    AllianceForm,
    MembershipForm,
    typed,
)
from members.forms.bodies import FigureForm, street_alliances
from members.listings.alliances import ALLIANCES, MEMBERSHIPS
from members.models import Alliance, Body, Figure, Membership
from members.presenting.service_cards import steps_around, table_of
from members.querysets import in_force
from members.services import figures
from members.services.in_hand import open_things
from members.services.service_cards import quarter_named
from members.services.taking_back import may_take_back
from members.states import REGISTER_ROLES
from people.lists import ListedAdmin
from people.models import User
from people.states import Level, Role
from people.visitors import signed_in

FIGURE = ("label", "value", "as_of", "source", "position")


@admin.register(Alliance)
class AllianceAdmin(ListedAdmin, MatrixPages, RegisterAdmin):
    listing = ALLIANCES
    abilities = staticmethod(permissions.alliance_abilities)
    form = AllianceForm
    fixed = ("area", "parent")
    fields = ("area", "parent", "name", "brand", "office_name", "founded_on", "principles", "intro", "quiet_days")
    change_form_template = "admin/members/alliance/change_form.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/take-back/", view(self.take_back), name="members_alliance_take_back"),
            path("<int:pk>/card/", view(self.card), name="members_alliance_card"),
            path("<int:pk>/figures/", view(self.add_figure), name="members_alliance_figures"),
            path("figures/<int:pk>/", view(self.change_figure), name="members_figure_change"),
            path("figures/<int:pk>/remove/", view(self.remove_figure), name="members_figure_remove"),
        ]
        return [*own, *super().get_urls()]

    @method_decorator(require_GET)
    def card(self, request: HttpRequest, pk: int) -> HttpResponse:
        """服务卡: what the members gave in a quarter (``?quarter=2026Q3``), for whoever may see the alliance."""
        alliance = Alliance.objects.visible_to(request.user).filter(pk=pk).first()
        if alliance is None or "view" not in permissions.alliance_abilities(request.user, alliance):
            raise NotFound
        quarter = quarter_named(request.GET.get("quarter", ""))
        context = {
            **self.admin_site.each_context(request),
            "alliance": alliance,
            "quarter": quarter,
            "table": table_of(alliance, quarter),
            "steps": steps_around(quarter),
        }
        return TemplateResponse(request, "admin/members/alliance/card.html", context)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Whether one more is meant is asked where it is not clear."""
        refusal = getattr(request, "refusal", None)
        asked = "second" in request.POST or "second" in getattr(refusal, "fields", {})
        return (*self.fields, "second") if obj is None and asked else self.fields

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "parent":
            kwargs["queryset"] = street_alliances(request.user)
            kwargs["empty_label"] = _("没有上级")
        else:
            below = areas_of(request.user, *REGISTER_ROLES).filter(level=Level.COMMUNITY)
            kwargs["queryset"] = areas_of(request.user, Role.SYSTEM_ADMIN) | below
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        alliance = self.get_object(request, object_id)
        around = self._around(request, alliance) if isinstance(alliance, Alliance) else {}
        return super().change_view(request, object_id, form_url, {**around, **(extra_context or {})})

    def _around(self, request: HttpRequest, alliance: Alliance) -> dict[str, Any]:
        """What stands below the form: figures, sub-alliances, bodies."""
        today = in_force(None, start="memberships__joined_on", end="memberships__left_on")
        below = Alliance.objects.filter(parent=alliance).select_related("area")
        sitting = in_force(None, start="seats__starts_on", end="seats__ends_on")
        bodies = Body.objects.filter(alliance=alliance, ended_on__isnull=True).select_related("kind", "area")
        keeps = self._may(request, "keep", alliance)
        sets_up = permissions.sets_up_alliance(request.user, alliance.area_id)
        rows = Figure.objects.filter(alliance=alliance)
        return {
            "figures": [(row, FigureForm(instance=row, auto_id=f"figure_{row.pk}_%s")) for row in rows],
            "figure_form": FigureForm(auto_id="new_figure_%s"),
            "sub_alliances": below.annotate(n=Count("memberships", filter=today)).order_by("area_id", "id"),
            "bodies": bodies.annotate(n=Count("seats", filter=sitting)).order_by("kind__position", "position", "id"),
            "may_keep": keeps,
            "may_take_back": sets_up and may_take_back(alliance),
            "may_keep_below": keeps and permissions.sets_up_alliance(request.user, f"{alliance.area_id}000"),
        }

    def take_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: a sub-alliance was set up by mistake."""
        if request.method != "POST":
            return redirect("admin:members_alliance_change", pk)
        try:
            gone = services.take_back_alliance(pk=pk, by=signed_in(request))
        except RuleBroken as error:
            messages.error(request, str(error.message))
            return redirect("admin:members_alliance_change", pk)
        messages.success(request, _("撤销了，“%(name)s”不再列出。") % {"name": gone.name})
        return redirect("admin:members_alliance_changelist")

    def add_figure(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: another figure."""
        if request.method != "POST":
            return redirect("admin:members_alliance_change", pk)
        self.require_keep(request, self.seen(request, pk))
        form = FigureForm(request.POST, auto_id="new_figure_%s")
        try:
            if form.is_valid():
                figures.add_figure(alliance=pk, by=signed_in(request), **typed(form, *FIGURE))
                messages.success(request, _("已加上。"))
                return redirect("admin:members_alliance_change", pk)
        except Invalid as error:
            say(form, error)
        return shown_again(self, request, pk, figure_form=form)

    def change_figure(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: what a figure says from now on."""
        row = self._figure(request, pk)
        if request.method != "POST":
            return redirect("admin:members_alliance_change", row.alliance_id)
        self.require_keep(request, row.alliance)
        form = FigureForm(request.POST, instance=row, auto_id=f"figure_{pk}_%s")
        try:
            if form.is_valid():
                figures.change_figure(pk=pk, by=signed_in(request), **typed(form, *FIGURE))
                messages.success(request, _("已改好。"))
                return redirect("admin:members_alliance_change", row.alliance_id)
        except Invalid as error:
            say(form, error)
        around = self._around(request, row.alliance)["figures"]
        shown = [(one, form if one.pk == pk else other) for one, other in around]
        return shown_again(self, request, row.alliance_id, figures=shown)

    def remove_figure(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: a figure is taken away."""
        row = self._figure(request, pk)
        if request.method == "POST":
            figures.remove_figure(pk=pk, by=signed_in(request))
            messages.success(request, _("已去掉。"))
        return redirect("admin:members_alliance_change", row.alliance_id)

    def _figure(self, request: HttpRequest, pk: int) -> Figure:
        return figures.seen_figure(pk=pk, by=signed_in(request))

    def add_row(self, by: User, form: ModelForm[Any]) -> Alliance:
        given = typed(form, *self.fields)
        second = form.cleaned_data["second"]
        return services.create_alliance(by=by, **{**given, "parent": given["parent"] or None, "second": second})

    def change_row(self, by: User, obj: Alliance, form: ModelForm[Any]) -> Alliance:
        return services.update_alliance(
            pk=obj.pk, by=by, seen=form.cleaned_data["seen"], **typed(form, *self.fields[2:])
        )


@admin.register(Membership)
class MembershipAdmin(ListedAdmin, RegisterAdmin):
    listing = MEMBERSHIPS
    abilities = staticmethod(permissions.membership_abilities)
    form = MembershipForm
    fixed = ("alliance", "unit", "joined_on")
    little = True
    change_form_template = "admin/members/membership/change_form.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        open_ = open_things(signed_in(request), found.unit_id) if isinstance(found, Membership) else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "open_things": open_})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.fixed, "left_on") if obj is not None else self.fixed

    def add_row(self, by: User, form: ModelForm[Any]) -> Membership:
        return services.join_alliance(by=by, **typed(form, *self.fixed))

    def change_row(self, by: User, obj: Membership, form: ModelForm[Any]) -> Membership:
        return services.leave_alliance(pk=obj.pk, by=by, on=day) if (day := new_end(form, "left_on")) else obj
