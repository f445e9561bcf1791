"""Shapes of offers and claims in the API. No rule lives here."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from claims.states import ClaimState

MOST = 2_000_000_000


class OfferRow(serializers.Serializer[Any]):
    """Something to claim; nothing of the person it is for is in it."""

    id = serializers.IntegerField()
    kind = serializers.CharField(label="种类")
    label = serializers.CharField(label="编号")  # type: ignore[assignment]
    title = serializers.CharField(label="是什么")
    area = serializers.CharField(label="社区代码")
    area_name = serializers.CharField(label="社区")
    for_units = serializers.BooleanField(label="单位可认领")
    for_people = serializers.BooleanField(label="个人可认领")
    shares = serializers.IntegerField(label="共几份")
    left = serializers.IntegerField(label="还剩几份")
    opens_at = serializers.DateTimeField(label="何时起")
    closes_at = serializers.DateTimeField(label="认领到", allow_null=True)


class ClaimRequest(Given):
    """``client_key`` is a UUID made by the caller: sending it again finds the first claim."""

    client_key = serializers.UUIDField(label="提交键")
    unit = serializers.IntegerField(
        label="代哪个单位",
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=MOST,
        help_text="个人不填",
    )


class ClaimAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    offer = serializers.IntegerField(label="认领事项")
    kind = serializers.CharField(label="种类")
    label = serializers.CharField(label="编号")  # type: ignore[assignment]
    title = serializers.CharField(label="是什么")
    state = serializers.ChoiceField(label="状态", choices=ClaimState.choices)
    claimed_at = serializers.DateTimeField(label="认领时间")
    deliver_by = serializers.DateTimeField(label="送达期限", allow_null=True)
    delivered_at = serializers.DateTimeField(label="送到时间", allow_null=True)
    unit = serializers.IntegerField(label="单位", allow_null=True, help_text="个人认领的为空")
    claimer = serializers.CharField(label="谁认领的")
    version = serializers.IntegerField(label="版本", help_text="下一步带上，别人改过会得到409")


class ClaimRow(ClaimAnswer):
    """One claim as those who may see it do."""

    area = serializers.CharField(label="社区代码")
    area_name = serializers.CharField(label="社区")
    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")


class ClaimStepRequest(Given):
    version = serializers.IntegerField(label="版本", min_value=1, max_value=MOST)
    note = serializers.CharField(label="说明", required=False, allow_blank=True, default="", max_length=2000)


class DeliverRequest(ClaimStepRequest):
    hold_key = serializers.UUIDField(
        label="照片的键",
        required=False,
        allow_null=True,
        default=None,
        help_text="传照片时用的键；没有照片不填",
    )
