"""Shapes of resources and bookings in the API. No rule lives here; what is not named here is refused."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from resources.states import BookingState, Form, ResourceState

MOST = 2_000_000_000


class ResourceRow(serializers.Serializer[Any]):
    """A resource in a list."""

    id = serializers.IntegerField()
    number = serializers.CharField(label="编号")
    name = serializers.CharField(label="名称")
    kind = serializers.CharField(label="种类的键")
    kind_name = serializers.CharField(label="种类")
    form = serializers.ChoiceField(label="怎么用", choices=Form.choices)
    giver = serializers.CharField(label="谁提供")
    area = serializers.CharField(label="社区代码")
    area_name = serializers.CharField(label="社区")
    state = serializers.ChoiceField(label="状态", choices=ResourceState.choices)
    capacity = serializers.IntegerField(label="可容纳人数", allow_null=True)
    quantity = serializers.IntegerField(label="数量")
    for_units = serializers.BooleanField(label="单位可用")
    for_people = serializers.BooleanField(label="居民可用")
    asks_first = serializers.BooleanField(label="预约要提供方同意")
    version = serializers.IntegerField(label="版本")


class Hours(serializers.Serializer[Any]):
    weekday = serializers.IntegerField(label="星期，1是周一")
    opens = serializers.CharField(label="几点开")
    closes = serializers.CharField(label="几点关")


class ResourceOne(ResourceRow):
    """One resource as its page shows it."""

    words = serializers.CharField(label="说明")
    conditions = serializers.CharField(label="使用条件")
    address = serializers.CharField(label="地址")
    floor = serializers.CharField(label="楼层")
    phone = serializers.CharField(label="公开的咨询电话")
    aliases = serializers.ListField(child=serializers.CharField(), label="别名")
    within = serializers.IntegerField(label="在哪个阵地里", allow_null=True)
    longest_minutes = serializers.IntegerField(label="一次最长几分钟")
    ahead_days = serializers.IntegerField(label="最早提前几天")
    cancel_hours = serializers.IntegerField(label="至少提前几小时取消")
    hours = Hours(many=True, label="每周的开放时间")
    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")


class OfferRequest(Given):
    """``client_key`` is a UUID made by the caller: sending it again finds the first."""

    client_key = serializers.UUIDField(label="提交键")
    area = serializers.CharField(label="街道或社区代码", max_length=24)
    unit = serializers.IntegerField(
        label="哪个单位提供", required=False, allow_null=True, default=None, min_value=1, max_value=MOST
    )
    kind = serializers.CharField(label="种类的键", max_length=30)
    name = serializers.CharField(label="名称", max_length=60)
    words = serializers.CharField(label="说明", required=False, allow_blank=True, max_length=500)
    conditions = serializers.CharField(label="使用条件", required=False, allow_blank=True, max_length=200)
    address = serializers.CharField(label="地址", required=False, allow_blank=True, max_length=120)
    floor = serializers.CharField(label="楼层", required=False, allow_blank=True, max_length=20)
    phone = serializers.CharField(label="公开的咨询电话", required=False, allow_blank=True, max_length=20)
    aliases = serializers.ListField(
        child=serializers.CharField(max_length=60), label="别名", required=False, max_length=10
    )
    capacity = serializers.IntegerField(label="可容纳人数", required=False, allow_null=True, max_value=MOST)
    quantity = serializers.IntegerField(label="数量", required=False, max_value=MOST)
    for_units = serializers.BooleanField(label="单位可用", required=False)
    for_people = serializers.BooleanField(label="居民可用", required=False)
    asks_first = serializers.BooleanField(label="预约要提供方同意", required=False)
    until = serializers.DateField(label="提供到哪天", required=False, allow_null=True)


class DayRow(serializers.Serializer[Any]):
    """One day: when it is open, when it is taken, what is free. Who has it is not said."""

    day = serializers.DateField(label="哪天")
    closed_why = serializers.CharField(label="为什么关门", allow_null=True)
    open = serializers.ListField(child=serializers.CharField(), label="开放")
    taken = serializers.ListField(child=serializers.CharField(), label="约出去的")
    free = serializers.ListField(child=serializers.CharField(), label="空着的")


class BookRequest(Given):
    """``client_key`` is a UUID made by the caller: sending it again finds the first booking."""

    client_key = serializers.UUIDField(label="提交键")
    starts = serializers.DateTimeField(label="从")
    ends = serializers.DateTimeField(label="到")
    purpose = serializers.CharField(label="做什么用", max_length=60)
    unit = serializers.IntegerField(
        label="哪个单位用", required=False, allow_null=True, default=None, min_value=1, max_value=MOST
    )
    office = serializers.CharField(
        label="哪个街道或社区用",
        required=False,
        allow_null=True,
        default=None,
        max_length=24,
        help_text="个人两项都不填",
    )
    quantity = serializers.IntegerField(label="数量", required=False, default=1, max_value=MOST)
    people = serializers.IntegerField(label="大约几个人", required=False, allow_null=True, default=None, max_value=MOST)


class BookingRow(serializers.Serializer[Any]):
    """A booking as whoever may see it does; a resident is not named."""

    id = serializers.IntegerField()
    number = serializers.CharField(label="编号")
    resource = serializers.IntegerField(label="资源")
    resource_name = serializers.CharField(label="资源名称")
    booker = serializers.CharField(label="谁来用")
    starts = serializers.DateTimeField(label="从")
    ends = serializers.DateTimeField(label="到")
    quantity = serializers.IntegerField(label="数量")
    people = serializers.IntegerField(label="大约几个人", allow_null=True)
    purpose = serializers.CharField(label="做什么用")
    state = serializers.ChoiceField(label="状态", choices=BookingState.choices)
    version = serializers.IntegerField(label="版本", help_text="下一步带上，别人改过会得到409")


class BookingAnswer(BookingRow):
    """One booking, with what may be done to it."""

    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")


class CancelRequest(Given):
    version = serializers.IntegerField(label="版本", min_value=1, max_value=MOST)
    words = serializers.CharField(label="说一句", required=False, allow_blank=True, default="", max_length=200)
