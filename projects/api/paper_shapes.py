"""Shapes of agreements and amendments in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from projects.api.steps import HELD, MOST, ProjectStepRequest
from projects.states import AgreementState, AmendmentState, PaperVerb


class AgreementRow(serializers.Serializer[Any]):
    """An agreement in a list."""

    id = serializers.IntegerField()
    number = serializers.CharField(label="编号")
    theme = serializers.CharField(label="共建主题")
    area = serializers.CharField(label="甲方的代码")
    area_name = serializers.CharField(label="甲方")
    units = serializers.ListField(child=serializers.CharField(), label="签约单位")
    state = serializers.ChoiceField(label="状态", choices=AgreementState.choices)
    starts_on = serializers.DateField(label="从哪天起")
    ends_on = serializers.DateField(label="到哪天止")
    runs_until = serializers.DateField(label="履行到", allow_null=True)
    signed_on = serializers.DateField(label="签约日期", allow_null=True)
    sha256 = serializers.CharField(label="校验码")
    is_public = serializers.BooleanField(label="公开正文")
    version = serializers.IntegerField(label="版本", help_text="下一步带上，别人改过会得到409")


class AgreementPartyRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    unit = serializers.IntegerField(label="单位")
    name = serializers.CharField(label="协议里的名称")
    duties = serializers.CharField(label="单位的责任")
    left_on = serializers.DateField(label="退出日期", allow_null=True)


class TargetRow(serializers.Serializer[Any]):
    name = serializers.CharField(label="指标")
    amount = serializers.DecimalField(label="目标", max_digits=14, decimal_places=2)
    measure = serializers.CharField(label="单位（量）")


class AskRow(serializers.Serializer[Any]):
    """What a unit was asked about the text with the digest ``sha256``, and what it said."""

    id = serializers.IntegerField()
    unit = serializers.IntegerField(label="单位")
    amendment = serializers.IntegerField(label="补充协议", allow_null=True)
    sha256 = serializers.CharField(label="问的是哪一份正文")
    answer = serializers.CharField(label="答复", help_text="yes 确认，no 想改一改，空着是还没答复")
    words = serializers.CharField(label="说了什么")
    open = serializers.BooleanField(label="还等着答复")


class PaperLine(serializers.Serializer[Any]):
    at = serializers.DateTimeField(label="时间")
    verb = serializers.ChoiceField(label="动作", choices=PaperVerb.choices)
    amendment = serializers.IntegerField(label="补充协议", allow_null=True)
    words = serializers.CharField(label="说了什么")


class AmendmentRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    ordinal = serializers.IntegerField(label="第几号")
    words = serializers.CharField(label="补充什么")
    new_ends_on = serializers.DateField(label="期限改到哪天", allow_null=True)
    state = serializers.ChoiceField(label="状态", choices=AmendmentState.choices)
    text = serializers.CharField(label="正文")
    sha256 = serializers.CharField(label="校验码")
    signed_on = serializers.DateField(label="签约日期", allow_null=True)
    version = serializers.IntegerField(label="版本")
    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")


class AgreementOne(AgreementRow):
    """One agreement; what units were asked only their own side and the office read."""

    aim = serializers.CharField(label="共建内容")
    office_duties = serializers.CharField(label="街道社区的责任")
    commissioner = serializers.CharField(label="专员")
    signed_place = serializers.CharField(label="签约地点")
    review = serializers.CharField(label="评估")
    ended_why = serializers.CharField(label="为什么结束")
    ending = serializers.CharField(label="申请怎样结束", help_text="close、end；没人申请、或者不是街道社区时空着")
    ending_words = serializers.CharField(label="为什么申请")
    text = serializers.CharField(label="正文", help_text="签过的不再变")
    scans = serializers.ListField(child=serializers.CharField(), label="盖章页", help_text="文件名；只给街道社区看")
    parties = AgreementPartyRow(many=True, label="签约单位")
    targets = TargetRow(many=True, label="指标")
    amendments = AmendmentRow(many=True, label="补充协议")
    asks = AskRow(many=True, label="单位的答复")
    events = PaperLine(many=True, label="经过")
    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")


class PartyGiven(Given):
    unit = serializers.IntegerField(label="单位", min_value=1, max_value=MOST)
    duties = serializers.CharField(label="单位的责任", max_length=1000)


class TargetGiven(Given):
    name = serializers.CharField(label="指标", max_length=40)
    amount = serializers.DecimalField(label="目标", max_digits=14, decimal_places=2, min_value=0)
    measure = serializers.CharField(label="单位（量）", max_length=10)


class AgreementTyped(Given):
    """What is said of an agreement, all of it each time."""

    theme = serializers.CharField(label="共建主题", max_length=40)
    aim = serializers.CharField(label="共建内容", max_length=1000)
    office_duties = serializers.CharField(label="街道社区的责任", max_length=1000)
    starts_on = serializers.DateField(label="从哪天起")
    ends_on = serializers.DateField(label="到哪天止，这一天还算在内")
    parties = serializers.ListField(child=PartyGiven(), label="签约单位", max_length=30)
    targets = serializers.ListField(child=TargetGiven(), label="指标", required=False, default=list, max_length=20)


class AgreementRequest(AgreementTyped):
    """``client_key`` is a UUID made by the caller: sending it again finds the first."""

    client_key = serializers.UUIDField(label="提交键")
    area = serializers.CharField(label="街道或社区代码", max_length=24)
    commissioner = serializers.IntegerField(
        label="专员", required=False, allow_null=True, default=None, min_value=1, max_value=MOST
    )


class AgreementEditRequest(AgreementTyped, ProjectStepRequest):
    """A draft is written anew."""


class SignRequest(ProjectStepRequest):
    signed_on = serializers.DateField(label="签约日期")
    place = serializers.CharField(label="签约地点", max_length=60)
    hold_key = serializers.UUIDField(**HELD)


class ScanRequest(ProjectStepRequest):
    hold_key = serializers.UUIDField(**{**HELD, "required": True, "allow_null": False})


class PartyLeaveRequest(ProjectStepRequest):
    party = serializers.IntegerField(label="哪一方", min_value=1, max_value=MOST)
    left_on = serializers.DateField(label="退出日期")
    words = serializers.CharField(label="为什么", max_length=200)


class RenewRequest(ProjectStepRequest):
    client_key = serializers.UUIDField(label="提交键")
    starts_on = serializers.DateField(label="从哪天起")
    ends_on = serializers.DateField(label="到哪天止")


class AppointRequest(ProjectStepRequest):
    commissioner = serializers.IntegerField(label="专员", allow_null=True, min_value=1, max_value=MOST)


class ShowRequest(ProjectStepRequest):
    is_public = serializers.BooleanField(label="公开正文")


class AmendTyped(ProjectStepRequest):
    words = serializers.CharField(label="补充什么", max_length=1000)
    new_ends_on = serializers.DateField(label="期限改到哪天", required=False, allow_null=True, default=None)


class AmendRequest(AmendTyped):
    """``version``: that of the agreement."""

    client_key = serializers.UUIDField(label="提交键")


class AskAnswerRequest(Given):
    """``sha256``: of the text that was read; an answer counts for no other."""

    yes = serializers.BooleanField(label="确认")
    words = serializers.CharField(label="想改什么", required=False, allow_blank=True, default="", max_length=300)
    sha256 = serializers.CharField(label="读的是哪一份正文", max_length=64)


class OnPaperRequest(ProjectStepRequest):
    words = serializers.CharField(label="谁给的、放在哪里", max_length=300)
    hold_key = serializers.UUIDField(**HELD)
