"""Volunteers, teams and certificates over the API."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import F, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, KeysetPagination
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.http import client_ip
from alliance.lib.privacy import mask_paper_name
from people.visitors import signed_in
from volunteers.api import people_shapes as shapes
from volunteers.models import Team, Volunteer
from volunteers.presenting.people import leader_of
from volunteers.services.belonging import join_team
from volunteers.services.certificates import corrected_since, find_certificate, standing_of
from volunteers.services.registering import own_row, register
from volunteers.services.volunteer_fields import VolunteerDraft

OK, CREATED = status.HTTP_200_OK, status.HTTP_201_CREATED


def _volunteer(row: Volunteer) -> dict[str, Any]:
    standing = standing_of(row)
    names = ("number", "state", "name", "skills", "times", "reach", "shows", "reports_hours")
    return {
        "area": row.area_id,
        "hours": standing.hours,
        "days": standing.days,
        "stars": standing.stars,
        **{name: getattr(row, name) for name in names},
    }


class Own(ApiView):
    """自己的志愿者登记。"""

    @extend_schema(operation_id="volunteer_own", tags=["volunteers"], responses={200: shapes.VolunteerRow, **REFUSALS})
    def get(self, request: Request) -> Response:
        return Response(_volunteer(own_row(signed_in(request))))

    @extend_schema(
        operation_id="volunteer_register",
        tags=["volunteers"],
        description="登记成为志愿者。同一个提交键再发一次，得到第一次的结果（200）。",
        request=shapes.RegisterRequest,
        responses={200: shapes.VolunteerRow, 201: shapes.VolunteerRow, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        given = shapes.RegisterRequest(data=request.data)
        given.is_valid(raise_exception=True)
        typed = dict(given.validated_data)
        outside = {name: typed.pop(name) for name in ("client_key", "consented", "notice_version")}
        is_child = any(typed[name] for name in ("born", "guardian_name", "guardian_phone", "guardian_agrees"))
        row = register(by=signed_in(request), draft=VolunteerDraft(**typed, is_child=is_child), **outside)
        return Response(_volunteer(row), status=CREATED if row.just_made else OK)


class TeamFilter(django_filters.FilterSet):
    street = django_filters.CharFilter(field_name="street_code", label="街道代码")
    kind = django_filters.CharFilter(field_name="kind", label="类别")

    class Meta:
        model = Team
        fields: ClassVar[list[str]] = []


def _team(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "street": row.street_code,
        "area": row.area_id,
        "leader": leader_of(row),
        "people": row.members_count,
        **{name: getattr(row, name) for name in ("number", "name", "kind", "words", "is_open", "pledge")},
    }


class Teams(ListView):
    """志愿服务队，新的在前。"""

    queryset = Team.objects.none()
    filterset_class = TeamFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Team]:
        rows = Team.objects.public().with_members().select_related("leader")
        return rows.annotate(created_at=F("made_at"))

    @extend_schema(
        operation_id="volunteer_teams_list", tags=["volunteers"], responses={200: shapes.TeamRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([_team(row) for row in rows or []])


class TeamJoin(ApiView):
    """加入一支队伍；已经在队里的，得到原来的结果。"""

    @extend_schema(
        operation_id="volunteer_teams_join",
        tags=["volunteers"],
        request=shapes.TeamStepRequest,
        responses={200: shapes.PlaceRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        shapes.TeamStepRequest(data=request.data).is_valid(raise_exception=True)
        row = join_team(pk=pk, by=signed_in(request))
        return Response({"team": row.team_id, "joined_at": row.joined_at, "pledged_at": row.pledged_at})


class CertificateCheck(ApiView):
    """核对志愿服务证明：编号和校验码，照证明上的填。"""

    @extend_schema(
        operation_id="volunteer_certificates_check",
        tags=["volunteers"],
        request=shapes.CertificateCheckRequest,
        responses={200: shapes.CertificateRow, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        given = shapes.CertificateCheckRequest(data=request.data)
        given.is_valid(raise_exception=True)
        row = find_certificate(**given.validated_data, ip=client_ip(request))
        names = ("number", "issuer", "starts_on", "ends_on", "hours", "issued_at")
        said = {name: getattr(row, name) for name in names}
        return Response({**said, "name": mask_paper_name(row.name), "corrected": corrected_since(row)})
