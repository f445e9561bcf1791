"""Errands over the API: asked for by staff, open to whoever runs them. Taking and delivering: the claims' API."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, Given, KeysetPagination
from alliance.lib.api_views import ApiView, ListView
from claims.models import Offer
from needs.api.detail import detail, visible
from needs.api.serializers import NeedDetail
from needs.api.wish_shapes import SEEN
from needs.models import Errand
from needs.services.errand_ends import KIND
from needs.services.errands import MAX_HANDOVER, MAX_PUBLIC, publish_errand
from people.visitors import signed_in


class ErrandRequest(Given):
    """``what`` and ``where`` are read by everybody, ``handover`` by whoever takes it alone."""

    client_key = serializers.UUIDField(label="提交键", help_text="调用方生成；再发一次得到同一件")
    version = serializers.IntegerField(label="版本", required=False, allow_null=True, default=None)
    what = serializers.CharField(label="帮什么忙", max_length=20 * MAX_PUBLIC, help_text="谁都看得到，不写姓名和电话")
    where = serializers.CharField(label="大概在哪里", max_length=20 * MAX_PUBLIC, help_text="写到小区为止")
    handover = serializers.CharField(
        label="送到哪里、怎么交接", max_length=20 * MAX_HANDOVER, help_text="只有接单的人看得到"
    )
    deliver_by = serializers.DateTimeField(
        label="什么时候前送到",
        required=False,
        allow_null=True,
        default=None,
        help_text="不填：今天；17点以后：明天中午",
    )
    seen_warnings = serializers.CharField(**SEEN)


class ErrandRow(serializers.Serializer[Any]):
    """An errand that can be taken now; the address is not in it."""

    offer = serializers.IntegerField(label="认领事项", help_text="POST /offers/{id}/claim/ 接单")
    label = serializers.CharField(label="编号")  # type: ignore[assignment]
    what = serializers.CharField(label="帮什么忙")
    where = serializers.CharField(label="大概在哪里")
    area = serializers.CharField(label="社区代码")
    area_name = serializers.CharField(label="社区")
    published_at = serializers.DateTimeField(label="发布时间")
    deliver_by = serializers.DateTimeField(label="什么时候前送到", allow_null=True)


class Publish(ApiView):
    """转跑腿：马上发布，不用审批。"""

    @extend_schema(
        operation_id="needs_errand", tags=["needs"], request=ErrandRequest, responses={200: NeedDetail, **REFUSALS}
    )
    def post(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        visible(user, pk)
        given = ErrandRequest(data=request.data)
        given.is_valid(raise_exception=True)
        publish_errand(need_pk=pk, by=user, **given.validated_data)
        return Response(detail(visible(user, pk), user))


class Errands(ListView):
    """现在可以接的跑腿。"""

    queryset = Offer.objects.none()
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Any]:
        open_now = Offer.objects.for_user(self.request.user).filter(kind=KIND)
        rows = Errand.objects.filter(offer__in=open_now.values("pk")).select_related("offer__area").defer("handover")
        return rows.annotate(created_at=F("published_at"))

    @extend_schema(operation_id="errands_list", tags=["errands"], responses={200: ErrandRow(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([_row(errand) for errand in rows or []])


def _row(errand: Errand) -> dict[str, Any]:
    offer = errand.offer
    return {
        "offer": offer.pk,
        "label": offer.label,
        "what": errand.what,
        "where": errand.where,
        "area": offer.area_id,
        "area_name": offer.area.name,
        "published_at": errand.published_at,
        "deliver_by": offer.closes_at,
    }
