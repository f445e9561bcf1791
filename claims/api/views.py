"""Offers and claims over the API: what is open, claim it, one's own, every step of a claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import F, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, KeysetPagination
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.errors import NotFound
from claims import services
from claims.api import serializers as shapes
from claims.models import Claim, Offer
from claims.permissions import abilities, brought_by
from claims.querysets import seated_units
from claims.states import ClaimState
from files.services import own_key
from people.visitors import signed_in

_ASKED = frozenset({"client_key", "unit"})
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class OfferFilter(django_filters.FilterSet):
    """Filters of what is open."""

    kind = django_filters.CharFilter(label="种类")
    area = django_filters.CharFilter(field_name="area__code", lookup_expr="startswith", label="社区或街道代码")

    class Meta:
        model = Offer
        fields: ClassVar[list[str]] = []


class ClaimFilter(django_filters.FilterSet):
    """Filters of claims."""

    state = django_filters.ChoiceFilter(choices=ClaimState.choices, label="状态")
    kind = django_filters.CharFilter(field_name="offer__kind", label="种类")
    mine = django_filters.BooleanFilter(method="only_mine", label="只看自己和本单位的")

    class Meta:
        model = Claim
        fields: ClassVar[list[str]] = []

    def only_mine(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.made_by(self.request.user) if value else queryset


class Offers(ListView):
    """现在可以认领的。"""

    queryset = Offer.objects.none()
    filterset_class = OfferFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Offer]:
        rows = Offer.objects.visible_to(self.request.user).open_now()
        return rows.select_related("area").annotate(created_at=F("opens_at"))

    @extend_schema(operation_id="offers_list", tags=["claims"], responses={200: shapes.OfferRow(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([_offer(offer) for offer in rows or []])


class Claims(ListView):
    """看得到的认领：自己的、本单位的；工作人员看到自己区域的。"""

    queryset = Claim.objects.none()
    filterset_class = ClaimFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Claim]:
        rows = Claim.objects.visible_to(self.request.user).select_related("offer__area", "unit", "person")
        return rows.annotate(created_at=F("claimed_at"))

    @extend_schema(operation_id="claims_list", tags=["claims"], responses={200: shapes.ClaimRow(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(_claims(rows, request.user))


class TakeOffer(ApiView):
    """认领：先到先得，只有一个能认领到同一份。同一个提交键再发一次，得到第一次的结果（200）。"""

    @extend_schema(
        operation_id="offers_claim",
        tags=["claims"],
        request=shapes.ClaimRequest,
        responses={200: shapes.ClaimAnswer, 201: shapes.ClaimAnswer, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        key, unit = _asked(request.data)
        claim = services.claim_offer(offer_id=pk, by=signed_in(request), client_key=key, unit_id=unit)
        code = status.HTTP_201_CREATED if claim.just_made else status.HTTP_200_OK
        return Response(_claim(claim), status=code)


def _asked(data: Any) -> tuple[UUID, int | None]:
    """Key and unit. The serializer is what is promised and words what is wrong; a body that is plainly right, on the
    one path where many come at once, needs none made for it."""
    if type(data) is dict and data.keys() <= _ASKED and type(data.get("client_key")) is str:
        key, unit = data["client_key"], data.get("unit")
        if _UUID.fullmatch(key) and (unit is None or (type(unit) is int and 0 < unit <= shapes.MOST)):
            return UUID(key), unit
    given = shapes.ClaimRequest(data=data)
    given.is_valid(raise_exception=True)
    return given.validated_data["client_key"], given.validated_data["unit"]


class Step(ApiView):
    """A step of a claim; every verb is one of these with its own service."""

    service: ClassVar[Callable[..., Claim]]
    shape: ClassVar[type[shapes.ClaimStepRequest]]

    def _take(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        if not Claim.objects.visible_to(user).filter(pk=pk).exists():
            raise NotFound
        given = self.shape(data=request.data)
        given.is_valid(raise_exception=True)
        typed = dict(given.validated_data)
        if "hold_key" in typed:
            typed["hold_key"] = own_key(user, typed["hold_key"])
        type(self).service(claim_id=pk, by=user, **typed)
        claim = Claim.objects.select_related("offer__area", "unit", "person").get(pk=pk)
        return Response(_claims([claim], user)[0])


def _step(
    name: str,
    service: Callable[..., Claim],
    what: str,
    shape: type[shapes.ClaimStepRequest] = shapes.ClaimStepRequest,
) -> type[Step]:
    """The view of one verb, with its own entry in the description."""

    @extend_schema(
        operation_id=f"claims_{name}",
        tags=["claims"],
        description=what,
        request=shape,
        responses={200: shapes.ClaimRow, **REFUSALS},
    )
    def post(self: Step, request: Request, pk: int) -> Response:
        return self._take(request, pk)

    parts = {"post": post, "service": staticmethod(service), "shape": shape, "__doc__": what}
    return type(f"Claim{name.title()}", (Step,), parts)


Send = _step("send", services.send, "开始送。")
Deliver = _step("deliver", services.deliver, "报告送达，写一句说明；照片先传到 /photos/。", shapes.DeliverRequest)
Confirm = _step("confirm", services.confirm, "社区确认收到。")
NotThere = _step("not_there", services.not_there, "社区问过，没收到；要写一句情况。")
Return = _step("return", services.return_claim, "退回认领，要写为什么；认领期没过的，别人可以再认领。")
Release = _step("release", services.release_claim, "社区收回，要写为什么。")


def _offer(offer: Offer) -> dict[str, Any]:
    names = ("id", "kind", "label", "title", "for_units", "for_people", "shares", "left", "opens_at", "closes_at")
    return {**{name: getattr(offer, name) for name in names}, "area": offer.area_id, "area_name": offer.area.name}


def _claim(claim: Claim) -> dict[str, Any]:
    """``claim`` in the shape of ``ClaimAnswer``; its offer and whoever has it are at hand."""
    offer = claim.offer
    return {
        "id": claim.pk,
        "offer": offer.pk,
        "kind": offer.kind,
        "label": offer.label,
        "title": offer.title,
        "state": claim.state,
        "claimed_at": claim.claimed_at,
        "deliver_by": claim.deliver_by,
        "delivered_at": claim.delivered_at,
        "unit": claim.unit_id,
        "claimer": str(claim.unit or claim.person),
        "version": claim.version,
    }


def _claims(claims: Collection[Claim], user: Any) -> list[dict[str, Any]]:
    """``claims`` in the shape of ``ClaimRow``."""
    units = set(seated_units(user).values_list("unit_id", flat=True)) if claims else set()
    brought = brought_by(claims)
    return [
        {
            **_claim(claim),
            "area": claim.offer.area_id,
            "area_name": claim.offer.area.name,
            "abilities": sorted(abilities(user, claim, units, brought)),
        }
        for claim in claims
    ]
