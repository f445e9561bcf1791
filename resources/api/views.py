"""The warehouse over the API: what there is, when it is free, offering, booking, cancelling."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from alliance.lib.api import REFUSALS, KeysetPagination
from alliance.lib.errors import Invalid, NotFound, Text
from alliance.lib.search import matching
from people.visitors import signed_in
from resources import services
from resources.api import shapes
from resources.models import Booking, Resource
from resources.permissions import booking_abilities, resource_abilities
from resources.presenting import facts, times
from resources.services.hours import weekly
from resources.states import BookingState, ResourceState

MOST_DAYS, USUAL_DAYS, FARTHEST = 31, 7, 800
AROUND = ("kind", "unit", "area", "within", "serves")
OF_BOOKING = ("resource__kind", "resource__unit", "resource__area", "unit", "office")


class ResourceFilter(django_filters.FilterSet):
    """Filters of what there is."""

    q = django_filters.CharFilter(method="said", label="名称、说明里的词")
    kind = django_filters.CharFilter(field_name="kind__key", label="种类的键")
    area = django_filters.CharFilter(field_name="area__code", lookup_expr="startswith", label="社区或街道代码")
    unit = django_filters.NumberFilter(field_name="unit", max_value=shapes.MOST, min_value=1, label="提供单位")
    state = django_filters.ChoiceFilter(choices=ResourceState.choices, label="状态")

    class Meta:
        model = Resource
        fields: ClassVar[list[str]] = []

    def said(self, queryset: Any, name: str, value: str) -> Any:
        return matching(queryset, value)


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


class Resources(GenericAPIView):
    """看得到的资源，新的在前；提供一件。"""

    queryset = Resource.objects.none()
    filterset_class = ResourceFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Resource]:
        rows = Resource.objects.visible_to(self.request.user).select_related(*AROUND)
        return rows.annotate(created_at=F("offered_at"))

    @extend_schema(
        operation_id="resources_list", tags=["resources"], responses={200: shapes.ResourceRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([_row(row, request.user) for row in rows or []])

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
        made = services.offer_resource(by=user, **given.validated_data)
        code = status.HTTP_201_CREATED if made.just_made else status.HTTP_200_OK
        return Response(_one(_found(user, made.pk), user), status=code)


def _found(user: Any, pk: int) -> Resource:
    row: Resource | None = Resource.objects.visible_to(user).select_related(*AROUND).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def _row(row: Resource, user: Any) -> dict[str, Any]:
    names = ("number", "name", "state", "capacity", "quantity", "for_units", "for_people", "asks_first", "version")
    return {
        "id": row.pk,
        "kind": row.kind.key,
        "kind_name": row.kind.label,
        "form": row.kind.form,
        "giver": facts.giver_of(row, user),
        "area": row.area_id,
        "area_name": row.area.name,
        **{name: getattr(row, name) for name in names},
    }


def _one(row: Resource, user: Any) -> dict[str, Any]:
    names = ("words", "conditions", "address", "floor", "phone", "aliases")
    rules = ("longest_minutes", "ahead_days", "cancel_hours")
    return {
        **_row(row, user),
        **{name: getattr(row, name) for name in (*names, *rules)},
        "within": row.within_id,
        "hours": [
            {"weekday": one.weekday, "opens": times.clock(one.opens), "closes": times.clock(one.closes)}
            for one in weekly(row)
        ],
        "abilities": sorted(str(verb) for verb in resource_abilities(user, row)),
    }


class ResourceOne(APIView):
    """一件资源。"""

    @extend_schema(operation_id="resources_one", tags=["resources"], responses={200: shapes.ResourceOne, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return Response(_one(_found(request.user, pk), request.user))


class Calendar(APIView):
    """哪天几点空着；谁约了不在里面。"""

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
        row = _found(request.user, pk)
        first, number = _asked_days(request)
        return Response(
            [
                {
                    "day": one.day.isoformat(),
                    "closed_why": one.closed_why,
                    **{name: _spans(getattr(one, name)) for name in ("open", "taken", "free")},
                }
                for one in services.days_of(row, first, number)
            ]
        )


def _spans(found: Any) -> list[str]:
    return [f"{times.clock(begin)}–{times.clock(end)}" for begin, end in found]


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


class Book(APIView):
    """预约。同一个提交键再发一次，得到第一次的结果（200）。"""

    @extend_schema(
        operation_id="resources_book",
        tags=["resources"],
        request=shapes.BookRequest,
        responses={200: shapes.BookingAnswer, 201: shapes.BookingAnswer, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        _found(user, pk)
        given = shapes.BookRequest(data=request.data)
        given.is_valid(raise_exception=True)
        typed = dict(given.validated_data)
        booker = services.Booker(unit=typed.pop("unit"), office=typed.pop("office"))
        made = services.book(by=user, resource=pk, booker=booker, **typed)
        code = status.HTTP_201_CREATED if made.just_made else status.HTTP_200_OK
        return Response(_with_abilities(_booked(user, made.pk), user), status=code)


def _booked(user: Any, pk: int) -> Booking:
    row: Booking | None = Booking.objects.visible_to(user).select_related(*OF_BOOKING).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def _booking(row: Booking) -> dict[str, Any]:
    names = ("number", "starts", "ends", "quantity", "people", "purpose", "state", "version")
    return {
        "id": row.pk,
        "resource": row.resource_id,
        "resource_name": row.resource.name,
        "booker": facts.booker_of(row),
        **{name: getattr(row, name) for name in names},
    }


def _with_abilities(row: Booking, user: Any) -> dict[str, Any]:
    return {**_booking(row), "abilities": sorted(str(verb) for verb in booking_abilities(user, row))}


class Bookings(GenericAPIView):
    """看得到的预约：自己的、本单位约的和被约的；工作人员看到本街道的。晚开始的在前。"""

    queryset = Booking.objects.none()
    filterset_class = BookingFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Booking]:
        rows = Booking.objects.visible_to(self.request.user).select_related(*OF_BOOKING)
        return rows.annotate(created_at=F("starts"))

    @extend_schema(
        operation_id="bookings_list", tags=["resources"], responses={200: shapes.BookingRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([_booking(row) for row in rows or []])


class BookingOne(APIView):
    """一个预约。"""

    @extend_schema(operation_id="bookings_one", tags=["resources"], responses={200: shapes.BookingAnswer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return Response(_with_abilities(_booked(request.user, pk), request.user))


class Cancel(APIView):
    """取消自己或本单位的预约，按提供方说的提前几小时。"""

    @extend_schema(
        operation_id="bookings_cancel",
        tags=["resources"],
        request=shapes.CancelRequest,
        responses={200: shapes.BookingAnswer, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        _booked(user, pk)
        given = shapes.CancelRequest(data=request.data)
        given.is_valid(raise_exception=True)
        services.cancel_booking(pk=pk, by=user, **given.validated_data)
        return Response(_with_abilities(_booked(user, pk), user))
