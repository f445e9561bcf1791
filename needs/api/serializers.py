"""Shapes of needs in the API: what is taken in, what is given out. No rule lives here."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from alliance.lib.api import ProblemAnswer as ProblemAnswer
from needs.states import Nature, Office, Origin, State


class SubmitRequest(Given):
    """One need. ``client_key`` is a UUID made by the caller: sending it again finds the first need."""

    client_key = serializers.UUIDField(label="提交键")
    words = serializers.CharField(label="什么事", max_length=20_000, trim_whitespace=False)
    community = serializers.CharField(label="社区代码", max_length=24, help_text="12位社区代码；不清楚时用9位街道代码")
    place = serializers.CharField(label="地点", max_length=200)
    spot = serializers.CharField(label="具体位置", max_length=200, required=False, allow_blank=True, default="")
    name = serializers.CharField(label="怎么称呼", max_length=60)
    phone = serializers.CharField(label="手机号", max_length=40)
    helped_name = serializers.CharField(label="帮谁填", max_length=60, required=False, allow_blank=True, default="")
    helped_phone = serializers.CharField(label="他的电话", max_length=40, required=False, allow_blank=True, default="")
    consent = serializers.BooleanField(label="同意告知")
    notice_version = serializers.IntegerField(label="告知版本", min_value=1, max_value=2_000_000_000)


class SubmitAnswer(serializers.Serializer[Any]):
    number = serializers.CharField(label="编号")
    tracking_code = serializers.CharField(label="查询码", help_text="只在这里给出一次，请交给本人")
    progress_url = serializers.CharField(label="进度页面")


class TrackRequest(Given):
    number = serializers.CharField(label="编号", max_length=60)
    code = serializers.CharField(label="查询码", max_length=60)


class TimelineEntry(serializers.Serializer[Any]):
    at = serializers.DateTimeField(label="时间")
    text = serializers.CharField(label="经过")
    note = serializers.CharField(label="内容", allow_blank=True)


class TrackFact(serializers.Serializer[Any]):
    label = serializers.CharField(label="是什么")  # type: ignore[assignment]
    value = serializers.CharField(label="怎么样")


class TrackAnswer(serializers.Serializer[Any]):
    number = serializers.CharField(label="编号")
    state = serializers.ChoiceField(label="状态", choices=State.choices)
    headline = serializers.CharField(label="一句话进度")
    hand = serializers.CharField(label="在谁手里")
    now = TrackFact(many=True, label="在谁手里、从哪天起、到什么时候，和进度页一样")
    reply_by = serializers.DateField(label="哪天前答复", allow_null=True)
    done_by = serializers.DateField(label="预计哪天办好", allow_null=True)
    overdue = serializers.BooleanField(label="已超期")
    timeline = TimelineEntry(many=True, label="办理经过")


class HandRow(serializers.Serializer[Any]):
    """In whose hands: a resident who is asked, whoever answers for it, the office; and which unit was asked to help."""

    name = serializers.CharField(label="在谁手里")
    unit = serializers.CharField(label="请了哪家单位", allow_null=True)
    office = serializers.CharField(label="在哪一级")
    since = serializers.DateTimeField(label="从何时起")
    until = serializers.DateField(
        label="到哪天",
        allow_null=True,
        help_text="没受理时是该受理的那天，等评价时是等到的那天；答复过的是预计办好的那天；停钟的为空",
    )


class NeedRow(serializers.Serializer[Any]):
    """One row of the staff's list; contact data is never in it."""

    id = serializers.IntegerField()
    number = serializers.CharField(label="编号")
    title = serializers.CharField(label="一句话")
    area = serializers.CharField(label="社区代码")
    area_name = serializers.CharField(label="社区")
    place = serializers.CharField(label="地点")
    state = serializers.ChoiceField(label="状态", choices=State.choices)
    urgent = serializers.BooleanField(label="紧急")
    category = serializers.CharField(label="类别", allow_null=True)
    holder = serializers.CharField(label="经办人", allow_null=True)
    created_at = serializers.DateTimeField(label="收到时间")
    reply_by = serializers.DateField(label="哪天前答复", allow_null=True)
    first_reply_at = serializers.DateTimeField(label="首次答复时间", allow_null=True)
    done_by = serializers.DateField(label="预计哪天办好", allow_null=True, help_text="第一次答复时说定")
    hand = HandRow(label="在谁手里", allow_null=True, help_text="已结束的为空")


class EventRow(serializers.Serializer[Any]):
    at = serializers.DateTimeField(label="时间")
    verb = serializers.CharField(label="动作")
    text = serializers.CharField(label="经过")
    words = serializers.CharField(label="内容", allow_blank=True)
    why = serializers.CharField(label="内部说明", allow_blank=True)
    audience = serializers.CharField(label="谁能看")
    actor = serializers.CharField(label="经手人", allow_null=True)


class ExtensionRow(serializers.Serializer[Any]):
    """A request for more time that waits for a yes or no."""

    id = serializers.IntegerField()
    before = serializers.DateField(label="原定日期")
    until = serializers.DateField(label="延到")
    reason = serializers.CharField(label="为什么要延")
    asked_by = serializers.CharField(label="申请人")
    decider = serializers.CharField(label="谁来审批")
    decide_by = serializers.DateField(label="哪天前审批", allow_null=True, help_text="停钟的时候为空")


class NeedDetail(NeedRow):
    """One need as staff see it: own words, masked contact, everything that happened."""

    words = serializers.CharField(label="原话")
    origin = serializers.ChoiceField(choices=Origin.choices, label="来源")
    asker = serializers.CharField(label="提出单位", allow_null=True)
    listed_words = serializers.CharField(label="公开的一句话", help_text="空着就是没有列入需求清单")
    spot = serializers.CharField(label="具体位置", allow_blank=True)
    contact_name = serializers.CharField(label="称呼（打码）")
    contact_phone = serializers.CharField(label="手机号（打码）")
    nature = serializers.CharField(label="性质", allow_blank=True)
    version = serializers.IntegerField(label="版本", help_text="受理、回复时带上，别人改过会得到409")
    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")
    office = serializers.ChoiceField(label="在哪一级", choices=Office.choices)
    unit = serializers.CharField(label="受托单位", allow_null=True)
    unit_said = serializers.CharField(label="单位说可以怎么帮", help_text="单位还没说就是空的")
    unit_comes_on = serializers.DateField(label="单位说哪天来", allow_null=True)
    why_here = serializers.CharField(label="为什么在这里", allow_blank=True)
    waiting = serializers.DateTimeField(label="等居民补充起", allow_null=True)
    rounds = serializers.IntegerField(label="第几轮")
    declined = serializers.CharField(label="不予受理的原因", allow_blank=True)
    extension = ExtensionRow(label="等审批的延期", allow_null=True)
    events = EventRow(many=True, label="经过")


class AcceptRequest(Given):
    version = serializers.IntegerField(label="版本", min_value=1, max_value=2_000_000_000)
    reply_by = serializers.DateField(label="哪天前答复", required=False, allow_null=True, default=None)
    nature = serializers.ChoiceField(label="性质", choices=Nature.choices, required=False, allow_blank=True, default="")
    category = serializers.IntegerField(
        label="类别", required=False, allow_null=True, default=None, min_value=1, max_value=2_000_000_000
    )
    urgent = serializers.BooleanField(label="紧急", required=False, default=False)
    note = serializers.CharField(label="备注", required=False, allow_blank=True, default="", max_length=2000)


class WordsRequest(Given):
    version = serializers.IntegerField(label="版本", min_value=1, max_value=2_000_000_000)
    words = serializers.CharField(label="内容", max_length=20_000, trim_whitespace=False)


class ReplyRequest(WordsRequest):
    done_by = serializers.DateField(
        label="预计哪天办好",
        required=False,
        allow_null=True,
        default=None,
        help_text="第一次答复时说定；不写就是答应答复的那天，或者5个工作日以后",
    )
