"""Party organisations in the workbench, and the lists on which they are cultivated. Every change is a service's."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from alliance.lib.admin import new_end
from alliance.lib.errors import DomainError, NotAllowed, NotFound
from alliance.lib.privacy import mask_name
from alliance.lib.refused import add_errors
from members import permissions, services
from members.admin.base import RegisterAdmin, areas_of
from members.forms.party import FIRST_CRITERIA, CultivationForm, DecideForm, ListForm, OrganisationForm
from members.forms.register import typed
from members.listings.cultivations import CULTIVATIONS
from members.listings.party import PARTY
from members.models import Cultivation, Listed, PartyOrganisation
from members.presenting import party as presenting
from members.states import REGISTER_ROLES
from people.lists import ListedAdmin
from people.models import User
from people.states import COMMUNITY_ROLES
from people.visitors import signed_in

MASKED = {"secretary": "masked_secretary"}
"""What those who do not keep the place read instead."""


@admin.register(PartyOrganisation)
class PartyOrganisationAdmin(ListedAdmin, RegisterAdmin):
    listing = PARTY
    abilities = staticmethod(permissions.place_abilities)
    form = OrganisationForm
    entry = OrganisationForm.Meta.fields[:-1]
    search_fields = ("name", "pinyin", "initials", "unit__name")
    autocomplete_fields = ("unit", "parent")
    change_form_template = "admin/members/partyorganisation/change_form.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return self.entry
        whole = permissions.keeps_place(request.user, obj.area_id)
        entry = self.entry if whole else tuple(MASKED.get(name, name) for name in self.entry)
        return (*entry, "ended_on")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), *MASKED.values())

    @admin.display(description=_("书记"))
    def masked_secretary(self, obj: PartyOrganisation) -> str:
        return mask_name(obj.secretary)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        # A picker offers what exists; the list shows what has been as well.
        return rows.active() if request.path.endswith("/autocomplete/") else rows

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "area":
            kwargs["queryset"] = areas_of(request.user, *REGISTER_ROLES, *COMMUNITY_ROLES)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        around = presenting.around(request.user, object_id)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "panels": around})

    def add_row(self, by: User, form: ModelForm[Any]) -> PartyOrganisation:
        return services.create_organisation(by=by, entry=form.entry())  # type: ignore[attr-defined]

    def change_row(self, by: User, obj: PartyOrganisation, form: ModelForm[Any]) -> PartyOrganisation:
        day = new_end(form, "ended_on")
        saved = obj
        with transaction.atomic():
            if set(form.changed_data) - {"ended_on"}:
                saved = services.update_organisation(pk=obj.pk, by=by, entry=form.entry())  # type: ignore[attr-defined]
            return services.end_organisation(pk=obj.pk, by=by, on=day) if day else saved


@admin.register(Cultivation)
class CultivationAdmin(ListedAdmin, RegisterAdmin):
    listing = CULTIVATIONS
    abilities = staticmethod(permissions.cultivation_abilities)
    form = CultivationForm
    fixed = ("area",)
    fields = ("area", "name", "year", "criteria")
    change_form_template = "admin/members/cultivation/change_form.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/list/", view(self.list_one), name="members_cultivation_list"),
            path("<int:pk>/decide/", view(self.decide), name="members_cultivation_decide"),
        ]
        return [*own, *super().get_urls()]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        codes = sorted(signed_in(request).areas_of(*REGISTER_ROLES), key=len)
        criteria = services.last_criteria(codes[0]) if codes else ""
        return {"criteria": criteria or str(FIRST_CRITERIA), **super().get_changeform_initial_data(request)}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = areas_of(request.user, *REGISTER_ROLES)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        found = Cultivation.objects.visible_to(request.user).filter(pk=object_id if object_id.isdecimal() else 0)
        row: Cultivation | None = found.first()
        said = dict(extra_context or {})
        if row is not None:
            may = "change" in permissions.cultivation_abilities(request.user, row)
            said = {**presenting.listed_context(row, may=may, refused=said.pop("refused", None)), **said}
        return super().change_view(request, object_id, form_url, said)

    def list_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        """列入名单."""
        row = self._row(request, pk)
        if request.method == "POST":
            form = ListForm(request.POST, cultivation=row, prefix="list")
            try:
                if not form.is_valid():
                    return self._refused(request, pk, form)
                given = form.cleaned_data
                services.list_organisation(
                    pk=pk, by=signed_in(request), organisation=given["organisation"], on=given["listed_on"]
                )
            except DomainError as error:
                return self._refused(request, pk, form, error)
            messages.success(request, _("已列入名单。"))
        return redirect("admin:members_cultivation_change", pk)

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What became of one on the list."""
        row = self._row(request, pk)
        if request.method == "POST":
            listed = Listed.objects.filter(cultivation=row, pk=_number(request.POST.get("listed", ""))).first()
            form = DecideForm(request.POST, prefix=f"row{listed.pk if listed else 0}")
            try:
                if listed is None:
                    raise NotFound
                if not form.is_valid():
                    return self._refused(request, pk, form)
                given = form.cleaned_data
                services.decide_listed(
                    pk=listed.pk,
                    by=signed_in(request),
                    outcome=given["outcome"],
                    on=given["decided_on"],
                    note=given["note"],
                )
            except DomainError as error:
                return self._refused(request, pk, form, error)
            messages.success(request, _("已记下。"))
        return redirect("admin:members_cultivation_change", pk)

    def _row(self, request: HttpRequest, pk: int) -> Cultivation:
        """The list, for whoever sees it; something is sent to it only by whoever keeps it."""
        row: Cultivation | None = Cultivation.objects.visible_to(request.user).filter(pk=pk).first()
        if row is None:
            raise NotFound
        if request.method == "POST" and not self.has_change_permission(request, row):
            raise NotAllowed
        return row

    def _refused(self, request: HttpRequest, pk: int, form: Any, error: DomainError | None = None) -> HttpResponse:
        """The page again with what was typed."""
        if error is not None and error.status in (403, 404):
            raise error
        if error is not None:
            add_errors(form, error)
        request.method = "GET"
        page = self.change_view(request, str(pk), extra_context={"refused": form})
        page.status_code = 422 if error is None or error.status == 400 else error.status
        return page

    def add_row(self, by: User, form: ModelForm[Any]) -> Cultivation:
        return services.create_cultivation(by=by, **typed(form, *self.fields))

    def change_row(self, by: User, obj: Cultivation, form: ModelForm[Any]) -> Cultivation:
        return services.update_cultivation(pk=obj.pk, by=by, **typed(form, *self.fields[1:]))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
