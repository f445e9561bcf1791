"""Series, meetings, topics and action items over the API: lists, one of each, and a new one."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import F, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, Given, KeysetPagination
from alliance.lib.api_views import ApiView, ListView
from meetings.api import bodies, rows, shapes
from meetings.models import ActionItem, Meeting, Series, Topic
from meetings.services.meetings import plan_meeting
from meetings.services.series import Invited, set_up_series
from meetings.services.topics import raise_topic
from meetings.states import ActionState, MeetingKind, MeetingState, SeriesState, TopicState
from people.visitors import signed_in
from projects.api.steps import MOST

TAGS = ["meetings"]


class _Of(django_filters.FilterSet):
    """What all of them are filtered by."""

    area = django_filters.CharFilter(field_name="area__code", lookup_expr="startswith", label="街道或社区代码")


class SeriesFilter(_Of):
    kind = django_filters.ChoiceFilter(choices=MeetingKind.choices, label="类别")
    state = django_filters.ChoiceFilter(choices=SeriesState.choices, label="状态")

    class Meta:
        model = Series
        fields: ClassVar[list[str]] = []


class MeetingFilter(_Of):
    kind = django_filters.ChoiceFilter(choices=MeetingKind.choices, label="类别")
    state = django_filters.ChoiceFilter(choices=MeetingState.choices, label="状态")
    series = django_filters.NumberFilter(field_name="series", min_value=1, max_value=MOST, label="例会")
    since = django_filters.DateFilter(field_name="starts", lookup_expr="date__gte", label="从哪天起")
    until = django_filters.DateFilter(field_name="starts", lookup_expr="date__lte", label="到哪天")

    class Meta:
        model = Meeting
        fields: ClassVar[list[str]] = []


class TopicFilter(_Of):
    state = django_filters.ChoiceFilter(choices=TopicState.choices, label="状态")

    class Meta:
        model = Topic
        fields: ClassVar[list[str]] = []


class ActionFilter(_Of):
    state = django_filters.ChoiceFilter(choices=ActionState.choices, label="状态")
    meeting = django_filters.NumberFilter(field_name="meeting", min_value=1, max_value=MOST, label="会议")
    unit = django_filters.NumberFilter(field_name="unit", min_value=1, max_value=MOST, label="责任单位")
    late = django_filters.BooleanFilter(method="are_late", label="超期的")

    class Meta:
        model = ActionItem
        fields: ClassVar[list[str]] = []

    def are_late(self, queryset: Any, name: str, value: Any) -> Any:
        late = {"state": ActionState.OPEN, "due_on__lt": timezone.localdate()}
        return queryset.filter(**late) if value else queryset.exclude(**late)


class DueFirst(KeysetPagination):
    order = ("due_on", "id")


def _said(request: Request, shape: type[Given]) -> dict[str, Any]:
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _answer(row: Any, shown: dict[str, Any]) -> Response:
    return Response(shown, status=status.HTTP_201_CREATED if row.just_made else status.HTTP_200_OK)


class SeriesAll(ListView):
    """看得到的例会，新的在前；设立一个。"""

    queryset = Series.objects.none()
    filterset_class = SeriesFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Series]:
        return Series.objects.visible_to(self.request.user).annotate(created_at=F("set_up_at"))

    @extend_schema(
        operation_id="meeting_series_list", tags=TAGS, responses={200: shapes.SeriesRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        found: list[Any] = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response([rows.series_row(row) for row in found])

    @extend_schema(
        operation_id="meeting_series_set_up",
        tags=TAGS,
        request=bodies.SeriesRequest,
        responses={200: shapes.SeriesOne, 201: shapes.SeriesOne, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        user, said = signed_in(request), _said(request, bodies.SeriesRequest)
        made = set_up_series(by=user, invited=Invited(**said.pop("invited", {})), **said)
        return _answer(made, rows.series_one(rows.series(user, made.pk), user))


class SeriesOne(ApiView):
    """一个例会，带每次请谁。"""

    @extend_schema(operation_id="meeting_series_one", tags=TAGS, responses={200: shapes.SeriesOne, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        return Response(rows.series_one(rows.series(user, pk), user))


class Meetings(ListView):
    """看得到的会议，新的在前：街道社区看本处的，单位看请了自己的；加一次会。"""

    queryset = Meeting.objects.none()
    filterset_class = MeetingFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Meeting]:
        return Meeting.objects.visible_to(self.request.user).annotate(created_at=F("starts"))

    @extend_schema(operation_id="meetings_list", tags=TAGS, responses={200: shapes.MeetingRow(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        found: list[Any] = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response([rows.meeting_row(row) for row in found])

    @extend_schema(
        operation_id="meetings_plan",
        tags=TAGS,
        request=bodies.MeetingRequest,
        responses={200: shapes.MeetingOne, 201: shapes.MeetingOne, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        user = signed_in(request)
        made = plan_meeting(by=user, **_said(request, bodies.MeetingRequest))
        return _answer(made, rows.meeting_one(rows.meeting(user, made.pk), user))


class MeetingOne(ApiView):
    """一次会议：议程、参会方、纪要、行动项。"""

    @extend_schema(operation_id="meetings_one", tags=TAGS, responses={200: shapes.MeetingOne, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        return Response(rows.meeting_one(rows.meeting(user, pk), user))


class Topics(ListView):
    """看得到的议题，新的在前；提一个。"""

    queryset = Topic.objects.none()
    filterset_class = TopicFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Topic]:
        return Topic.objects.visible_to(self.request.user).annotate(created_at=F("raised_at"))

    @extend_schema(
        operation_id="meeting_topics_list", tags=TAGS, responses={200: shapes.TopicRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        found: list[Any] = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response([rows.topic_row(row) for row in found])

    @extend_schema(
        operation_id="meeting_topics_raise",
        tags=TAGS,
        request=bodies.TopicRequest,
        responses={200: shapes.TopicOne, 201: shapes.TopicOne, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        user = signed_in(request)
        made = raise_topic(by=user, **_said(request, bodies.TopicRequest))
        return _answer(made, rows.topic_one(rows.topic(user, made.pk), user))


class TopicOne(ApiView):
    """一个议题，带答复。"""

    @extend_schema(operation_id="meeting_topics_one", tags=TAGS, responses={200: shapes.TopicOne, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        return Response(rows.topic_one(rows.topic(user, pk), user))


class Actions(ListView):
    """看得到的行动项，先到期的在前。"""

    queryset = ActionItem.objects.none()
    filterset_class = ActionFilter
    pagination_class = DueFirst

    def get_queryset(self) -> QuerySet[ActionItem]:
        return ActionItem.objects.visible_to(self.request.user).select_related("unit", "office")

    @extend_schema(
        operation_id="meeting_actions_list", tags=TAGS, responses={200: shapes.ActionRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        found: list[Any] = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response([rows.action_row(row) for row in found])


class ActionOne(ApiView):
    """一个行动项。"""

    @extend_schema(operation_id="meeting_actions_one", tags=TAGS, responses={200: shapes.ActionOne, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        return Response(rows.action_one(rows.action(user, pk), user))
