"""Shapes of volunteers, teams and certificates in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from volunteers.states.people import FreeTime, Reach, Skill, VolunteerState
from volunteers.states.teams import TeamKind


class VolunteerRow(serializers.Serializer[Any]):
    """One's own registration."""

    number = serializers.CharField(label="编号")
    state = serializers.ChoiceField(label="状态", choices=VolunteerState.choices)
    area = serializers.CharField(label="社区代码")
    name = serializers.CharField(label="姓名")
    skills = serializers.ListField(label="会什么", child=serializers.ChoiceField(choices=Skill.choices))
    times = serializers.ListField(label="什么时候有空", child=serializers.ChoiceField(choices=FreeTime.choices))
    reach = serializers.ChoiceField(label="去哪里帮忙", choices=Reach.choices)
    shows = serializers.BooleanField(label="可以公开感谢")
    reports_hours = serializers.BooleanField(label="可以报志愿浙江")
    hours = serializers.FloatField(label="服务小时")
    days = serializers.IntegerField(label="服务天数")
    stars = serializers.IntegerField(label="星级")


class RegisterRequest(Given):
    """``client_key`` is a UUID made by the caller: sending it again finds the first registration.

    ``born`` and the guardian only of a child below 14.
    """

    client_key = serializers.UUIDField(label="提交键")
    name = serializers.CharField(label="姓名", max_length=30)
    area = serializers.CharField(label="社区代码", max_length=24)
    consented = serializers.BooleanField(label="看过告知，同意登记")
    notice_version = serializers.IntegerField(label="告知的版本", min_value=1, max_value=100_000)
    skills = serializers.ListField(
        label="会什么", child=serializers.ChoiceField(choices=Skill.choices), max_length=16, default=list
    )
    times = serializers.ListField(
        label="什么时候有空", child=serializers.ChoiceField(choices=FreeTime.choices), max_length=4, default=list
    )
    reach = serializers.ChoiceField(label="去哪里帮忙", choices=Reach.choices, default=Reach.STREET)
    shows = serializers.BooleanField(label="可以公开感谢", default=False)
    reports_hours = serializers.BooleanField(label="可以报志愿浙江", default=False)
    born = serializers.CharField(label="孩子的出生年月，如 2016-05", max_length=10, allow_blank=True, default="")
    guardian_name = serializers.CharField(label="监护人姓名", max_length=30, allow_blank=True, default="")
    guardian_phone = serializers.CharField(label="监护人手机号", max_length=30, allow_blank=True, default="")
    guardian_agrees = serializers.BooleanField(label="监护人同意", default=False)


class TeamRow(serializers.Serializer[Any]):
    """A team, its leader masked."""

    id = serializers.IntegerField()
    number = serializers.CharField(label="编号")
    street = serializers.CharField(label="街道代码")
    area = serializers.CharField(label="街道或社区代码")
    name = serializers.CharField(label="名称")
    kind = serializers.ChoiceField(label="类别", choices=TeamKind.choices)
    words = serializers.CharField(label="做什么")
    leader = serializers.CharField(label="队长，打码")
    people = serializers.IntegerField(label="人数")
    is_open = serializers.BooleanField(label="谁都可以加入")
    pledge = serializers.CharField(label="责任保证书")


class TeamStepRequest(Given):
    """Nothing is asked."""


class PlaceRow(serializers.Serializer[Any]):
    """One's place in a team."""

    team = serializers.IntegerField()
    joined_at = serializers.DateTimeField(label="加入时间")
    pledged_at = serializers.DateTimeField(label="签责任保证书的时间", allow_null=True)


class CertificateCheckRequest(Given):
    """As both stand on the paper."""

    number = serializers.CharField(label="证明编号", max_length=60)
    code = serializers.CharField(label="校验码", max_length=60)


class CertificateRow(serializers.Serializer[Any]):
    """What the paper says, its name masked."""

    number = serializers.CharField(label="证明编号")
    name = serializers.CharField(label="姓名，打码")
    issuer = serializers.CharField(label="出具单位")
    starts_on = serializers.DateField(label="从哪天")
    ends_on = serializers.DateField(label="到哪天")
    hours = serializers.FloatField(label="服务小时")
    issued_at = serializers.DateTimeField(label="出具时间")
    corrected = serializers.BooleanField(label="出具以后更正过")
