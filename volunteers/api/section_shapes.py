"""Shapes of patrol sections and their diaries in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from volunteers.states.sections import Outcome, SectionKind


class SectionRow(serializers.Serializer[Any]):
    """A section; who walks it as everybody may read."""

    id = serializers.IntegerField()
    number = serializers.CharField(label="编号")
    street = serializers.CharField(label="街道代码")
    area = serializers.CharField(label="街道或社区代码")
    name = serializers.CharField(label="名称")
    kind = serializers.ChoiceField(label="类别", choices=SectionKind.choices)
    words = serializers.CharField(label="从哪到哪，看什么")
    every = serializers.IntegerField(label="希望几天走一次")
    for_units = serializers.BooleanField(label="单位可认领")
    for_people = serializers.BooleanField(label="个人和队伍可认领")
    holder = serializers.CharField(label="谁在巡，空：等人认领")
    noted_on = serializers.DateField(label="最近一次巡查", allow_null=True)
    version = serializers.IntegerField(label="版本")
    abilities = serializers.ListField(label="自己能做什么", child=serializers.CharField())


class SectionTakeRequest(Given):
    """``client_key`` is a UUID made by the caller. Neither unit nor team: in person."""

    client_key = serializers.UUIDField(label="提交键")
    unit = serializers.IntegerField(label="单位", min_value=1, max_value=2**31 - 1, allow_null=True, default=None)
    team = serializers.IntegerField(label="志愿服务队", min_value=1, max_value=2**31 - 1, allow_null=True, default=None)


class SectionBackRequest(Given):
    """Why, in a sentence."""

    words = serializers.CharField(label="为什么", max_length=200, allow_blank=True, default="")
    version = serializers.IntegerField(label="版本", min_value=1, max_value=2**31 - 1, allow_null=True, default=None)


class SectionNoteRequest(Given):
    """``client_key`` is a UUID made by the caller: sending it again finds the first entry. Photos are held first, at
    /photos/, under ``hold_key``."""

    client_key = serializers.UUIDField(label="提交键")
    day = serializers.DateField(label="哪天巡的")
    outcome = serializers.ChoiceField(label="怎么样", choices=Outcome.choices)
    words = serializers.CharField(label="写几句", max_length=500, allow_blank=True, default="")
    hold_key = serializers.UUIDField(label="照片的提交键", allow_null=True, default=None)


class SectionNoteTakeBackRequest(Given):
    """Nothing is asked."""


class SectionNoteAnswerRequest(Given):
    """What becomes of it; ``number``: the need it was registered as."""

    words = serializers.CharField(label="怎么办", max_length=500, allow_blank=True, default="")
    number = serializers.CharField(label="转成的诉求编号", max_length=40, allow_blank=True, default="")


class SectionNoteRow(serializers.Serializer[Any]):
    """One entry of the diary."""

    id = serializers.IntegerField()
    section = serializers.IntegerField()
    day = serializers.DateField(label="哪天巡的")
    outcome = serializers.ChoiceField(label="怎么样", choices=Outcome.choices)
    on_paper = serializers.BooleanField(label="社区照纸上的日记补记")
    words = serializers.CharField(label="写几句")
    by = serializers.CharField(label="谁记的")
    at = serializers.DateTimeField(label="什么时候记的")
    answer = serializers.CharField(label="社区答复")
    answered_at = serializers.DateTimeField(label="答复时间", allow_null=True)
    need = serializers.CharField(label="转成的诉求编号")
    abilities = serializers.ListField(label="自己能做什么", child=serializers.CharField())
