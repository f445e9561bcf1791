"""Shapes of the steps of triage in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from needs.api.wish_shapes import SEEN
from needs.states import Declined, Nature

KEY: dict[str, Any] = {"min_value": 1, "max_value": 2_000_000_000}
LONG = 20_000


class NeedStepRequest(Given):
    version = serializers.IntegerField(label="版本", **KEY)


class WhyRequest(NeedStepRequest):
    why = serializers.CharField(label="为什么", max_length=LONG, trim_whitespace=False, help_text="居民看不到")


class AssignRequest(WhyRequest):
    """Either ``to_user_id`` or ``to_unit_id``; the rest counts while nobody has accepted the need."""

    why = serializers.CharField(
        label="为什么",
        max_length=LONG,
        trim_whitespace=False,
        help_text="接手的人看得到；请单位协助的，单位也看得到，不写姓名电话。居民看不到",
    )
    seen_warnings = serializers.CharField(**SEEN)

    to_user_id = serializers.IntegerField(label="转给同事", required=False, allow_null=True, default=None, **KEY)
    to_unit_id = serializers.IntegerField(label="商请单位协助", required=False, allow_null=True, default=None, **KEY)
    reply_by = serializers.DateField(label="哪天前答复", required=False, allow_null=True, default=None)
    nature = serializers.ChoiceField(label="性质", choices=Nature.choices, required=False, allow_blank=True, default="")
    category = serializers.IntegerField(label="类别", required=False, allow_null=True, default=None, **KEY)
    urgent = serializers.BooleanField(label="紧急", required=False, default=False)


class SendBackRequest(WhyRequest):
    community = serializers.CharField(
        label="社区代码",
        max_length=24,
        required=False,
        allow_blank=True,
        default="",
        help_text="居民只说了街道的，要选一个社区",
    )


class DeclineRequest(NeedStepRequest):
    reason = serializers.ChoiceField(label="原因", choices=Declined.choices)
    words = serializers.CharField(label="告诉居民", max_length=LONG, trim_whitespace=False)


class ExtensionRequest(NeedStepRequest):
    until = serializers.DateField(label="延到哪天")
    reason = serializers.CharField(label="为什么", max_length=LONG, trim_whitespace=False)


class DecideRequest(NeedStepRequest):
    granted = serializers.BooleanField(label="同意")
    words = serializers.CharField(
        label="意见", max_length=LONG, required=False, allow_blank=True, default="", trim_whitespace=False
    )
