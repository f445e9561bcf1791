"""Party organisations, lists on which they are cultivated, buildings and brands over the API: read by staff."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Count, Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.errors import NotFound
from alliance.lib.privacy import mask_name
from members.api import unit_shapes as shapes
from members.api.paging import ByKey
from members.models import Brand, Building, Cultivation, Listed, PartyOrganisation
from members.permissions import keeps_place
from members.states import PartyKind


class PlaceFilter(django_filters.FilterSet):
    """Filters of what lies in a place."""

    area = django_filters.CharFilter(field_name="area__code", lookup_expr="startswith", label="所在地代码")


class PartyFilter(PlaceFilter):
    """Filters of party organisations."""

    kind = django_filters.ChoiceFilter(choices=PartyKind.choices, label="类型")
    ended = django_filters.BooleanFilter(field_name="ended_on", lookup_expr="isnull", exclude=True, label="已撤销的")

    class Meta:
        model = PartyOrganisation
        fields: ClassVar[list[str]] = []


class _Read(ListView):
    """One list of rows of the caller's streets."""

    filterset_class: type[django_filters.FilterSet] = PlaceFilter
    pagination_class = ByKey
    queryset: QuerySet[Any]

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = self.queryset.model._default_manager
        seen: QuerySet[Any] = rows.visible_to(self.request.user).select_related("area")
        return seen

    def listed(self, request: Request) -> list[Any]:
        return list(self.paginate_queryset(self.filter_queryset(self.get_queryset())) or [])


class PartyOrganisations(_Read):
    """党组织。"""

    queryset = PartyOrganisation.objects.none()
    filterset_class = PartyFilter

    @extend_schema(operation_id="party_list", tags=["members"], responses={200: shapes.PartyRow(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        return self.get_paginated_response([_party(request.user, row) for row in self.listed(request)])


class Cultivations(_Read):
    """培育名单。"""

    queryset = Cultivation.objects.none()

    @extend_schema(
        operation_id="cultivations_list",
        tags=["members"],
        responses={200: shapes.CultivationRow(many=True), **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        return self.get_paginated_response([_cultivation(row) for row in self.listed(request)])


class CultivationOne(ApiView):
    """一个培育名单和名单上的党组织。"""

    @extend_schema(
        operation_id="cultivations_detail", tags=["members"], responses={200: shapes.CultivationDetail, **REFUSALS}
    )
    def get(self, request: Request, pk: int) -> Response:
        found = Cultivation.objects.visible_to(request.user).select_related("area").filter(pk=pk).first()
        if found is None:
            raise NotFound
        rows = Listed.objects.filter(cultivation=found).select_related("organisation")
        plain = ("id", "listed_on", "outcome", "decided_on")
        listed = [
            {
                **{name: getattr(row, name) for name in plain},
                "organisation": row.organisation_id,
                "name": row.organisation.name,
            }
            for row in rows.order_by("organisation__sorted_as", "pk")
        ]
        return Response({**_cultivation(found), "listed": listed})


class Buildings(_Read):
    """楼宇。"""

    queryset = Building.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        present = Q(units__merged_into__isnull=True)
        return super().get_queryset().annotate(unit_count=Count("units", filter=present))

    @extend_schema(
        operation_id="buildings_list", tags=["members"], responses={200: shapes.BuildingRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        rows = [
            {"id": row.pk, "name": row.name, "floors": row.floors, "units": row.unit_count, **_place(row)}
            for row in self.listed(request)
        ]
        return self.get_paginated_response(rows)


class Brands(ListView):
    """社区品牌，一社一品：一个街道的都在一页。"""

    queryset = Brand.objects.none()
    filterset_class = PlaceFilter
    pagination_class = None

    @extend_schema(
        operation_id="brands_list", tags=["members"], responses={200: shapes.BrandRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        seen = Brand.objects.visible_to(request.user).select_related("area").order_by("area_id")
        rows = self.filter_queryset(seen)[:AT_MOST]
        plain = ("name", "feature", "intro")
        return Response([{**{name: getattr(row, name) for name in plain}, **_place(row)} for row in rows])


AT_MOST = 500


def _place(row: Any) -> dict[str, str]:
    return {"area": row.area_id, "area_name": row.area.name}


def _party(user: Any, row: PartyOrganisation) -> dict[str, Any]:
    plain = ("id", "name", "kind", "member_count", "set_up_on", "ended_on")
    own = keeps_place(user, row.area_id)
    named = {"unit": row.unit_id, "parent": row.parent_id, **_place(row)}
    secretary = row.secretary if own else mask_name(row.secretary)
    return {**{name: getattr(row, name) for name in plain}, **named, "secretary": secretary}


def _cultivation(row: Cultivation) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("id", "name", "year")}
    return {**plain, **_place(row), "criteria": row.criteria.splitlines()}
