"""What the API takes about series, meetings, topics and action items; what is not named here is refused."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from meetings.states import Coming, How, MeetingKind, OffDays
from projects.api.steps import HELD, MOST, SEEN

KEY: dict[str, Any] = {"min_value": 1, "max_value": MOST}
NO_KEY: dict[str, Any] = {**KEY, "required": False, "allow_null": True, "default": None}
OPTIONAL: dict[str, Any] = {"required": False, "allow_blank": True, "default": ""}
TYPED_ONCE = "提交键，同一个再发一次，得到第一次的结果"


class MeetingStepRequest(Given):
    """``version``: as what it was read."""

    version = serializers.IntegerField(label="版本", **KEY)


class MeetingWhyRequest(MeetingStepRequest):
    why = serializers.CharField(label="为什么", max_length=200)


class SeriesTyped(Given):
    """What is said of a series, all of it each time."""

    kind = serializers.ChoiceField(label="类别", choices=MeetingKind.choices)
    title = serializers.CharField(label="名称", max_length=40)
    unit = serializers.IntegerField(label="召集单位，街道社区自己召集不填", **NO_KEY)
    rule = serializers.CharField(label="怎么重复，RRULE，要写COUNT或UNTIL", max_length=120)
    starts = serializers.DateTimeField(label="第一次")
    minutes = serializers.IntegerField(label="每次多少分钟", min_value=1, max_value=6000, default=90)
    off_days = serializers.ChoiceField(label="遇到放假", choices=OffDays.choices, default=OffDays.AFTER)
    place = serializers.CharField(label="地点", max_length=80)
    everybody = serializers.BooleanField(label="请全体成员单位", default=False)


class SeriesInvited(Given):
    """Who is invited each time."""

    bodies = serializers.ListField(
        label="机构", child=serializers.IntegerField(**KEY), max_length=200, required=False, default=list
    )
    units = serializers.ListField(
        label="单位", child=serializers.IntegerField(**KEY), max_length=200, required=False, default=list
    )
    offices = serializers.ListField(
        label="街道或社区代码",
        child=serializers.CharField(max_length=24),
        max_length=200,
        required=False,
        default=list,
    )


class SeriesRequest(SeriesTyped):
    client_key = serializers.UUIDField(label=TYPED_ONCE)
    area = serializers.CharField(label="街道或社区代码", max_length=24)
    invited = SeriesInvited(label="每次请谁", required=False)


class SeriesEditRequest(SeriesTyped):
    version = serializers.IntegerField(label="版本", **KEY)


class SeriesInvitedRequest(SeriesInvited):
    version = serializers.IntegerField(label="版本", **KEY)


class MeetingTyped(Given):
    kind = serializers.ChoiceField(label="类别", choices=MeetingKind.choices)
    title = serializers.CharField(label="名称", max_length=40)
    unit = serializers.IntegerField(label="召集单位，街道社区自己召集不填", **NO_KEY)
    place = serializers.CharField(label="地点", max_length=80)


class MeetingRequest(MeetingTyped):
    client_key = serializers.UUIDField(label=TYPED_ONCE)
    area = serializers.CharField(label="街道或社区代码", max_length=24)
    starts = serializers.DateTimeField(label="从")
    ends = serializers.DateTimeField(label="到")


class MeetingEditRequest(MeetingTyped):
    """All of it each time."""

    booking = serializers.IntegerField(label="场地预约，没有不填", **NO_KEY)
    version = serializers.IntegerField(label="版本", **KEY)


class MeetingMoveRequest(MeetingStepRequest):
    starts = serializers.DateTimeField(label="从")
    ends = serializers.DateTimeField(label="到")


class AgendaAddRequest(MeetingStepRequest):
    title = serializers.CharField(label="议什么", max_length=80)
    minutes = serializers.IntegerField(label="几分钟", **NO_KEY)


class AgendaItemRequest(MeetingStepRequest):
    item = serializers.IntegerField(label="哪一项", **KEY)


class AgendaOrderRequest(MeetingStepRequest):
    """Those not named follow as they were."""

    items = serializers.ListField(label="新的顺序", child=serializers.IntegerField(**KEY), max_length=60)


class AgendaResultRequest(AgendaItemRequest):
    result = serializers.CharField(label="结果，空表示收回", max_length=500, **OPTIONAL)


class InviteRequest(MeetingStepRequest):
    """One of the four."""

    unit = serializers.IntegerField(label="单位", **NO_KEY)
    office = serializers.CharField(label="街道或社区代码", max_length=24, **OPTIONAL)
    user = serializers.IntegerField(label="同事", **NO_KEY)
    name = serializers.CharField(label="没有账号的人的称呼", max_length=30, **OPTIONAL)
    role = serializers.CharField(label="身份", max_length=20, **OPTIONAL)


class InviteeRequest(MeetingStepRequest):
    invitee = serializers.IntegerField(label="参会方", **KEY)


class InvitationAnswerRequest(Given):
    """Said anew, it counts anew, until the meeting begins."""

    answer = serializers.ChoiceField(
        label="来不来", choices=[(one.value, one.label) for one in Coming if one != Coming.OPEN]
    )
    stand_in = serializers.CharField(label="谁来代", max_length=30, **OPTIONAL)


class PresentRequest(Given):
    """Whoever is noted already stays as noted."""

    invitees = serializers.ListField(label="到了的参会方", child=serializers.IntegerField(**KEY), max_length=300)
    how = serializers.ChoiceField(
        label="怎么签到的", choices=[(one.value, one.label) for one in How if one != How.NONE], default=How.LIST
    )


class AbsentRequest(Given):
    invitee = serializers.IntegerField(label="记错了的参会方", **KEY)


class MinutesRequest(Given):
    """``base``: the revision that was read; 0: there was none."""

    base = serializers.IntegerField(label="照着第几稿写的", min_value=0, max_value=MOST)
    text = serializers.CharField(label="纪要", max_length=20_000, **OPTIONAL)
    hold_key = serializers.UUIDField(**HELD)


class ExtractRequest(MeetingStepRequest):
    """What everybody may read; nothing of the minutes is shown by itself."""

    words = serializers.CharField(label="大家看得到的话", max_length=2000)
    seen_warnings = serializers.CharField(**SEEN)


class ActionRequest(MeetingStepRequest):
    """One unit or one office. ``version``: of the meeting."""

    client_key = serializers.UUIDField(label=TYPED_ONCE)
    what = serializers.CharField(label="事项", max_length=100)
    due_on = serializers.DateField(label="期限")
    unit = serializers.IntegerField(label="责任单位", **NO_KEY)
    office = serializers.CharField(label="责任街道或社区代码", max_length=24, **OPTIONAL)
    item = serializers.IntegerField(label="议程的哪一项", **NO_KEY)


class ActionEditRequest(MeetingWhyRequest):
    due_on = serializers.DateField(label="期限")
    unit = serializers.IntegerField(label="责任单位", **NO_KEY)
    office = serializers.CharField(label="责任街道或社区代码", max_length=24, **OPTIONAL)


class ActionReportRequest(MeetingStepRequest):
    said = serializers.CharField(label="办得怎么样了", max_length=300)


class ActionClearRequest(MeetingStepRequest):
    how = serializers.CharField(label="办成了什么，报过的可以不写", max_length=300, **OPTIONAL)
    done_on = serializers.DateField(label="哪天办好的，今天不填", required=False, allow_null=True, default=None)


class ActionReopenRequest(MeetingWhyRequest):
    due_on = serializers.DateField(label="新的期限")


class TopicRequest(Given):
    """``need``: the need it comes from (转议事)."""

    client_key = serializers.UUIDField(label=TYPED_ONCE)
    area = serializers.CharField(label="街道或社区代码", max_length=24)
    title = serializers.CharField(label="议题", max_length=80)
    words_why = serializers.CharField(label="为什么", max_length=500, **OPTIONAL)
    unit = serializers.IntegerField(label="替哪家单位提，街道社区自己提不填", **NO_KEY)
    need = serializers.IntegerField(label="从哪件诉求来，没有不填", **NO_KEY)
    seen_warnings = serializers.CharField(**SEEN)


class TopicAnswerRequest(MeetingStepRequest):
    answer = serializers.CharField(label="结果，提出的人看得到", max_length=500)
