"""Buildings with the units in them, floor by floor, and the brands of communities. Every change is a service's."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from members import permissions, services
from members.admin.base import RegisterAdmin, areas_of
from members.forms.party import BrandForm, BuildingForm
from members.listings.places import BRANDS, BUILDINGS
from members.models import Brand, Building
from members.presenting import party as presenting
from members.states import REGISTER_ROLES
from people.lists import ListedAdmin
from people.models import User
from people.states import COMMUNITY_ROLES, Level


class _PlaceAdmin(ListedAdmin, RegisterAdmin):
    """Rows of a place, whose ``area`` is one that this person keeps."""

    abilities = staticmethod(permissions.place_abilities)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = areas_of(request.user, *REGISTER_ROLES, *COMMUNITY_ROLES)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Building)
class BuildingAdmin(_PlaceAdmin):
    listing = BUILDINGS
    form = BuildingForm
    fields = ("name", "area", "floors")
    change_form_template = "admin/members/building/change_form.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        inside = presenting.inside(request.user, object_id)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **inside})

    def add_row(self, by: User, form: ModelForm[Any]) -> Building:
        return services.create_building(by=by, **_building(form))

    def change_row(self, by: User, obj: Building, form: ModelForm[Any]) -> Building:
        return services.update_building(pk=obj.pk, by=by, **_building(form))


@admin.register(Brand)
class BrandAdmin(_PlaceAdmin):
    listing = BRANDS
    form = BrandForm
    fixed = ("area",)
    fields = ("area", "name", "feature", "intro")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.queryset = field.queryset.filter(level=Level.COMMUNITY, brand__isnull=True)
        return field

    def add_row(self, by: User, form: ModelForm[Any]) -> Brand:
        given = {name: form.cleaned_data.get(name) or "" for name in ("name", "feature", "intro")}
        return services.create_brand(by=by, area=form.cleaned_data["area"], **given)

    def change_row(self, by: User, obj: Brand, form: ModelForm[Any]) -> Brand:
        given = {name: form.cleaned_data.get(name) or "" for name in ("name", "feature", "intro")}
        return services.update_brand(pk=obj.pk, by=by, **given)


def _building(form: ModelForm[Any]) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("name", "area", "floors")}
