"""Units and what is known of them over the API: read by staff and by their own liaisons, changed by part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.errors import Invalid, NotFound
from alliance.lib.search import named
from members.api import unit_shapes as shapes
from members.api.paging import ByKey
from members.models import Building, Membership, MemberUnit, PartyOrganisation
from members.presenting.unit import editable, found_unit
from members.services.profile import Strong, change_profile, stamp
from members.states import Near, Part, UnitKind
from people.models import Area
from people.visitors import signed_in

PLAIN = ("id", "name", "short_name", "kind", "uscc", "floor", "is_public")


class UnitFilter(django_filters.FilterSet):
    """Filters of units."""

    q = django_filters.CharFilter(method="by_words", label="名称、拼音或首字母")
    kind = django_filters.ChoiceFilter(choices=UnitKind.choices, label="类型")
    area = django_filters.CharFilter(field_name="area__code", lookup_expr="startswith", label="所在地代码")
    building = django_filters.NumberFilter(method="in_building", label="楼宇")
    tag = django_filters.CharFilter(method="with_tag", label="标签")

    class Meta:
        model = MemberUnit
        fields: ClassVar[list[str]] = []

    def by_words(self, rows: Any, name: str, value: str) -> Any:
        return named(rows, value)

    def in_building(self, rows: Any, name: str, value: Any) -> Any:
        return rows.filter(building_id=int(value)) if 0 < value <= shapes.MOST else rows.none()

    def with_tag(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(tags__name=value).distinct()


class Units(ListView):
    """共建单位：工作人员看本街道的，联络员看自己的。"""

    queryset = MemberUnit.objects.none()
    filterset_class = UnitFilter
    pagination_class = ByKey

    def get_queryset(self) -> QuerySet[MemberUnit]:
        return MemberUnit.objects.visible_to(self.request.user).select_related("area")

    @extend_schema(operation_id="units_list", tags=["members"], responses={200: shapes.UnitRow(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([_row(unit) for unit in rows or []])


class UnitOne(ApiView):
    """一家单位的资料。"""

    @extend_schema(operation_id="units_detail", tags=["members"], responses={200: shapes.UnitDetail, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return Response(_detail(request, pk))

    @extend_schema(
        operation_id="units_change",
        tags=["members"],
        request=shapes.ProfileRequest,
        responses={200: shapes.UnitDetail, **REFUSALS},
    )
    def patch(self, request: Request, pk: int) -> Response:
        _found(request, pk)
        given = shapes.ProfileRequest(data=request.data)
        given.is_valid(raise_exception=True)
        change_profile(pk=pk, by=signed_in(request), parts=_parts(given.validated_data))
        return Response(_detail(request, pk))


def _parts(given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What is to be changed, as its services take it."""
    parts: dict[str, dict[str, Any]] = {}
    if "intro" in given:
        parts[Part.INTRO] = {"intro": given["intro"]}
    if "strengths" in given:
        parts[Part.STRENGTHS] = {"strengths": [Strong(**line) for line in given["strengths"]]}
    if "tags" in given:
        parts[Part.TAGS] = {"tags": {near: given["tags"].get(near, []) for near in Near.values}}
    if "place" in given:
        parts[Part.PLACE] = _place(given["place"])
    if "shown" in given:
        parts[Part.SHOWN] = dict(given["shown"])
    if not parts:
        raise Invalid(message=_("请至少改一个部分。"))
    return {part: {**values, "seen": given["seen"].get(part)} for part, values in parts.items()}


def _place(given: Mapping[str, Any]) -> dict[str, Any]:
    building = Building.objects.filter(pk=given["building"]).first() if given["building"] else None
    grid = Area.objects.filter(pk=given["grid"]).first() if given["grid"] else None
    if given["building"] and building is None:
        raise Invalid({"building": [_("请选本街道的楼宇。")]})
    if given["grid"] and grid is None:
        raise Invalid({"grid": [_("请选这个单位所在社区的网格。")]})
    return {"building": building, "floor": given["floor"], "grid": grid}


def _found(request: Request, pk: int) -> MemberUnit:
    unit = found_unit(request.user, pk)
    if unit is None:
        raise NotFound
    return unit


def _row(unit: MemberUnit) -> dict[str, Any]:
    place = {"area": unit.area_id, "area_name": unit.area.name, "building": unit.building_id, "grid": unit.grid_id}
    return {**{name: getattr(unit, name) for name in PLAIN}, **place, "suspended": unit.is_suspended}


def _detail(request: Request, pk: int) -> dict[str, Any]:
    unit = _found(request, pk)
    joined = Membership.objects.filter(unit=unit).select_related("alliance").order_by("-joined_on", "-pk")
    party = PartyOrganisation.objects.active().filter(unit=unit).order_by("sorted_as", "pk")
    own = unit.seats.active().filter(user_id=signed_in(request).pk).exists()
    if not own:  # of another street's alliances and organisations staff read nothing
        joined, party = (
            joined.filter(pk__in=Membership.objects.visible_to(request.user).values("pk")),
            party.filter(pk__in=PartyOrganisation.objects.visible_to(request.user).values("pk")),
        )
    return {
        **_row(unit),
        "intro": unit.intro,
        "shows": unit.shows,
        "strengths": [
            {name: getattr(row, name) for name in ("kind", "name", "detail")} for row in unit.strengths.all()
        ],
        "tags": [{"near": tag.near, "name": tag.name} for tag in unit.tags.all()],
        "alliances": [
            {"alliance": row.alliance_id, "name": row.alliance.name, "joined_on": row.joined_on, "left_on": row.left_on}
            for row in joined
        ],
        "party": [{name: getattr(row, name) for name in ("id", "name", "kind", "member_count")} for row in party],
        "seen": {part: stamp(unit, part) for part in shapes.PROFILE_PARTS},
        "abilities": [part for part in editable(request.user, unit) if part != Part.ENTRY],
    }
