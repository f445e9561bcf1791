"""Alliances and their units as everybody may read them, without signing in. The same rows as the public pages.

Answers carry an ETag made of what they say, so that whoever asks again is told that nothing has changed.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import ProblemAnswer
from alliance.lib.api_views import ApiView
from alliance.lib.keyset import slice_of
from members import public
from members.api import public_shapes as shapes
from members.models import Alliance, Body, Figure, MemberUnit
from members.views.public import ORDER, filter_from

SIZE = 25
NOT_THERE = {404: ProblemAnswer}
CURSOR = OpenApiParameter("cursor", OpenApiTypes.STR, description="上一页给的位置")
FILTERS = [
    CURSOR,
    OpenApiParameter("q", OpenApiTypes.STR, description="名称里的词，或拼音首字母"),
    OpenApiParameter("kind", OpenApiTypes.STR, description="类型"),
    OpenApiParameter("tag", OpenApiTypes.INT, description="标签"),
    OpenApiParameter("group", OpenApiTypes.INT, description="界别"),
    OpenApiParameter("zone", OpenApiTypes.INT, description="片区"),
]


@method_decorator(conditional_page, name="dispatch")
class Open(ApiView):
    """For everybody; nobody is asked who they are."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class PublicAlliances(Open):
    """各街道的联盟（不用登录）。"""

    @extend_schema(
        operation_id="public_alliances",
        tags=["public"],
        auth=[],
        responses={200: shapes.PublicAllianceRow(many=True)},
    )
    def get(self, request: Request) -> Response:
        return Response([_row(found) for found in public.top_alliances()])


class PublicAllianceOne(Open):
    """一个联盟：数字、格局、机构、子联盟、品牌、公开的文件（不用登录）。"""

    @extend_schema(
        operation_id="public_alliance", tags=["public"], auth=[], responses={200: shapes.PublicAlliance, **NOT_THERE}
    )
    def get(self, request: Request, pk: int) -> Response:
        found = public.find_alliance(pk)
        figures = Figure.objects.filter(alliance=found).values("label", "value", "as_of", "source")
        return Response(
            {
                **_row(found),
                "parent": found.parent_id,
                "intro": found.intro,
                "principles": [line for line in found.principles.splitlines() if line.strip()],
                "figures": list(figures),
                "bodies": [_body(body, roles) for kind in public.structure_of(found) for body, roles in kind.bodies],
                "sub_alliances": [_row(one) for one in public.sub_alliances_of(found)],
                "brands": [
                    {
                        "area": brand.area_id,
                        "area_name": brand.area.name,
                        "name": brand.name,
                        "feature": brand.feature,
                        "intro": brand.intro,
                    }
                    for brand in public.brands_of(found)
                ],
                "documents": [_document(version) for version in public.documents_of(found)],
            }
        )


class PublicGroups(Open):
    """界别和片区（不用登录）。"""

    @extend_schema(
        operation_id="public_groups", tags=["public"], auth=[], responses={200: shapes.PublicGroups, **NOT_THERE}
    )
    def get(self, request: Request, pk: int) -> Response:
        grid = public.grid_of(public.find_alliance(pk))
        cells = [
            {"group": group, "zone": zone, "units": n}
            for (group, zone), n in sorted(grid.counts.items(), key=str)
            if group is not None and zone is not None
        ]
        return Response(
            {
                "groups": [_body(side.body, side.roles) for side in grid.groups],
                "zones": [_body(side.body, side.roles) for side in grid.zones],
                "cells": cells,
            }
        )


class PublicUnits(Open):
    """联盟里同意公开的单位（不用登录）。"""

    query = tuple(one.name for one in FILTERS)

    @extend_schema(
        operation_id="public_units",
        tags=["public"],
        auth=[],
        parameters=FILTERS,
        responses={200: shapes.PublicUnit(many=True), 400: ProblemAnswer, **NOT_THERE},
    )
    def get(self, request: Request, pk: int) -> Response:
        rows = public.units_of(public.find_alliance(pk), filter_from(request.query_params))
        found, cursor = slice_of(rows, ORDER, cursor=request.query_params.get("cursor", ""), size=SIZE, filled=True)
        return Response({"results": [_unit(unit, public.parts_of(unit)) for unit in found], "next": cursor})


class PublicUnitOne(Open):
    """一家单位同意公开的内容（不用登录）。"""

    @extend_schema(
        operation_id="public_unit", tags=["public"], auth=[], responses={200: shapes.PublicUnitDetail, **NOT_THERE}
    )
    def get(self, request: Request, pk: int) -> Response:
        unit = public.find_unit(pk)
        memberships = [
            {"alliance": row["alliance"].pk, "name": row["alliance"].name, "since": row["since"], "cell": row["cell"]}
            for row in public.memberships_of(unit)
        ]
        return Response({**_unit(unit, public.more_parts_of(unit)), "memberships": memberships})


def _row(found: Alliance) -> dict[str, Any]:
    return {
        "id": found.pk,
        "name": found.name,
        "brand": found.brand,
        "office_name": found.office_name,
        "area": found.area_id,
        "area_name": found.area.name,
        "founded_on": found.founded_on,
        "shown_units": getattr(found, "shown", 0),
    }


def _body(body: Body, roles: list[public.Role]) -> dict[str, Any]:
    said = [{"name": role.name, "holders": role.holders} for role in roles]
    return {"id": body.pk, "kind": body.kind.name, "name": body.name, "intro": body.intro, "roles": said}


def _document(version: Any) -> dict[str, Any]:
    document = version.document
    return {
        "id": document.pk,
        "kind": document.kind,
        "title": document.title,
        "number": version.number,
        "published_at": version.published_at,
        "effective_on": version.effective_on,
        "text": version.text,
        "url": reverse("members:document", args=[document.alliance_id, document.pk]),
    }


def _unit(unit: MemberUnit, parts: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {name: parts[name] for name in ("intro", "place", "party") if name in parts}
    if "strengths" in parts:
        said["strengths"] = [
            {"kind": row.kind, "name": row.name, "detail": row.detail}
            for _label, rows in parts["strengths"]
            for row in rows
        ]
    if "tags" in parts:
        said["tags"] = [tag.name for _label, tags in parts["tags"] for tag in tags]
    return {"id": unit.pk, "name": unit.name, "short_name": unit.short_name, "kind": unit.kind, **said}
