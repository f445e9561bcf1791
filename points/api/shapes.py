"""Shapes of points in the API. Amounts are in points, with at most one decimal."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from points.states import Posting, RedemptionState, Sort

MOST = 2_000_000_000


class AccountRow(serializers.Serializer[Any]):
    """What one has in one street."""

    id = serializers.IntegerField()
    number = serializers.CharField(label="账户编号")
    street = serializers.CharField(label="街道代码")
    street_name = serializers.CharField(label="街道")
    points = serializers.FloatField(label="可用")
    held = serializers.FloatField(label="冻结")
    ends_on = serializers.DateField(label="最近一批哪天到期", allow_null=True)
    ending = serializers.FloatField(label="那天到期几分")


class PostingRow(serializers.Serializer[Any]):
    """One posting of one's own."""

    id = serializers.IntegerField()
    account = serializers.IntegerField(label="账户")
    kind = serializers.ChoiceField(label="种类", choices=Posting.choices)
    what = serializers.CharField(label="事由")
    why = serializers.CharField(label="说明")
    points = serializers.FloatField(label="分数，出去的为负")
    asked = serializers.FloatField(label="应得", help_text="受当天上限限制时大于记的分数")
    day = serializers.DateField(label="哪天的")
    rule = serializers.IntegerField(label="按哪一版规则", allow_null=True)
    number = serializers.CharField(label="什么事的编号", help_text="没有编号的为空")
    explained = serializers.CharField(label="怎么算的", help_text="规则哪一版、从哪天到哪天、单价")
    standing = serializers.CharField(label="兑换的分现在怎样", help_text="占用中、已核销、已退回；不是兑换的为空")
    at = serializers.DateTimeField(label="时间")


class TotalsAnswer(serializers.Serializer[Any]):
    """How a street's points stand: the last four sum up to the first."""

    street = serializers.CharField(label="街道代码")
    issued = serializers.FloatField(label="一共发了")
    usable = serializers.FloatField(label="大家手上")
    held = serializers.FloatField(label="等着去领")
    spent = serializers.FloatField(label="已经换了")
    expired = serializers.FloatField(label="到期的")


class RewardRow(serializers.Serializer[Any]):
    """Something to exchange points for."""

    id = serializers.IntegerField()
    name = serializers.CharField(label="名称")
    words = serializers.CharField(label="说明")
    sort = serializers.ChoiceField(label="种类", choices=Sort.choices)
    street = serializers.CharField(label="街道代码")
    points = serializers.FloatField(label="要几分")
    left = serializers.IntegerField(label="还有几份", allow_null=True)
    per_quarter = serializers.IntegerField(label="每人每季最多几份", allow_null=True)
    donor = serializers.CharField(label="谁提供的")
    where = serializers.CharField(label="到哪里领")


class RedeemRequest(Given):
    """``client_key`` is a UUID made by the caller: sending it again finds the first exchange."""

    client_key = serializers.UUIDField(label="提交键")
    points = serializers.IntegerField(label="要几分，照看到的填", min_value=1, max_value=10_000)


class RedemptionRow(serializers.Serializer[Any]):
    """An exchange of one's own. ``code`` is there while it waits to be picked up."""

    id = serializers.IntegerField()
    number = serializers.CharField(label="编号")
    reward = serializers.IntegerField(label="兑换品")
    what = serializers.CharField(label="兑换什么")
    points = serializers.FloatField(label="积分")
    state = serializers.ChoiceField(label="状态", choices=RedemptionState.choices)
    asked_at = serializers.DateTimeField(label="兑换时间")
    until = serializers.DateField(label="领取到哪天")
    code = serializers.CharField(label="兑换码", allow_blank=True)


class CancelRequest(Given):
    """Nothing is to be said with it."""


class WriteOffRequest(Given):
    """Where one stands (a unit or an area), and the code."""

    code = serializers.CharField(label="兑换码", max_length=60)
    unit = serializers.IntegerField(
        label="哪个单位", required=False, allow_null=True, default=None, min_value=1, max_value=MOST
    )
    area = serializers.CharField(label="哪个街道或社区", required=False, allow_null=True, default=None, max_length=24)


class WrittenOff(serializers.Serializer[Any]):
    """What to hand over; to whom is not said."""

    number = serializers.CharField(label="编号")
    what = serializers.CharField(label="兑换什么")
    points = serializers.FloatField(label="积分")
