"""Liaisons' seats and offers of seats over the API: read by staff of the street and by the unit's own liaisons."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS
from alliance.lib.api_views import ListView
from members.api.paging import ByKey
from members.models import Liaison, SeatOffer
from members.states import OfferState

MOST = 2_000_000_000


class SeatRow(serializers.Serializer[Any]):
    """A seat; the phone stays where it is."""

    id = serializers.IntegerField()
    unit = serializers.IntegerField(label="单位")
    unit_name = serializers.CharField(label="单位名称")
    name = serializers.CharField(label="联络员", allow_blank=True)
    title = serializers.CharField(label="职务", allow_blank=True)
    is_second = serializers.BooleanField(label="第二联络员")
    starts_on = serializers.DateField(label="起")
    ends_on = serializers.DateField(label="止", allow_null=True)


class SeatOfferRow(serializers.Serializer[Any]):
    """Who was asked to take a seat, and what became of it."""

    id = serializers.IntegerField()
    unit = serializers.IntegerField(label="单位")
    unit_name = serializers.CharField(label="单位名称")
    name = serializers.CharField(label="请谁", allow_blank=True)
    is_second = serializers.BooleanField(label="第二联络员")
    hands_over = serializers.IntegerField(label="接谁的席位", allow_null=True)
    state = serializers.ChoiceField(label="状态", choices=OfferState.choices)
    starts_on = serializers.DateField(label="从哪天起")
    expires_at = serializers.DateTimeField(label="有效到")
    seat = serializers.IntegerField(label="席位", allow_null=True)


class SeatFilter(django_filters.FilterSet):
    """Filters of seats."""

    unit = django_filters.NumberFilter(method="of_unit", label="单位")
    active = django_filters.BooleanFilter(method="in_force", label="在任的")

    class Meta:
        model = Liaison
        fields: ClassVar[list[str]] = []

    def of_unit(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.filter(unit_id=int(value)) if 0 < value <= MOST else queryset.none()

    def in_force(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.active() if value else queryset.exclude(pk__in=Liaison.objects.active().values("pk"))


class SeatOfferFilter(django_filters.FilterSet):
    """Filters of offers of seats."""

    unit = django_filters.NumberFilter(method="of_unit", label="单位")
    state = django_filters.ChoiceFilter(choices=OfferState.choices, label="状态")

    class Meta:
        model = SeatOffer
        fields: ClassVar[list[str]] = []

    of_unit = SeatFilter.of_unit


class Seats(ListView):
    """联络员席位，在任的和以前的。"""

    queryset = Liaison.objects.none()
    filterset_class = SeatFilter
    pagination_class = ByKey

    def get_queryset(self) -> QuerySet[Liaison]:
        return Liaison.objects.visible_to(self.request.user).select_related("unit", "user")

    @extend_schema(operation_id="seats_list", tags=["members"], responses={200: SeatRow(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([_seat(seat) for seat in rows or []])


class SeatOffers(ListView):
    """发出的联络员邀请和交接，等答复的和有了结果的。"""

    queryset = SeatOffer.objects.none()
    filterset_class = SeatOfferFilter
    pagination_class = ByKey

    def get_queryset(self) -> QuerySet[SeatOffer]:
        return SeatOffer.objects.visible_to(self.request.user).select_related("unit")

    @extend_schema(
        operation_id="seat_offers_list", tags=["members"], responses={200: SeatOfferRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([_offer(offer) for offer in rows or []])


def _seat(seat: Liaison) -> dict[str, Any]:
    plain = {name: getattr(seat, name) for name in ("id", "title", "is_second", "starts_on", "ends_on")}
    return {**plain, "unit": seat.unit_id, "unit_name": seat.unit.name, "name": seat.shown_name}


def _offer(offer: SeatOffer) -> dict[str, Any]:
    plain = {name: getattr(offer, name) for name in ("id", "name", "is_second", "starts_on", "expires_at")}
    state = OfferState.EXPIRED.value if offer.is_over else offer.state
    return {
        **plain,
        "unit": offer.unit_id,
        "unit_name": offer.unit.name,
        "hands_over": offer.hands_over_id,
        "state": state,
        "seat": offer.seat_id,
    }
