"""The warehouse over the API: what there is, when it is free, its photos, offering and booking."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import F, QuerySet
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, KeysetPagination
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.errors import Invalid, Text
from files.services import attachment, serve
from people.visitors import signed_in
from resources import services
from resources.api import rows, shapes, steps
from resources.models import Booking, Resource
from resources.services.pictures import OWNER
from resources.services.subjects import subject_for
from resources.states import BookingState, ResourceState

MOST_DAYS, USUAL_DAYS, FARTHEST = 31, 7, 800


class ResourceFilter(django_filters.FilterSet):
    """Filters of what there is."""

    q = django_filters.CharFilter(method="said", label="名称、说明里的词")
    kind = django_filters.CharFilter(field_name="kind__key", label="种类的键")
    area = django_filters.CharFilter(field_name="area__code", lookup_expr="startswith", label="社区或街道代码")
    unit = django_filters.NumberFilter(method="given_by", max_value=shapes.MOST, min_value=1, label="提供单位")
    state = django_filters.ChoiceFilter(choices=ResourceState.choices, label="状态")

    class Meta:
        model = Resource
        fields: ClassVar[list[str]] = []

    def said(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.said_to(self.request.user, value)

    def given_by(self, queryset: Any, name: str, value: int) -> Any:
        return queryset.giver_known_to(self.request.user).filter(unit=value)


class BookingFilter(django_filters.FilterSet):
    """Filters of bookings."""

    state = django_filters.ChoiceFilter(choices=BookingState.choices, label="状态")
    resource = django_filters.NumberFilter(field_name="resource", max_value=shapes.MOST, min_value=1, label="资源")
    mine = django_filters.BooleanFilter(method="only_mine", label="只看自己和本单位约的")

    class Meta:
        model = Booking
        fields: ClassVar[list[str]] = []

    def only_mine(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.made_by(self.request.user) if value else queryset


class Resources(ListView):
    """看得到的资源，新的在前；提供一件。"""

    queryset = Resource.objects.none()
    filterset_class = ResourceFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Resource]:
        seen = Resource.objects.visible_to(self.request.user).select_related(*rows.AROUND)
        return seen.annotate(created_at=F("offered_at"))

    @extend_schema(
        operation_id="resources_list", tags=["resources"], responses={200: shapes.ResourceRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        found = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([rows.row_of(row, request.user) for row in found or []])

    @extend_schema(
        operation_id="resources_offer",
        tags=["resources"],
        request=shapes.OfferRequest,
        responses={200: shapes.ResourceOne, 201: shapes.ResourceOne, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        user = signed_in(request)
        given = shapes.OfferRequest(data=request.data)
        given.is_valid(raise_exception=True)
        made = services.offer_resource(by=user, **steps.with_photos(user, given.validated_data))
        code = status.HTTP_201_CREATED if made.just_made else status.HTTP_200_OK
        return Response(rows.one(rows.found(user, made.pk), user), status=code)


class ResourceOne(ApiView):
    """一件资源。"""

    @extend_schema(operation_id="resources_one", tags=["resources"], responses={200: shapes.ResourceOne, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return Response(rows.one(rows.found(request.user, pk), request.user))


class Photo(ApiView):
    """一张照片，看得到资源的都看得到。"""

    @extend_schema(
        operation_id="resources_photo",
        tags=["resources"],
        responses={(200, "image/*"): OpenApiTypes.BINARY, **REFUSALS},
    )
    def get(self, request: Request, pk: int, photo: UUID) -> FileResponse:
        row = rows.found(request.user, pk)
        return serve(attachment(OWNER, str(row.pk), photo))


class Calendar(ApiView):
    """哪天几点空着；谁约了不在里面。"""

    query = ("from", "days")

    @extend_schema(
        operation_id="resources_calendar",
        tags=["resources"],
        parameters=[
            OpenApiParameter("from", OpenApiTypes.DATE, description="从哪天，不写是今天"),
            OpenApiParameter("days", OpenApiTypes.INT, description="几天，1到31，不写是7"),
        ],
        responses={200: shapes.DayRow(many=True), **REFUSALS},
    )
    def get(self, request: Request, pk: int) -> Response:
        row = rows.found(request.user, pk)
        first, number = _asked_days(request)
        return Response(
            [
                {
                    "day": one.day.isoformat(),
                    "closed_why": one.closed_why,
                    **{name: rows.spans(getattr(one, name)) for name in ("open", "taken", "free")},
                }
                for one in services.days_of(row, first, number)
            ]
        )


def _asked_days(request: Request) -> tuple[date, int]:
    """The first day and how many. Raises ``Invalid``."""
    today = timezone.localdate()
    errors: dict[str, list[Text]] = {}
    first, number = today, request.query_params.get("days", str(USUAL_DAYS))
    try:
        first = date.fromisoformat(request.query_params.get("from") or today.isoformat())
    except ValueError:
        errors["from"] = [_("日期请写成 2026-11-28 这样。")]
    if abs((first - today).days) > FARTHEST:
        errors["from"] = [_("请选前后两年以内的一天。")]
    if not (number.isascii() and number.isdigit() and len(number) < 3 and 1 <= int(number) <= MOST_DAYS):
        errors["days"] = [_("请填%(least)d到%(most)d之间的数。") % {"least": 1, "most": MOST_DAYS}]
    if errors:
        raise Invalid(errors)
    return first, int(number)


class Book(ApiView):
    """预约。同一个提交键再发一次，得到第一次的结果（200）。"""

    @extend_schema(
        operation_id="resources_book",
        tags=["resources"],
        request=shapes.BookRequest,
        responses={200: shapes.BookingAnswer, 201: shapes.BookingAnswer, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        rows.found(user, pk)
        given = shapes.BookRequest(data=request.data)
        given.is_valid(raise_exception=True)
        typed = dict(given.validated_data)
        booker = services.Booker(unit=typed.pop("unit"), office=typed.pop("office"))
        made = services.book(by=user, resource=pk, booker=booker, **{**typed, **_about(user, typed["subject"])})
        code = status.HTTP_201_CREATED if made.just_made else status.HTTP_200_OK
        return Response(rows.booking_one(rows.booked(user, made.pk), user), status=code)


def _about(user: Any, key: str) -> dict[str, str]:
    """What it is booked for. Raises ``Invalid`` where there is nothing of the kind for ``user``."""
    subject = subject_for(user, key)
    if key and subject is None:
        raise Invalid({"subject": [_("没有找到这件事，或者不在您的范围里。")]})
    return {"subject": key, "subject_label": str(subject.label) if subject else ""}


class Bookings(ListView):
    """看得到的预约：自己的、本单位约的和被约的；工作人员看到本街道的。晚开始的在前。"""

    queryset = Booking.objects.none()
    filterset_class = BookingFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Booking]:
        seen = Booking.objects.visible_to(self.request.user).select_related(*rows.OF_BOOKING)
        return seen.annotate(created_at=F("starts"))

    @extend_schema(
        operation_id="bookings_list", tags=["resources"], responses={200: shapes.BookingRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        found = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([rows.booking_row(row) for row in found or []])


class BookingOne(ApiView):
    """一个预约。"""

    @extend_schema(operation_id="bookings_one", tags=["resources"], responses={200: shapes.BookingAnswer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return Response(rows.booking_one(rows.booked(request.user, pk), request.user))
