"""Shapes of activities in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from volunteers.states import ActivityKind, ActivityState, Mood, SignUpState

MOST = 2_000_000_000


class ActivityPostRow(serializers.Serializer[Any]):
    """What there is to do on one day."""

    id = serializers.IntegerField()
    name = serializers.CharField(label="岗位")
    capacity = serializers.IntegerField(label="名额")
    left = serializers.IntegerField(label="还有几个")
    needs = serializers.CharField(label="要什么资格")
    is_service = serializers.BooleanField(label="算志愿服务")


class ActivityDayRow(serializers.Serializer[Any]):
    """One day it happens."""

    id = serializers.IntegerField()
    starts = serializers.DateTimeField(label="从")
    ends = serializers.DateTimeField(label="到")
    closes_at = serializers.DateTimeField(label="报名截止")
    called_off = serializers.BooleanField(label="取消了")
    posts = ActivityPostRow(many=True)


class ActivityRow(serializers.Serializer[Any]):
    """An activity that is published."""

    id = serializers.IntegerField()
    number = serializers.CharField(label="编号")
    street = serializers.CharField(label="街道代码")
    kind = serializers.ChoiceField(label="类别", choices=ActivityKind.choices)
    title = serializers.CharField(label="名称")
    summary = serializers.CharField(label="做什么")
    host = serializers.CharField(label="主办")
    place = serializers.CharField(label="集合地点")
    contact = serializers.CharField(label="联系")
    phone = serializers.CharField(label="联系电话")
    state = serializers.ChoiceField(label="状态", choices=ActivityState.choices)
    days = ActivityDayRow(many=True, label="还没结束的场次")


class ComingRow(serializers.Serializer[Any]):
    """One's own sign-up."""

    id = serializers.IntegerField()
    activity = serializers.IntegerField()
    title = serializers.CharField(label="名称")
    post = serializers.IntegerField(label="岗位")
    starts = serializers.DateTimeField(label="从")
    ends = serializers.DateTimeField(label="到")
    seats = serializers.IntegerField(label="人数")
    state = serializers.ChoiceField(label="状态", choices=SignUpState.choices)
    place_in_line = serializers.IntegerField(label="候补第几位，不在候补为0")
    answer_by = serializers.DateTimeField(label="最晚何时确认", allow_null=True)


class ComingRequest(Given):
    """``client_key`` is a UUID made by the caller: sending it again finds the first sign-up."""

    client_key = serializers.UUIDField(label="提交键")
    myself = serializers.BooleanField(label="本人去", default=True)
    companions = serializers.IntegerField(label="同行人", min_value=0, max_value=9, default=0)
    ages = serializers.ListField(
        label="孩子几岁", child=serializers.IntegerField(min_value=0, max_value=17), max_length=9, default=list
    )
    guardian_ok = serializers.BooleanField(label="监护人同意", default=False)
    real_name = serializers.CharField(label="姓名", max_length=30, allow_blank=True, default="")
    photos = serializers.BooleanField(label="活动照片里可以有我", default=False)


class ComingStepRequest(Given):
    """Nothing is asked."""


class ActivityCheckInRequest(Given):
    """The code on the wall."""

    code = serializers.CharField(label="现场的码或六位数字", max_length=64)
    leaving = serializers.BooleanField(label="签退", default=False)


class PresenceRow(serializers.Serializer[Any]):
    """When one came, and left."""

    came_at = serializers.DateTimeField(label="签到时间")
    left_at = serializers.DateTimeField(label="签退时间", allow_null=True)


class ActivityFeedbackRequest(Given):
    """How it was; sent again it takes the place of what was said before."""

    mood = serializers.ChoiceField(label="这次怎么样", choices=Mood.choices)
    words = serializers.CharField(label="想说的", max_length=300, allow_blank=True, default="")


class ActivityFeedbackRow(serializers.Serializer[Any]):
    """What one said oneself."""

    mood = serializers.ChoiceField(label="这次怎么样", choices=Mood.choices)
    words = serializers.CharField(label="想说的")
    said_at = serializers.DateTimeField(label="时间")
    changed_at = serializers.DateTimeField(label="改过的时间")


class ActivityPhotoRow(serializers.Serializer[Any]):
    """A picture of an activity that is public now; it may be gone at the next look."""

    id = serializers.IntegerField()
    day = serializers.IntegerField(label="场次")
    caption = serializers.CharField(label="说明")
    url = serializers.URLField(label="照片")


class PhotosSaidRequest(Given):
    """Whether one may be on pictures of the day; ``guardian``: the children, too, said by their guardian."""

    agree = serializers.BooleanField(label="可以有我")
    guardian = serializers.BooleanField(label="监护人同意孩子", default=False)


class PhotosSaidRow(serializers.Serializer[Any]):
    """What holds now."""

    agree = serializers.BooleanField(label="可以有我")
    guardian = serializers.BooleanField(label="监护人同意孩子")
