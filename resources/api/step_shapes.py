"""What is sent with a step of a resource or a booking. What is not named here is refused."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from resources.api.shapes import MOST, Typed

MOST_PEOPLE = 100_000


class StepRequest(Given):
    """``version``: as what it was read."""

    version = serializers.IntegerField(label="版本", min_value=1, max_value=MOST)


class NoteRequest(StepRequest):
    words = serializers.CharField(label="说一句", required=False, allow_blank=True, default="", max_length=200)


class WhyNotRequest(StepRequest):
    words = serializers.CharField(label="为什么，对方看得到", max_length=200)


class StopRequest(WhyNotRequest):
    call_off = serializers.BooleanField(label="取消已经约好的，并告诉对方", required=False, default=False)


class EditRequest(Typed, StepRequest):
    """What is left out stays as it is."""

    kind = serializers.CharField(label="种类的键", required=False, max_length=30)
    name = serializers.CharField(label="名称", required=False, max_length=60)
    drop_photos = serializers.ListField(
        child=serializers.UUIDField(), label="去掉哪几张照片", required=False, default=list, max_length=6
    )


class Span(Given):
    """One span of the week: 1 is Monday; 24:00 is the end of the day."""

    weekday = serializers.IntegerField(label="星期，1是周一", min_value=1, max_value=7)
    opens = serializers.RegexField(r"^([01]\d|2[0-3]):[0-5]\d$", label="几点开", help_text="写成 09:00")
    closes = serializers.RegexField(r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", label="几点关", help_text="写成 17:00")


class HoursRequest(StepRequest):
    hours = serializers.ListField(
        child=Span(), label="每周的开放时间", help_text="全部换成这些；一段都没有就是随时可约", max_length=70
    )

    def spans(self) -> list[tuple[int, int, int]]:
        """As the service takes them."""
        return [(one["weekday"], minutes(one["opens"]), minutes(one["closes"])) for one in self.validated_data["hours"]]


def minutes(clock: str) -> int:
    """09:30 → 570."""
    hours, _colon, rest = clock.partition(":")
    return int(hours) * 60 + int(rest)


class CloseRequest(StepRequest):
    starts_on = serializers.DateField(label="从哪天")
    ends_on = serializers.DateField(label="到哪天，这一天也关")
    why = serializers.CharField(label="为什么", required=False, allow_blank=True, default="", max_length=60)
    call_off = serializers.BooleanField(label="收回这几天的预约并告诉对方", required=False, default=False)


class OpenAgainRequest(StepRequest):
    closure = serializers.IntegerField(label="哪一段关门的日子", min_value=1, max_value=MOST)


class PartsRequest(StepRequest):
    parts = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MOST),
        label="由哪几间合成",
        allow_empty=True,
        max_length=20,
        help_text="空着就是不合成",
    )


class UseRequest(Given):
    """``client_key`` is a UUID made by the caller: sending it again finds the first."""

    client_key = serializers.UUIDField(label="提交键")
    day = serializers.DateField(label="哪天")
    people = serializers.IntegerField(label="服务了几个人", min_value=1, max_value=MOST_PEOPLE)
    words = serializers.CharField(label="说明", required=False, allow_blank=True, default="", max_length=200)


class TakeBackRequest(StepRequest):
    client_key = serializers.UUIDField(label="提交键")
    people = serializers.IntegerField(label="服务了几个人，没有写0", min_value=0, max_value=MOST_PEOPLE)
    words = serializers.CharField(label="说明", required=False, allow_blank=True, default="", max_length=200)


class AppealAnswerRequest(StepRequest):
    excused = serializers.BooleanField(label="不算爽约")
    words = serializers.CharField(label="说一句", required=False, allow_blank=True, default="", max_length=200)


class UseRow(serializers.Serializer[Any]):
    """One note of use."""

    day = serializers.DateField(label="哪天")
    people = serializers.IntegerField(label="服务了几个人")
    words = serializers.CharField(label="说明", allow_blank=True)
    booking = serializers.IntegerField(label="哪次预约", allow_null=True)
