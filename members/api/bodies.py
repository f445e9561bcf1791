"""Alliances, bodies and the matrix over the API. Read by staff of the street, moved by those who keep the alliance."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.errors import NotFound
from members.api import body_shapes as shapes
from members.api.paging import ByKey
from members.models import Alliance, Body, BodySeat, Figure, Membership
from members.services.matrix import Head, matrix_of, members_in_cells
from members.services.placing import Cell, Move, place_members
from people.visitors import signed_in


class BodyFilter(django_filters.FilterSet):
    """Filters of bodies."""

    kind = django_filters.CharFilter(field_name="kind__key", label="类型的键")
    alliance = django_filters.NumberFilter(method="of_alliance", label="联盟")
    area = django_filters.CharFilter(field_name="area__code", lookup_expr="startswith", label="所在地代码")
    ended = django_filters.BooleanFilter(field_name="ended_on", lookup_expr="isnull", exclude=True, label="已撤销的")

    class Meta:
        model = Body
        fields: ClassVar[list[str]] = []

    def of_alliance(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.filter(alliance=int(value)) if 0 < value <= shapes.MOST else queryset.none()


class Alliances(ListView):
    """本街道的联盟和子联盟。"""

    queryset = Alliance.objects.none()
    pagination_class = ByKey

    def get_queryset(self) -> QuerySet[Alliance]:
        return Alliance.objects.visible_to(self.request.user).select_related("area")

    @extend_schema(
        operation_id="alliances_list", tags=["members"], responses={200: shapes.AllianceRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([_alliance(row) for row in rows or []])


class AllianceOne(ApiView):
    """一个联盟：数字、子联盟、成员单位数。"""

    @extend_schema(
        operation_id="alliances_detail", tags=["members"], responses={200: shapes.AllianceDetail, **REFUSALS}
    )
    def get(self, request: Request, pk: int) -> Response:
        found = _seen(request, pk)
        below = Alliance.objects.filter(parent=found).select_related("area").order_by("area_id", "id")
        figures = Figure.objects.filter(alliance=found).values("label", "value", "as_of", "source")
        members = Membership.objects.active().filter(alliance=found, unit__merged_into__isnull=True)
        more = {
            "intro": found.intro,
            "principles": [line for line in found.principles.splitlines() if line.strip()],
            "members": members.count(),
            "figures": list(figures),
            "sub_alliances": [_alliance(row) for row in below],
        }
        return Response({**_alliance(found), **more})


class Bodies(ListView):
    """机构：大工委、秘书处、智库团、业委会、界别小组、片区等。"""

    queryset = Body.objects.none()
    filterset_class = BodyFilter
    pagination_class = ByKey

    def get_queryset(self) -> QuerySet[Body]:
        rows: QuerySet[Body] = Body.objects.visible_to(self.request.user).select_related("kind", "area")
        return rows

    @extend_schema(operation_id="bodies_list", tags=["members"], responses={200: shapes.BodyRow(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([_body(row) for row in rows or []])


class BodyOne(ApiView):
    """一个机构和现任。"""

    @extend_schema(operation_id="bodies_detail", tags=["members"], responses={200: shapes.BodyDetail, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        found = Body.objects.visible_to(request.user).select_related("kind", "area").filter(pk=pk).first()
        if found is None:
            raise NotFound
        seats = BodySeat.objects.active().filter(body=found).select_related("unit", "user").order_by("starts_on", "id")
        return Response({**_body(found), "seats": [_seat(seat) for seat in seats]})


class MatrixOf(ApiView):
    """界别片区矩阵：行和列、每家单位现在的位置。"""

    @extend_schema(operation_id="alliances_matrix", tags=["members"], responses={200: shapes.MatrixAnswer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        found = _seen(request, pk)
        drawn = matrix_of(found)
        return Response(
            {
                "alliance": found.pk,
                "groups": [_head(head) for head in drawn.groups],
                "zones": [_head(head) for head in drawn.zones],
                "members": [_placed(member) for member in members_in_cells(found)],
            }
        )


class MoveMembers(ApiView):
    """移动成员单位，全移或全不移；回答里的 ``undo`` 再发一次就是撤销。"""

    @extend_schema(
        operation_id="alliances_move",
        tags=["members"],
        request=shapes.MoveRequest,
        responses={200: shapes.MoveAnswer, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        _seen(request, pk)
        given = shapes.MoveRequest(data=request.data)
        given.is_valid(raise_exception=True)
        moves = [
            Move(row["membership"], Cell(**row["seen"]), Cell(**row["to"])) for row in given.validated_data["moves"]
        ]
        undo = place_members(alliance=pk, moves=moves, by=signed_in(request))
        return Response({"undo": [_move(move) for move in undo]})


def _seen(request: Request, pk: int) -> Alliance:
    found = Alliance.objects.visible_to(request.user).select_related("area").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _alliance(row: Alliance) -> dict[str, Any]:
    plain = ("id", "name", "brand", "office_name", "founded_on")
    named = {"area": row.area_id, "area_name": row.area.name, "parent": row.parent_id}
    return {**{name: getattr(row, name) for name in plain}, **named}


def _body(row: Body) -> dict[str, Any]:
    plain = ("id", "name", "intro", "set_up_on", "ended_on")
    kind = {"kind": row.kind.key, "kind_name": row.kind.name}
    place = {"area": row.area_id, "area_name": row.area.name, "alliance": row.alliance_id, "parent": row.parent_id}
    return {**{name: getattr(row, name) for name in plain}, **kind, **place}


def _seat(seat: BodySeat) -> dict[str, Any]:
    plain = ("role", "holder", "title", "starts_on", "ends_on")
    return {**{name: getattr(seat, name) for name in plain}, "unit": seat.unit_id}


def _head(head: Head) -> dict[str, Any]:
    people = [{"role": role, "name": name} for role, name in head.people]
    return {"id": head.body.pk, "name": head.body.name, "convened_by": people}


def _placed(member: Any) -> dict[str, Any]:
    where = {"group": member.group, "zone": member.zone}
    return {"membership": member.pk, "unit": member.unit_id, "name": member.unit.name, **where}


def _move(move: Move) -> dict[str, Any]:
    return {"membership": move.membership, "seen": vars(move.seen), "to": vars(move.to)}
