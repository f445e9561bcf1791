"""What the API answers about series, meetings, topics and action items. No rule lives here."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from meetings.states import (
    ActionState,
    Coming,
    How,
    MeetingKind,
    MeetingState,
    OffDays,
    SeriesState,
    TopicState,
    Via,
)


class SeriesInvitedRow(serializers.Serializer[Any]):
    """Who is invited each time: one of the three."""

    name = serializers.CharField(label="名称")
    body = serializers.IntegerField(label="机构", allow_null=True)
    unit = serializers.IntegerField(label="单位", allow_null=True)
    office = serializers.CharField(label="街道或社区代码", allow_null=True)


class SeriesRow(serializers.Serializer[Any]):
    """What meets again and again."""

    id = serializers.IntegerField()
    area = serializers.CharField(label="街道或社区代码")
    kind = serializers.ChoiceField(label="类别", choices=MeetingKind.choices)
    title = serializers.CharField(label="名称")
    unit = serializers.IntegerField(label="召集单位", allow_null=True)
    rule = serializers.CharField(label="怎么重复，RRULE")
    starts = serializers.DateTimeField(label="第一次")
    minutes = serializers.IntegerField(label="每次多少分钟")
    off_days = serializers.ChoiceField(label="遇到放假", choices=OffDays.choices)
    place = serializers.CharField(label="地点")
    everybody = serializers.BooleanField(label="请全体成员单位")
    state = serializers.ChoiceField(label="状态", choices=SeriesState.choices)
    version = serializers.IntegerField(label="版本")


class SeriesOne(SeriesRow):
    invited = SeriesInvitedRow(many=True, label="每次请谁")
    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")


class InviteeRow(serializers.Serializer[Any]):
    """Somebody who was asked, what they said, whether they were there."""

    id = serializers.IntegerField()
    name = serializers.CharField(label="谁")
    unit = serializers.IntegerField(label="单位", allow_null=True)
    office = serializers.CharField(label="街道或社区代码", allow_null=True)
    role = serializers.CharField(label="身份")
    answer = serializers.ChoiceField(label="答复，空表示未答复", choices=Coming.choices)
    stand_in = serializers.CharField(label="谁来代")
    answered_at = serializers.DateTimeField(label="答复时间", allow_null=True)
    via = serializers.ChoiceField(label="怎么答复的", choices=Via.choices)
    present_at = serializers.DateTimeField(label="签到时间", allow_null=True)
    how = serializers.ChoiceField(label="怎么签到的", choices=How.choices)


class AgendaRow(serializers.Serializer[Any]):
    """A point of the agenda. ``subject``: the key of what it is about (``topic:3``), shown to whoever keeps it."""

    id = serializers.IntegerField()
    position = serializers.IntegerField(label="顺序")
    title = serializers.CharField(label="议什么")
    subject = serializers.CharField(label="哪件事")
    minutes = serializers.IntegerField(label="几分钟", allow_null=True)
    result = serializers.CharField(label="结果")


class MinutesRow(serializers.Serializer[Any]):
    """The last revision."""

    revision = serializers.IntegerField(label="第几稿")
    text = serializers.CharField(label="纪要")
    has_paper = serializers.BooleanField(label="有签字的纸质件")
    at = serializers.DateTimeField(label="时间")


class ActionRow(serializers.Serializer[Any]):
    """What was resolved: who does what until when."""

    id = serializers.IntegerField()
    meeting = serializers.IntegerField(label="会议")
    item = serializers.IntegerField(label="议程", allow_null=True)
    area = serializers.CharField(label="街道或社区代码")
    what = serializers.CharField(label="事项")
    unit = serializers.IntegerField(label="责任单位", allow_null=True)
    office = serializers.CharField(label="责任街道或社区", allow_null=True)
    doer = serializers.CharField(label="谁办")
    due_on = serializers.DateField(label="期限")
    first_due_on = serializers.DateField(label="原定期限")
    said = serializers.CharField(label="办理情况")
    said_at = serializers.DateTimeField(label="报办理情况的时间", allow_null=True)
    done_on = serializers.DateField(label="销号日期", allow_null=True)
    state = serializers.ChoiceField(label="状态", choices=ActionState.choices)
    version = serializers.IntegerField(label="版本")


class ActionOne(ActionRow):
    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")


class MeetingRow(serializers.Serializer[Any]):
    """A meeting as it stands in a list."""

    id = serializers.IntegerField()
    number = serializers.CharField(label="编号")
    area = serializers.CharField(label="街道或社区代码")
    series = serializers.IntegerField(label="例会", allow_null=True)
    kind = serializers.ChoiceField(label="类别", choices=MeetingKind.choices)
    title = serializers.CharField(label="名称")
    unit = serializers.IntegerField(label="召集单位", allow_null=True)
    starts = serializers.DateTimeField(label="从")
    ends = serializers.DateTimeField(label="到")
    place = serializers.CharField(label="地点")
    state = serializers.ChoiceField(label="状态", choices=MeetingState.choices)
    version = serializers.IntegerField(label="版本")


class MeetingOne(MeetingRow):
    """Those invited see their own answer; whoever keeps the meeting sees everybody's."""

    booking = serializers.IntegerField(label="场地预约", allow_null=True)
    agenda = AgendaRow(many=True, label="议程")
    invitees = InviteeRow(many=True, label="参会方")
    record = MinutesRow(label="纪要，还没有或者还没发送为null", allow_null=True)
    actions = ActionRow(many=True, label="看得到的行动项")
    extract = serializers.CharField(label="公开摘要，没有公开为空")
    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")


class TopicRow(serializers.Serializer[Any]):
    """What somebody wants talked about."""

    id = serializers.IntegerField()
    area = serializers.CharField(label="街道或社区代码")
    title = serializers.CharField(label="议题")
    words = serializers.CharField(label="为什么")
    unit = serializers.IntegerField(label="提出单位", allow_null=True)
    origin = serializers.CharField(label="从哪件事来，它的编号")
    meeting = serializers.IntegerField(label="列入了哪次会议", allow_null=True)
    answer = serializers.CharField(label="答复")
    state = serializers.ChoiceField(label="状态", choices=TopicState.choices)
    raised_at = serializers.DateTimeField(label="提出时间")
    ended_at = serializers.DateTimeField(label="结束时间", allow_null=True)
    version = serializers.IntegerField(label="版本")


class TopicOne(TopicRow):
    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")
