"""Shapes of resources and bookings in the API. No rule lives here; what is not named here is refused."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from resources.states import Appeal, BookingState, BookingVerb, Form, ResourceState

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
    """One span of the week."""

    weekday = serializers.IntegerField(label="星期，1是周一")
    opens = serializers.CharField(label="几点开")
    closes = serializers.CharField(label="几点关")


class ClosedDays(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    starts_on = serializers.DateField(label="从哪天")
    ends_on = serializers.DateField(label="到哪天，这一天也关")
    why = serializers.CharField(label="为什么", allow_blank=True)


class Photo(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField(label="文件名")
    url = serializers.CharField(label="在哪里取")


class ResourceOne(ResourceRow):
    """One resource as its page shows it."""

    words = serializers.CharField(label="说明")
    conditions = serializers.CharField(label="使用条件")
    address = serializers.CharField(label="地址")
    floor = serializers.CharField(label="楼层")
    phone = serializers.CharField(label="公开的咨询电话")
    aliases = serializers.ListField(child=serializers.CharField(), label="别名")
    serves = serializers.CharField(label="服务范围的代码")
    within = serializers.IntegerField(label="在哪个阵地里", allow_null=True)
    longest_minutes = serializers.IntegerField(label="一次最长几分钟")
    buffer_minutes = serializers.IntegerField(label="前后各留几分钟")
    ahead_days = serializers.IntegerField(label="最早提前几天")
    cancel_hours = serializers.IntegerField(label="至少提前几小时取消")
    most_a_month = serializers.IntegerField(label="一家每月最多约几次", allow_null=True)
    emergency = serializers.BooleanField(label="战时可调用")
    is_public = serializers.BooleanField(label="公开展示")
    until = serializers.DateField(label="提供到哪天", allow_null=True)
    stopped_why = serializers.CharField(label="为什么停用", allow_blank=True)
    hours = Hours(many=True, label="每周的开放时间", help_text="空着就是随时可约；阵地里的房间跟着阵地")
    closures = ClosedDays(many=True, label="今天起哪几天关门")
    parts = serializers.ListField(child=serializers.IntegerField(), label="由哪几间合成")
    photos = Photo(many=True, label="照片")
    used_times = serializers.IntegerField(label="用过几次")
    used_people = serializers.IntegerField(label="服务过多少人")
    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")


class Typed(Given):
    """What is said of a resource. What is left out stays as it is, or as is usual."""

    words = serializers.CharField(label="说明", required=False, allow_blank=True, max_length=500)
    conditions = serializers.CharField(label="使用条件", required=False, allow_blank=True, max_length=200)
    address = serializers.CharField(label="地址", required=False, allow_blank=True, max_length=120)
    floor = serializers.CharField(label="楼层", required=False, allow_blank=True, max_length=20)
    phone = serializers.CharField(label="公开的咨询电话", required=False, allow_blank=True, max_length=20)
    aliases = serializers.ListField(
        child=serializers.CharField(max_length=60), label="别名", required=False, max_length=10
    )
    serves = serializers.CharField(
        label="服务范围的代码", required=False, allow_blank=True, max_length=24, help_text="不填是整个街道"
    )
    within = serializers.IntegerField(
        label="在哪个阵地里", required=False, allow_null=True, min_value=1, max_value=MOST
    )
    capacity = serializers.IntegerField(label="可容纳人数", required=False, allow_null=True, max_value=MOST)
    quantity = serializers.IntegerField(label="数量", required=False, max_value=MOST)
    for_units = serializers.BooleanField(label="单位可用", required=False)
    for_people = serializers.BooleanField(label="居民可用", required=False)
    asks_first = serializers.BooleanField(label="预约要提供方同意", required=False)
    longest_minutes = serializers.IntegerField(label="一次最长几分钟", required=False, max_value=MOST)
    buffer_minutes = serializers.IntegerField(label="前后各留几分钟", required=False, max_value=MOST)
    ahead_days = serializers.IntegerField(label="最早提前几天", required=False, max_value=MOST)
    cancel_hours = serializers.IntegerField(label="至少提前几小时取消", required=False, max_value=MOST)
    most_a_month = serializers.IntegerField(label="一家每月最多约几次", required=False, allow_null=True, max_value=MOST)
    emergency = serializers.BooleanField(label="战时可调用", required=False)
    is_public = serializers.BooleanField(label="公开展示", required=False)
    until = serializers.DateField(label="提供到哪天", required=False, allow_null=True)
    hold_key = serializers.UUIDField(
        label="照片的键", required=False, allow_null=True, help_text="照片先传到 /photos/；没有照片不填"
    )


class OfferRequest(Typed):
    """``client_key`` is a UUID made by the caller: sending it again finds the first."""

    client_key = serializers.UUIDField(label="提交键")
    area = serializers.CharField(label="街道或社区代码", max_length=24)
    unit = serializers.IntegerField(
        label="哪个单位提供", required=False, allow_null=True, default=None, min_value=1, max_value=MOST
    )
    kind = serializers.CharField(label="种类的键", max_length=30)
    name = serializers.CharField(label="名称", max_length=60)


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
    place = serializers.CharField(
        label="到哪里来",
        required=False,
        allow_blank=True,
        default="",
        max_length=120,
        help_text="约时间来服务的才写，要上门的必写；对方答应以后才看得到，用完就删",
    )
    subject = serializers.CharField(
        label="为哪件事",
        required=False,
        allow_blank=True,
        default="",
        max_length=60,
        help_text="诉求写成 need:12，您看得到的才行",
    )
    seen_warnings = serializers.CharField(
        label="看过提醒",
        required=False,
        allow_blank=True,
        default="",
        max_length=60,
        help_text="做什么用里好像有个人信息时会得到400 warned；确认无误，带上其中的fields.seen_words；话改过要再看一次",
    )


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
    handed_at = serializers.DateTimeField(label="交给对方的时间", allow_null=True)
    appeal = serializers.ChoiceField(label="对没有来的说明", choices=Appeal.choices, allow_blank=True)
    version = serializers.IntegerField(label="版本", help_text="下一步带上，别人改过会得到409")


class BookingLine(serializers.Serializer[Any]):
    at = serializers.DateTimeField(label="时间")
    verb = serializers.ChoiceField(label="动作", choices=BookingVerb.choices)
    label = serializers.CharField(label="发生了什么")  # type: ignore[assignment]
    words = serializers.CharField(label="说了什么", allow_blank=True)


class BookingAnswer(BookingRow):
    """One booking, with what may be done to it and what happened; people are not named."""

    place = serializers.CharField(
        label="到哪里来", allow_blank=True, help_text="约的一方看得到；提供的一方答应以后才看得到"
    )
    abilities = serializers.ListField(child=serializers.CharField(), label="您可以做的")
    events = BookingLine(many=True, label="经过")
