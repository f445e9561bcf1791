"""Shapes of projects and their figures in the API. No rule lives here; what is not named here is refused."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from projects.api.steps import HELD, MOST, SEEN, ProjectStepRequest
from projects.states import (
    Consequence,
    Field,
    Period,
    ProjectKind,
    ProjectState,
    ProjectVerb,
    Reckon,
    Six,
)


class ReadingRow(serializers.Serializer[Any]):
    """The figure of one period."""

    period = serializers.DateField(label="这一期的第一天")
    value = serializers.DecimalField(label="数字", max_digits=14, decimal_places=2)
    note = serializers.CharField(label="说明")
    version = serializers.IntegerField(label="版本")


class IndicatorRow(serializers.Serializer[Any]):
    """What is counted, with its figures, oldest first."""

    id = serializers.IntegerField()
    name = serializers.CharField(label="指标")
    measure = serializers.CharField(label="单位")
    period = serializers.ChoiceField(label="多久记一次", choices=Period.choices)
    reckon = serializers.ChoiceField(label="总数怎么算", choices=Reckon.choices)
    target = serializers.DecimalField(label="目标", max_digits=14, decimal_places=2, allow_null=True)
    total = serializers.DecimalField(label="总数", max_digits=16, decimal_places=2, allow_null=True)
    readings = ReadingRow(many=True, label="每一期")


class ReadingRequest(Given):
    """``version``: of the figure that is changed, as it was read; without it a period has its figure once."""

    day = serializers.DateField(label="这一期里的一天")
    value = serializers.DecimalField(label="数字", max_digits=14, decimal_places=2, min_value=0)
    note = serializers.CharField(label="说明", max_length=120, required=False, allow_blank=True, default="")
    seen_warnings = serializers.CharField(**SEEN)
    version = serializers.IntegerField(label="版本", required=False, allow_null=True, default=None, min_value=1)


class IndicatorRequest(ProjectStepRequest):
    """``indicator``: the one that is changed; none: a new one."""

    indicator = serializers.IntegerField(
        label="改哪个指标", required=False, allow_null=True, default=None, min_value=1, max_value=MOST
    )
    name = serializers.CharField(label="指标", max_length=40)
    measure = serializers.CharField(label="单位", max_length=10)
    period = serializers.ChoiceField(label="多久记一次", choices=Period.choices, required=False, default=Period.MONTH)
    reckon = serializers.ChoiceField(label="总数怎么算", choices=Reckon.choices, required=False, default=Reckon.SUM)
    target = serializers.DecimalField(
        label="目标", max_digits=14, decimal_places=2, required=False, allow_null=True, default=None
    )
    is_public = serializers.BooleanField(label="公开，不写就不变；新的公开", required=False)


class ProjectRow(serializers.Serializer[Any]):
    """A project in a list. Units are named as far as the caller may know."""

    id = serializers.IntegerField()
    number = serializers.CharField(label="编号")
    name = serializers.CharField(label="名称")
    kind = serializers.ChoiceField(label="类别", choices=ProjectKind.choices)
    field = serializers.ChoiceField(label="领域", choices=Field.choices)
    area = serializers.CharField(label="街道或社区代码")
    area_name = serializers.CharField(label="街道或社区")
    state = serializers.ChoiceField(label="状态", choices=ProjectState.choices)
    standing = serializers.CharField(label="正常、临期、超期")
    share = serializers.IntegerField(label="进度（%）")
    next_due = serializers.DateField(label="下一个期限", allow_null=True)
    starts_on = serializers.DateField(label="从哪天起")
    ends_on = serializers.DateField(label="到哪天完成")
    units = serializers.ListField(child=serializers.CharField(), label="参加单位，牵头的在前")
    is_public = serializers.BooleanField(label="公开")
    version = serializers.IntegerField(label="版本", help_text="下一步带上，别人改过会得到409")


class MilestoneRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    project = serializers.IntegerField(label="项目")
    name = serializers.CharField(label="节点")
    weight = serializers.IntegerField(label="占比（%）")
    due_on = serializers.DateField(label="哪天前")
    done_on = serializers.DateField(label="完成日期", allow_null=True)
    evidence = serializers.CharField(label="完成情况")
    standing = serializers.CharField(label="正常、临期、超期")


class PartRow(serializers.Serializer[Any]):
    unit = serializers.IntegerField(label="单位")
    name = serializers.CharField(label="单位名称")
    is_lead = serializers.BooleanField(label="牵头")
    does = serializers.CharField(label="做什么")
    confirmed = serializers.BooleanField(label="确认了")


class KnotRow(serializers.Serializer[Any]):
    """One line of the thread from need to result."""

    at = serializers.DateTimeField(label="什么时候")
    what = serializers.CharField(label="什么事")
    title = serializers.CharField(label="哪一件")
    words = serializers.CharField(label="说明")
    url = serializers.CharField(label="在哪里看")


class ProjectLineRow(serializers.Serializer[Any]):
    at = serializers.DateTimeField(label="时间")
    verb = serializers.ChoiceField(label="动作", choices=ProjectVerb.choices)
    words = serializers.CharField(label="说了什么")


class ProjectOne(ProjectRow):
    """One project as its page shows it; people and history only for those who work on it or take part."""

    aim = serializers.CharField(label="做什么")
    six = serializers.ListField(child=serializers.ChoiceField(choices=Six.choices), label="六共")
    campaigns = serializers.ListField(child=serializers.CharField(), label="中心工作")
    place = serializers.CharField(label="在哪里")
    beneficiaries = serializers.CharField(label="为了谁")
    people_count = serializers.IntegerField(label="受益人数", allow_null=True)
    household_count = serializers.IntegerField(label="受益户数", allow_null=True)
    money = serializers.DecimalField(label="资金（万元）", max_digits=12, decimal_places=2, allow_null=True)
    money_from = serializers.CharField(label="资金来源")
    source = serializers.CharField(label="资料来源")  # type: ignore[assignment]
    outcome = serializers.CharField(label="成效")
    ended_why = serializers.CharField(label="为什么终止")
    ending = serializers.CharField(label="申请怎样结束", help_text="finish、stop；没人申请时空着")
    ending_words = serializers.CharField(label="为什么申请")
    commissioner = serializers.CharField(label="专员")
    branch = serializers.CharField(label="支部")
    leader = serializers.CharField(label="领办领导")
    agreement = serializers.CharField(label="所属协议的编号")
    offer = serializers.IntegerField(label="正在认领的事项", allow_null=True, help_text="认领用 /offers/{id}/claim/")
    milestones = MilestoneRow(many=True, label="节点")
    parts = PartRow(many=True, label="参加单位")
    thread = KnotRow(many=True, label="从哪里来，办到哪里")
    events = ProjectLineRow(many=True, label="经过")
    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")


class ProjectTyped(Given):
    """What is said of a project, all of it each time."""

    name = serializers.CharField(label="名称", max_length=40)
    kind = serializers.ChoiceField(label="类别", choices=ProjectKind.choices)
    aim = serializers.CharField(label="做什么", max_length=1000)
    starts_on = serializers.DateField(label="从哪天起")
    ends_on = serializers.DateField(label="到哪天完成")
    field = serializers.ChoiceField(label="领域", choices=Field.choices, required=False)
    six = serializers.ListField(child=serializers.ChoiceField(choices=Six.choices), required=False, max_length=6)
    campaigns = serializers.ListField(child=serializers.CharField(max_length=20), required=False, max_length=5)
    agreement = serializers.IntegerField(label="所属协议", required=False, allow_null=True, min_value=1, max_value=MOST)
    commissioner = serializers.IntegerField(label="专员", required=False, allow_null=True, min_value=1, max_value=MOST)
    branch = serializers.IntegerField(label="支部", required=False, allow_null=True, min_value=1, max_value=MOST)
    leader = serializers.IntegerField(label="领办领导", required=False, allow_null=True, min_value=1, max_value=MOST)
    place = serializers.CharField(label="在哪里", required=False, allow_blank=True, max_length=60)
    beneficiaries = serializers.CharField(label="为了谁", required=False, allow_blank=True, max_length=60)
    people_count = serializers.IntegerField(label="受益人数", required=False, allow_null=True, max_value=MOST)
    household_count = serializers.IntegerField(label="受益户数", required=False, allow_null=True, max_value=MOST)
    money = serializers.DecimalField(
        label="资金（万元）", max_digits=12, decimal_places=2, required=False, allow_null=True
    )
    money_from = serializers.CharField(label="资金来源", required=False, allow_blank=True, max_length=60)
    source = serializers.CharField(  # type: ignore[assignment]
        label="资料来源", required=False, allow_blank=True, max_length=120
    )
    is_public = serializers.BooleanField(label="公开", required=False)
    seen_warnings = serializers.CharField(**SEEN)


class ProjectRequest(ProjectTyped):
    """``client_key`` is a UUID made by the caller: sending it again finds the first."""

    client_key = serializers.UUIDField(label="提交键")
    area = serializers.CharField(label="街道或社区代码", max_length=24)
    origin = serializers.CharField(
        label="从哪件事来", required=False, allow_blank=True, default="", max_length=60, help_text="need:12 这样写"
    )


class ProjectEditRequest(ProjectTyped, ProjectStepRequest):
    """A field that is left out is emptied."""


class MilestoneGiven(Given):
    name = serializers.CharField(label="节点", max_length=40)
    weight = serializers.IntegerField(label="占比（%）", min_value=1, max_value=100)
    due_on = serializers.DateField(label="哪天前")


class PlanRequest(ProjectStepRequest):
    milestones = serializers.ListField(child=MilestoneGiven(), label="全部节点，加起来100%", max_length=20)


class PublishRequest(ProjectStepRequest):
    closes_on = serializers.DateField(label="认领到哪天", required=False, allow_null=True, default=None)


class UnitRequest(ProjectStepRequest):
    unit = serializers.IntegerField(label="单位", min_value=1, max_value=MOST)


class JoinRequest(UnitRequest):
    does = serializers.CharField(label="做什么", required=False, allow_blank=True, default="", max_length=200)
    is_lead = serializers.BooleanField(label="牵头", required=False, default=False)


class ProjectLeaveRequest(UnitRequest):
    words = serializers.CharField(label="为什么", max_length=200)


class LinkRequest(ProjectStepRequest):
    subject = serializers.CharField(label="哪一件，如 need:12", max_length=60)


class ReachRequest(ProjectStepRequest):
    milestone = serializers.IntegerField(label="哪个节点", min_value=1, max_value=MOST)
    done_on = serializers.DateField(label="哪天完成的")
    evidence = serializers.CharField(label="完成情况", required=False, allow_blank=True, default="", max_length=300)
    hold_key = serializers.UUIDField(**HELD)
    seen_warnings = serializers.CharField(**SEEN)


class ReopenRequest(ProjectStepRequest):
    milestone = serializers.IntegerField(label="哪个节点", min_value=1, max_value=MOST)
    words = serializers.CharField(label="为什么", max_length=200)


class FinishRequest(ProjectStepRequest):
    outcome = serializers.CharField(label="成效", max_length=500)
    seen_warnings = serializers.CharField(**SEEN)


class YardstickGiven(Given):
    name = serializers.CharField(label="考核什么", max_length=20)
    weight = serializers.IntegerField(label="占比（%）", min_value=1, max_value=100)


class ScaleRequest(ProjectStepRequest):
    yardsticks = serializers.ListField(child=YardstickGiven(), label="考核办法，加起来100%", max_length=8)


class ScoreGiven(Given):
    name = serializers.CharField(label="考核什么", max_length=20)
    points = serializers.DecimalField(label="得几分", max_digits=5, decimal_places=2)
    evidence = serializers.CharField(label="依据", max_length=200)


class AssessRequest(ProjectStepRequest):
    """``client_key`` is a UUID made by the caller: sending it again finds the first."""

    client_key = serializers.UUIDField(label="提交键")
    first_day = serializers.DateField(label="从哪天")
    last_day = serializers.DateField(label="到哪天")
    scores = serializers.ListField(child=ScoreGiven(), label="每一项", max_length=8)
    consequence = serializers.ChoiceField(label="怎么处理", choices=Consequence.choices)
    words = serializers.CharField(label="说明", max_length=500)
    replaces = serializers.IntegerField(
        label="更正哪一次", required=False, allow_null=True, default=None, min_value=1, max_value=MOST
    )
    seen_warnings = serializers.CharField(**SEEN)


class ScoreRow(serializers.Serializer[Any]):
    name = serializers.CharField(label="考核什么")
    weight = serializers.IntegerField(label="占比（%）")
    points = serializers.DecimalField(label="得几分", max_digits=5, decimal_places=2)
    evidence = serializers.CharField(label="依据")


class AssessmentRow(serializers.Serializer[Any]):
    """An assessment of the service; ``replaced``: a later one puts it right."""

    id = serializers.IntegerField()
    first_day = serializers.DateField(label="从哪天")
    last_day = serializers.DateField(label="到哪天")
    total = serializers.DecimalField(label="得分", max_digits=5, decimal_places=2)
    consequence = serializers.ChoiceField(label="怎么处理", choices=Consequence.choices)
    words = serializers.CharField(label="说明")
    replaced = serializers.BooleanField(label="已更正")
    scores = ScoreRow(many=True, label="每一项")
