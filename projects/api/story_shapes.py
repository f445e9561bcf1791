"""Shapes of residents' stories in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from projects.api.steps import MOST, SEEN, ProjectStepRequest
from projects.states import ConsentHow, StoryState


class StoryRow(serializers.Serializer[Any]):
    """A story in a list; how the person agreed is read by the office alone, for others it is empty."""

    id = serializers.IntegerField()
    project = serializers.IntegerField(label="共建项目")
    project_name = serializers.CharField(label="项目名称")
    called = serializers.CharField(label="怎么称呼")
    title = serializers.CharField(label="标题")
    words = serializers.CharField(label="故事", help_text="撤下以后空着")
    state = serializers.ChoiceField(label="状态", choices=StoryState.choices)
    shown_at = serializers.DateTimeField(label="展示时间", allow_null=True)
    written_at = serializers.DateTimeField(label="写的时间", allow_null=True)
    worded_on = serializers.DateField(label="哪天写成这样的", allow_null=True)
    consent_on = serializers.DateField(label="哪天同意的", allow_null=True)
    consent_how = serializers.CharField(
        label="怎么同意的", help_text="signed、spoken、family；没有登记、或者不是街道社区时空着"
    )
    consent_kept = serializers.CharField(label="凭据在哪里")
    ended_why = serializers.CharField(label="为什么撤下")
    version = serializers.IntegerField(label="版本", help_text="下一步带上，别人改过会得到409")


class StoryOne(StoryRow):
    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")


class StoryTyped(Given):
    """What the resident says, all of it each time."""

    called = serializers.CharField(label="怎么称呼", max_length=20, help_text="称呼，不写姓名，如 汤大伯")
    title = serializers.CharField(label="标题", max_length=40)
    words = serializers.CharField(label="故事", max_length=800)
    seen_warnings = serializers.CharField(**SEEN)


class StoryRequest(StoryTyped):
    """``client_key`` is a UUID made by the caller: sending it again finds the first."""

    client_key = serializers.UUIDField(label="提交键")
    project = serializers.IntegerField(label="共建项目", min_value=1, max_value=MOST)


class StoryEditRequest(StoryTyped, ProjectStepRequest):
    """What was agreed to was said of the old words."""


class StoryConsentRequest(ProjectStepRequest):
    on = serializers.DateField(label="哪天同意的")
    how = serializers.ChoiceField(label="怎么同意的", choices=ConsentHow.choices)
    kept = serializers.CharField(label="凭据在哪里", max_length=120)


class StoryTakeDownRequest(ProjectStepRequest):
    words = serializers.CharField(label="为什么撤下", max_length=200)
