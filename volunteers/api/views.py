"""Activities over the API: what is published, one's own sign-ups, the code on the wall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters
from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, KeysetPagination
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.errors import NotFound
from people.visitors import signed_in
from volunteers.api import shapes
from volunteers.models import Activity, Post, SignUp, Slot
from volunteers.presenting.activities import host_of
from volunteers.services import attending, signing
from volunteers.services.feedback import say_feedback
from volunteers.services.party import Party
from volunteers.services.photo_consents import agreed_when_signing_up
from volunteers.services.seats import place_in_line
from volunteers.services.signing import sign_up

OK, CREATED = status.HTTP_200_OK, status.HTTP_201_CREATED


class ActivityFilter(django_filters.FilterSet):
    street = django_filters.CharFilter(field_name="street_code", label="街道代码")
    kind = django_filters.CharFilter(field_name="kind", label="类别")

    class Meta:
        model = Activity
        fields: ClassVar[list[str]] = []


def _shown() -> QuerySet[Activity]:
    ahead = Slot.objects.filter(ends__gt=timezone.now()).order_by("starts", "pk").prefetch_related("posts")
    rows: QuerySet[Activity] = Activity.objects.public().select_related("area", "unit")
    return rows.prefetch_related(Prefetch("slots", queryset=ahead, to_attr="days_ahead"))


def _activity(row: Activity) -> dict[str, Any]:
    names = ("number", "kind", "title", "summary", "place", "contact", "phone", "state")
    return {
        "id": row.pk,
        "street": row.street_code,
        "host": host_of(row),
        "days": [_day(slot, row) for slot in getattr(row, "days_ahead", [])],
        **{name: getattr(row, name) for name in names},
    }


def _day(slot: Slot, row: Activity) -> dict[str, Any]:
    slot.activity = row
    return {
        "id": slot.pk,
        "starts": slot.starts,
        "ends": slot.ends,
        "closes_at": slot.closes_at,
        "called_off": slot.called_off_at is not None,
        "posts": [_post(post) for post in slot.posts.all()],
    }


def _post(post: Post) -> dict[str, Any]:
    names = ("name", "capacity", "left", "needs", "is_service")
    return {"id": post.pk, **{name: getattr(post, name) for name in names}}


def _signup(row: SignUp) -> dict[str, Any]:
    slot = row.post.slot
    return {
        "id": row.pk,
        "activity": slot.activity_id,
        "title": slot.activity.title,
        "post": row.post_id,
        "starts": slot.starts,
        "ends": slot.ends,
        "seats": row.seats,
        "state": row.state,
        "place_in_line": place_in_line(row),
        "answer_by": row.answer_by,
    }


class Activities(ListView):
    """发布了的活动，新的在前。"""

    queryset = Activity.objects.none()
    filterset_class = ActivityFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Activity]:
        return _shown().annotate(created_at=F("published_at"))

    @extend_schema(
        operation_id="activities_list", tags=["activities"], responses={200: shapes.ActivityRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([_activity(row) for row in rows or []])


class ActivityOne(ApiView):
    """一个活动，带还没结束的场次和名额。"""

    @extend_schema(operation_id="activities_one", tags=["activities"], responses={200: shapes.ActivityRow, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        row = _shown().filter(pk=pk).first()
        if row is None:
            raise NotFound
        return Response(_activity(row))


class Join(ApiView):
    """报名：有名额就报上，没有就候补。同一个提交键再发一次，得到第一次的结果（200）。"""

    @extend_schema(
        operation_id="activities_sign_up",
        tags=["activities"],
        request=shapes.ComingRequest,
        responses={200: shapes.ComingRow, 201: shapes.ComingRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        given = shapes.ComingRequest(data=request.data)
        given.is_valid(raise_exception=True)
        typed = dict(given.validated_data)
        key, by, photos = typed.pop("client_key"), signed_in(request), typed.pop("photos")
        made = sign_up(post=pk, by=by, client_key=key, party=Party(**typed))
        if photos:
            agreed_when_signing_up(made, by, guardian=typed["guardian_ok"])
        return Response(_signup(made), status=CREATED if made.just_made else OK)


class SignUps(ListView):
    """自己的报名，新的在前。"""

    queryset = SignUp.objects.none()
    pagination_class = KeysetPagination
    filter_backends = ()

    def get_queryset(self) -> QuerySet[SignUp]:
        rows = SignUp.objects.filter(person=signed_in(self.request)).select_related("post__slot__activity")
        return rows.annotate(created_at=F("made_at"))

    @extend_schema(
        operation_id="signups_list", tags=["activities"], responses={200: shapes.ComingRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([_signup(row) for row in rows or []])


def _step(request: Request, pk: int, act: Callable[..., SignUp]) -> Response:
    shapes.ComingStepRequest(data=request.data).is_valid(raise_exception=True)
    by = signed_in(request)
    if not SignUp.objects.filter(pk=pk, person=by).exists():
        raise NotFound
    act(pk=pk, by=by)
    row = SignUp.objects.select_related("post__slot__activity").get(pk=pk)
    return Response(_signup(row))


class Cancel(ApiView):
    """取消报名，名额马上给候补的人。"""

    @extend_schema(
        operation_id="signups_cancel",
        tags=["activities"],
        request=shapes.ComingStepRequest,
        responses={200: shapes.ComingRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        return _step(request, pk, signing.cancel)


class Accept(ApiView):
    """确认候补到的名额。"""

    @extend_schema(
        operation_id="signups_accept",
        tags=["activities"],
        request=shapes.ComingStepRequest,
        responses={200: shapes.ComingRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        return _step(request, pk, signing.accept)


class Say(ApiView):
    """去过的活动怎么样；30天内再发一次，就按新的算。"""

    @extend_schema(
        operation_id="signups_feedback",
        tags=["activities"],
        request=shapes.ActivityFeedbackRequest,
        responses={200: shapes.ActivityFeedbackRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        given = shapes.ActivityFeedbackRequest(data=request.data)
        given.is_valid(raise_exception=True)
        by = signed_in(request)
        if not SignUp.objects.filter(pk=pk, person=by).exists():
            raise NotFound
        row = say_feedback(pk=pk, by=by, **given.validated_data)
        return Response({name: getattr(row, name) for name in ("mood", "words", "said_at", "changed_at")})


class CheckIn(ApiView):
    """用现场的码签到或签退；再发一次，得到第一次的结果。"""

    @extend_schema(
        operation_id="activities_check_in",
        tags=["activities"],
        request=shapes.ActivityCheckInRequest,
        responses={200: shapes.PresenceRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        given = shapes.ActivityCheckInRequest(data=request.data)
        given.is_valid(raise_exception=True)
        act = attending.check_out if given.validated_data["leaving"] else attending.check_in
        row = act(slot=pk, by=signed_in(request), code=given.validated_data["code"])
        return Response({"came_at": row.came_at, "left_at": row.left_at})
