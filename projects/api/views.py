"""Projects over the API: what there is, a new one, figures, milestones across all of them, assessments."""

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
from alliance.lib.errors import NotFound
from alliance.lib.search import named
from people.visitors import signed_in
from projects import services
from projects.api import rows, shapes
from projects.api.steps import MOST
from projects.listings.projects import with_parts
from projects.models import Assessment, Indicator, Milestone, Project, Reading
from projects.permissions import is_inside
from projects.presenting.figures import reckoned
from projects.services.assessing import assess_project
from projects.services.figures import record_reading, set_indicator
from projects.states import Field, ProjectKind, ProjectState


class ProjectFilter(django_filters.FilterSet):
    """Filters of projects."""

    q = django_filters.CharFilter(method="said", label="名称、编号里的词")
    kind = django_filters.ChoiceFilter(choices=ProjectKind.choices, label="类别")
    field = django_filters.ChoiceFilter(choices=Field.choices, label="领域")
    state = django_filters.ChoiceFilter(choices=ProjectState.choices, label="状态")
    area = django_filters.CharFilter(field_name="area__code", lookup_expr="startswith", label="社区或街道代码")
    mine = django_filters.BooleanFilter(method="of_mine", label="只看本单位参加的")
    late = django_filters.BooleanFilter(method="overdue", label="只看超期的")

    class Meta:
        model = Project
        fields: ClassVar[list[str]] = []

    def said(self, queryset: Any, name: str, value: str) -> Any:
        return named(queryset, value)

    def of_mine(self, queryset: Any, name: str, value: bool) -> Any:
        mine = Project.objects.of_units_of(self.request.user)
        return queryset.filter(pk__in=mine.values("pk")) if value else queryset

    def overdue(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.filter(pk__in=Project.objects.late().values("pk")) if value else queryset


class MilestoneFilter(django_filters.FilterSet):
    """Filters of milestones."""

    project = django_filters.NumberFilter(field_name="project", min_value=1, max_value=MOST, label="项目")
    open = django_filters.BooleanFilter(field_name="done_on", lookup_expr="isnull", label="还没完成的")

    class Meta:
        model = Milestone
        fields: ClassVar[list[str]] = []


class DueFirst(KeysetPagination):
    order = ("due_on", "id")


class Projects(ListView):
    """看得到的项目，新的在前；拟一个。"""

    queryset = Project.objects.none()
    filterset_class = ProjectFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Project]:
        return with_parts(Project.objects.visible_to(self.request.user)).annotate(created_at=F("drafted_at"))

    @extend_schema(
        operation_id="projects_list", tags=["projects"], responses={200: shapes.ProjectRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        found: list[Any] = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        keys = [row.pk for row in found]
        inside = set(Project.objects.kept_by(request.user).filter(pk__in=keys).values_list("pk", flat=True))
        inside |= set(Project.objects.of_units_of(request.user).filter(pk__in=keys).values_list("pk", flat=True))
        return self.get_paginated_response([rows.row_of(row, row.pk in inside) for row in found])

    @extend_schema(
        operation_id="projects_draft",
        tags=["projects"],
        request=shapes.ProjectRequest,
        responses={200: shapes.ProjectOne, 201: shapes.ProjectOne, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        user = signed_in(request)
        given = shapes.ProjectRequest(data=request.data)
        given.is_valid(raise_exception=True)
        made = services.draft_project(by=user, **given.validated_data)
        code = status.HTTP_201_CREATED if made.just_made else status.HTTP_200_OK
        return Response(rows.one(rows.found(user, made.pk), user), status=code)


class ProjectOne(ApiView):
    """一个项目：节点、参加单位、从哪里来办到哪里。"""

    @extend_schema(operation_id="projects_one", tags=["projects"], responses={200: shapes.ProjectOne, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        return Response(rows.one(rows.found(user, pk), user))


class Milestones(ListView):
    """看得到的项目的节点，先到期的在前。"""

    queryset = Milestone.objects.none()
    filterset_class = MilestoneFilter
    pagination_class = DueFirst

    def get_queryset(self) -> QuerySet[Milestone]:
        return Milestone.objects.visible_to(self.request.user).select_related("project")

    @extend_schema(
        operation_id="milestones_list", tags=["projects"], responses={200: shapes.MilestoneRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        found: list[Any] = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response([rows.milestone(one, one.project) for one in found])


class Indicators(ApiView):
    """一个项目的指标和每一期的数字；建一个、改一个。"""

    @extend_schema(
        operation_id="project_indicators",
        tags=["projects"],
        responses={200: shapes.IndicatorRow(many=True), **REFUSALS},
    )
    def get(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        row: Project | None = Project.objects.visible_to(user).filter(pk=pk).first()
        if row is None:
            raise NotFound
        found = row.indicators.all() if is_inside(user, row) else row.indicators.filter(is_public=True)
        shown = [_indicator(one) for one in found.prefetch_related("readings")]
        return Response(shapes.IndicatorRow(shown, many=True).data)

    @extend_schema(
        operation_id="project_indicator_set",
        tags=["projects"],
        request=shapes.IndicatorRequest,
        responses={200: shapes.IndicatorRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        rows.found(user, pk)
        given = shapes.IndicatorRequest(data=request.data)
        given.is_valid(raise_exception=True)
        made = set_indicator(pk=pk, by=user, **given.validated_data)
        return Response(shapes.IndicatorRow(_indicator(made)).data)


class Readings(ApiView):
    """记一期的数字。同一期、同一个数字再发一次不会重复。"""

    @extend_schema(
        operation_id="project_reading_record",
        tags=["projects"],
        request=shapes.ReadingRequest,
        responses={200: shapes.ReadingRow, 201: shapes.ReadingRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int, indicator: int) -> Response:
        given = shapes.ReadingRequest(data=request.data)
        given.is_valid(raise_exception=True)
        made = record_reading(pk=pk, by=signed_in(request), indicator=indicator, **given.validated_data)
        code = status.HTTP_201_CREATED if made.just_made else status.HTTP_200_OK
        return Response(shapes.ReadingRow(_reading(made)).data, status=code)


class Assessments(ApiView):
    """一个项目的考核，新的在前；没公开的只给在里面办事的人看，公开的大家看更正以后的；考核一次。"""

    @extend_schema(
        operation_id="project_assessments",
        tags=["projects"],
        responses={200: shapes.AssessmentRow(many=True), **REFUSALS},
    )
    def get(self, request: Request, pk: int) -> Response:
        row = rows.found(signed_in(request), pk)
        inside = is_inside(request.user, row)
        if not inside and not row.assessments_public:
            raise NotFound
        found = row.assessments.select_related("replaced_by").prefetch_related("scores")
        found = found if inside else found.standing()
        return Response(shapes.AssessmentRow([rows.assessment(one) for one in found], many=True).data)

    @extend_schema(
        operation_id="project_assess",
        tags=["projects"],
        request=shapes.AssessRequest,
        responses={201: shapes.AssessmentRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        rows.found(user, pk)
        given = shapes.AssessRequest(data=request.data)
        given.is_valid(raise_exception=True)
        made = assess_project(pk=pk, by=user, **given.validated_data)
        shown = Assessment.objects.prefetch_related("scores").get(pk=made.pk)
        return Response(shapes.AssessmentRow(rows.assessment(shown)).data, status=status.HTTP_201_CREATED)


def _indicator(one: Indicator) -> dict[str, Any]:
    readings = sorted(one.readings.all(), key=lambda reading: reading.period)
    names = ("name", "measure", "period", "reckon", "target")
    return {
        "id": one.pk,
        **{name: getattr(one, name) for name in names},
        "total": reckoned(one, readings),
        "readings": [_reading(reading) for reading in readings],
    }


def _reading(one: Reading) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("period", "value", "note", "version")}
