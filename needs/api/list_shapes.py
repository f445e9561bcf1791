"""Shapes of the two lists in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from needs.api.triage_shapes import KEY, LONG
from needs.api.wish_shapes import SEEN
from needs.states.lists import LineState, ListSide, ListsState, RoundState


class RoundRow(serializers.Serializer[Any]):
    """One round. The numbers are for staff alone."""

    id = serializers.IntegerField()
    alliance = serializers.IntegerField(label="联盟")
    alliance_name = serializers.CharField(label="联盟名称")
    year = serializers.IntegerField(label="年份")
    title = serializers.CharField(label="名称")
    words = serializers.CharField(label="对各单位说的话")
    last_day = serializers.DateField(label="最晚哪天填")
    state = serializers.ChoiceField(choices=RoundState.choices, label="状态")
    version = serializers.IntegerField(label="版本")


class RoundRequest(Given):
    alliance = serializers.IntegerField(label="联盟", **KEY)
    year = serializers.IntegerField(label="年份", min_value=0, max_value=9999)
    title = serializers.CharField(label="名称", max_length=LONG)
    last_day = serializers.DateField(label="最晚哪天填")
    words = serializers.CharField(label="对各单位说的话", max_length=LONG, required=False, allow_blank=True, default="")


class ListVersionRequest(Given):
    version = serializers.IntegerField(label="版本", **KEY)


class RemindRequest(Given):
    pass


class Reminded(serializers.Serializer[Any]):
    told = serializers.IntegerField(label="提醒了几位联络员")


class ListsUnitRow(serializers.Serializer[Any]):
    """How far one unit is."""

    id = serializers.IntegerField()
    unit = serializers.IntegerField(label="单位")
    unit_name = serializers.CharField(label="单位名称")
    state = serializers.ChoiceField(choices=ListsState.choices, label="填到哪里")
    sent_at = serializers.DateTimeField(label="提交时间", allow_null=True)


class LineRow(serializers.Serializer[Any]):
    """One line. ``resource`` and ``need``: what it became."""

    id = serializers.IntegerField()
    key = serializers.UUIDField(label="提交键")
    side = serializers.ChoiceField(choices=ListSide.choices, label="哪张清单")
    what = serializers.CharField(label="是什么")
    kind = serializers.CharField(label="种类的键")
    amount = serializers.IntegerField(label="多少", allow_null=True)
    whom = serializers.CharField(label="给谁的")
    on_when = serializers.CharField(label="什么时候")
    state = serializers.ChoiceField(choices=LineState.choices, label="状态")
    unit = serializers.IntegerField(label="单位")
    round = serializers.IntegerField(label="哪一轮")
    resource = serializers.CharField(label="资源编号")
    need = serializers.CharField(label="诉求编号")
    left_why = serializers.CharField(label="为什么没有采纳")
    version = serializers.IntegerField(label="版本")


class UnitListsOne(serializers.Serializer[Any]):
    """The two lists of one unit, drafts too: for whoever speaks for it."""

    version = serializers.IntegerField(label="版本", allow_null=True)
    state = serializers.ChoiceField(choices=ListsState.choices, label="填到哪里")
    lines = LineRow(many=True)


class LineGiven(Given):
    key = serializers.UUIDField(label="提交键", help_text="调用方生成；同一条每次都用同一个")
    side = serializers.ChoiceField(choices=ListSide.choices, label="哪张清单")
    what = serializers.CharField(label="是什么", max_length=LONG)
    kind = serializers.CharField(label="种类的键", max_length=60, required=False, allow_blank=True, default="")
    amount = serializers.IntegerField(
        label="多少", required=False, allow_null=True, default=None, min_value=1, max_value=2_000_000_000
    )
    whom = serializers.CharField(label="给谁的", max_length=LONG, required=False, allow_blank=True, default="")
    on_when = serializers.CharField(label="什么时候", max_length=LONG, required=False, allow_blank=True, default="")


class FillRequest(Given):
    """The drafts as they are from now on: what is not in ``lines`` is thrown away; what was sent stands."""

    version = serializers.IntegerField(label="版本", required=False, allow_null=True, default=None, **KEY)
    lines = LineGiven(many=True)
    send = serializers.CharField(
        label="提交哪些", max_length=60, required=False, allow_blank=True, default="", help_text="all，或一条的提交键"
    )
    nothing = serializers.BooleanField(label="今年两样都没有", required=False, default=False)


class TakeRequest(ListVersionRequest):
    area = serializers.CharField(label="哪里办", max_length=24, required=False, allow_blank=True, default="")
    category = serializers.IntegerField(label="类别", required=False, allow_null=True, default=None, **KEY)
    reply_by = serializers.DateField(label="哪天前答复", required=False, allow_null=True, default=None)
    listed_words = serializers.CharField(
        label="公开的一句话", max_length=LONG, required=False, allow_blank=True, default="", help_text="不公开就空着"
    )
    seen_warnings = serializers.CharField(**SEEN)


class LeaveRequest(ListVersionRequest):
    words = serializers.CharField(label="为什么", max_length=LONG, help_text="单位看得到")


class ListRequest(ListVersionRequest):
    words = serializers.CharField(label="公开的一句话", max_length=LONG, help_text="谁都看得到，不写是谁")
    seen_warnings = serializers.CharField(**SEEN)
