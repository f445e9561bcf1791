"""Shapes of livelihood items and of the service menu in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from projects.api.steps import MOST, SEEN, ProjectStepRequest
from projects.states import DeedField, DeedSource, DeedState, DeedVerb, MenuKind


class DeedRow(serializers.Serializer[Any]):
    """A livelihood item in a list."""

    id = serializers.IntegerField()
    number = serializers.CharField(label="编号")
    year = serializers.IntegerField(label="年度")
    area = serializers.CharField(label="街道或社区代码")
    name = serializers.CharField(label="名称")
    words = serializers.CharField(label="做什么")
    goal = serializers.CharField(label="年度目标")
    field = serializers.ChoiceField(label="类别", choices=DeedField.choices)
    source = serializers.ChoiceField(label="谁提出的", choices=DeedSource.choices)  # type: ignore[assignment]
    state = serializers.ChoiceField(label="状态", choices=DeedState.choices)
    position = serializers.IntegerField(label="第几件", allow_null=True)
    percent = serializers.IntegerField(label="进度（%）")
    satisfaction = serializers.DecimalField(label="满意度（%）", max_digits=5, decimal_places=2, allow_null=True)
    unit = serializers.IntegerField(label="责任单位", allow_null=True)
    who = serializers.CharField(label="谁负责")
    version = serializers.IntegerField(label="版本", help_text="下一步带上，别人改过会得到409")


class ReportRow(serializers.Serializer[Any]):
    month = serializers.DateField(label="哪个月的第一天")
    percent = serializers.IntegerField(label="进度（%）")
    words = serializers.CharField(label="办了什么")
    version = serializers.IntegerField(label="版本")


class RecordRow(serializers.Serializer[Any]):
    at = serializers.DateTimeField(label="记下的时间")
    on_day = serializers.DateField(label="哪天的事", allow_null=True)
    verb = serializers.ChoiceField(label="动作", choices=DeedVerb.choices)
    words = serializers.CharField(label="说明")
    params = serializers.DictField(label="数字和选项")


class DeedOne(DeedRow):
    """One item; the records only for those who work on it."""

    reports = ReportRow(many=True, label="每个月的进度")
    wanting = serializers.ListField(child=serializers.CharField(), label="销号还差什么")
    records = RecordRow(many=True, label="经过")
    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")


class DeedTyped(Given):
    """What is said of a candidate, all of it each time."""

    name = serializers.CharField(label="名称", max_length=40)
    words = serializers.CharField(label="做什么", max_length=500)
    goal = serializers.CharField(label="年度目标", max_length=200)
    field = serializers.ChoiceField(label="类别", choices=DeedField.choices)
    source = serializers.ChoiceField(label="谁提出的", choices=DeedSource.choices)  # type: ignore[assignment]
    unit = serializers.IntegerField(
        label="责任单位", required=False, allow_null=True, default=None, min_value=1, max_value=MOST
    )
    leader = serializers.IntegerField(
        label="牵头领导", required=False, allow_null=True, default=None, min_value=1, max_value=MOST
    )


class DeedRequest(DeedTyped):
    """``client_key`` is a UUID made by the caller: sending it again finds the first."""

    client_key = serializers.UUIDField(label="提交键")
    area = serializers.CharField(label="街道或社区代码", max_length=24)
    year = serializers.IntegerField(label="年度", min_value=2000, max_value=3000)
    origin = serializers.CharField(
        label="从哪件事来", required=False, allow_blank=True, default="", max_length=60, help_text="need:12 这样写"
    )


class DeedEditRequest(DeedTyped, ProjectStepRequest):
    """What was screened and argued counts no more."""


class OnDay(ProjectStepRequest):
    on_day = serializers.DateField(label="哪天的事")
    words = serializers.CharField(label="说明", required=False, allow_blank=True, default="", max_length=500)


class ScreenRequest(OnDay):
    for_all = serializers.BooleanField(label="普惠")
    doable = serializers.BooleanField(label="可行")
    countable = serializers.BooleanField(label="可量化")


class DeedNoteRequest(OnDay):
    """``yes`` and ``of`` with a vote alone."""

    verb = serializers.ChoiceField(label="哪一步", choices=["argue", "vote", "urge", "accept"])
    yes = serializers.IntegerField(
        label="同意几票", required=False, allow_null=True, default=None, min_value=0, max_value=MOST
    )
    of = serializers.IntegerField(
        label="一共几票", required=False, allow_null=True, default=None, min_value=0, max_value=MOST
    )


class DeedReportRequest(Given):
    """``version``: of the report of that month, where it is put right."""

    month = serializers.DateField(label="那个月里的一天")
    percent = serializers.IntegerField(label="进度（%）", min_value=0, max_value=100)
    words = serializers.CharField(label="办了什么", max_length=300)
    seen_warnings = serializers.CharField(**SEEN)
    why_less = serializers.CharField(
        label="为什么改低",
        required=False,
        allow_blank=True,
        default="",
        max_length=100,
        help_text="比这个月报过的低才写",
    )
    version = serializers.IntegerField(
        label="那一条的版本", required=False, allow_null=True, default=None, min_value=1, max_value=MOST
    )


class DeedAskRequest(OnDay):
    asked = serializers.IntegerField(label="问了几位", min_value=1, max_value=MOST)
    satisfied = serializers.IntegerField(label="满意的几位", min_value=0, max_value=MOST)


class DeedsPublishRequest(Given):
    street = serializers.CharField(label="街道代码", max_length=24)
    year = serializers.IntegerField(label="年度", min_value=2000, max_value=3000)
    deeds = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MOST), label="公布哪几件，按顺序", max_length=50
    )
    most = serializers.IntegerField(
        label="一共公布几件，不写就不改", required=False, allow_null=True, default=None, min_value=1, max_value=50
    )


class SignUpRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    unit = serializers.IntegerField(label="单位")
    name = serializers.CharField(label="单位名称")
    covers = serializers.ListField(child=serializers.CharField(), label="服务哪些社区，空着是都可以")
    does = serializers.CharField(label="怎么做")


class MenuRow(serializers.Serializer[Any]):
    """One service with who does it; ``gaps``: codes of the communities where nobody does."""

    id = serializers.IntegerField()
    alliance = serializers.IntegerField(label="联盟")
    year = serializers.IntegerField(label="年度")
    kind = serializers.ChoiceField(label="类别", choices=MenuKind.choices)
    name = serializers.CharField(label="服务")
    words = serializers.CharField(label="做什么")
    is_active = serializers.BooleanField(label="在用")
    sign_ups = SignUpRow(many=True, label="谁报了")
    gaps = serializers.ListField(child=serializers.CharField(), label="哪里没有")
    anywhere = serializers.IntegerField(label="几家不限社区", help_text="没有点名社区的单位，不算在缺口里")
    version = serializers.IntegerField(label="版本")


class MenuOpenRequest(Given):
    alliance = serializers.IntegerField(label="联盟", min_value=1, max_value=MOST)
    year = serializers.IntegerField(label="年度", min_value=2000, max_value=3000)


class ItemTyped(Given):
    kind = serializers.ChoiceField(label="类别", choices=MenuKind.choices)
    name = serializers.CharField(label="服务", max_length=30)
    words = serializers.CharField(label="做什么", required=False, allow_blank=True, default="", max_length=200)
    is_active = serializers.BooleanField(label="在用", required=False, default=True)


class MenuItemRequest(ItemTyped, MenuOpenRequest):
    """A service more."""


class MenuEditRequest(ItemTyped, ProjectStepRequest):
    """The service in other words."""


class SignUpRequest(Given):
    unit = serializers.IntegerField(label="单位", min_value=1, max_value=MOST)
    covers = serializers.ListField(
        child=serializers.CharField(max_length=24), label="服务哪些社区", required=False, default=list, max_length=100
    )
    does = serializers.CharField(label="怎么做", required=False, allow_blank=True, default="", max_length=200)


class LeaveMenuRequest(Given):
    words = serializers.CharField(label="为什么", max_length=200)
