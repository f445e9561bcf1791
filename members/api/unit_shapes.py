"""Shapes of units, buildings, party organisations, lists and brands in the API. No rule lives here."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given
from members.states import Near, Outcome, Part, PartyKind, Shown, StrengthKind, UnitKind

MOST = 2_000_000_000


class UnitRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField(label="名称")
    short_name = serializers.CharField(label="简称", allow_blank=True)
    kind = serializers.ChoiceField(label="类型", choices=UnitKind.choices)
    uscc = serializers.CharField(label="统一社会信用代码", allow_null=True)
    area = serializers.CharField(label="所在地代码")
    area_name = serializers.CharField(label="所在地")
    building = serializers.IntegerField(label="楼宇", allow_null=True)
    floor = serializers.CharField(label="楼层", allow_blank=True)
    grid = serializers.CharField(label="网格代码", allow_null=True)
    is_public = serializers.BooleanField(label="同意公开")
    suspended = serializers.BooleanField(label="暂停参加")


class StrengthShape(Given):
    kind = serializers.ChoiceField(label="类别", choices=StrengthKind.choices)
    name = serializers.CharField(label="名称", max_length=200)
    detail = serializers.CharField(label="说明", max_length=1000, required=False, allow_blank=True, default="")


class TagShape(serializers.Serializer[Any]):
    near = serializers.ChoiceField(label="哪一类", choices=Near.choices)
    name = serializers.CharField(label="名称")


class JoinedRow(serializers.Serializer[Any]):
    alliance = serializers.IntegerField(label="联盟")
    name = serializers.CharField(label="名称")
    joined_on = serializers.DateField(label="加入日期")
    left_on = serializers.DateField(label="退出日期", allow_null=True)


class UnitPartyRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField(label="名称")
    kind = serializers.ChoiceField(label="类型", choices=PartyKind.choices)
    member_count = serializers.IntegerField(label="党员人数", allow_null=True)


class UnitDetail(UnitRow):
    intro = serializers.CharField(label="简介", allow_blank=True)
    strengths = StrengthShape(label="特长和服务", many=True)
    tags = TagShape(label="标签", many=True)
    shows = serializers.ListField(child=serializers.ChoiceField(choices=Shown.choices), label="还公开什么")
    alliances = JoinedRow(label="联盟", many=True)
    party = UnitPartyRow(label="党组织", many=True)
    seen = serializers.DictField(
        child=serializers.CharField(), label="各部分现在的记号", help_text="修改时带回来，别人改过会得到409"
    )
    abilities = serializers.ListField(child=serializers.CharField(), label="可以改的部分")


class PlaceShape(Given):
    building = serializers.IntegerField(label="楼宇", min_value=1, max_value=MOST, allow_null=True)
    floor = serializers.CharField(label="楼层", max_length=200, required=False, allow_blank=True, default="")
    grid = serializers.CharField(label="网格代码", max_length=24, required=False, allow_null=True, default=None)


class ShownShape(Given):
    is_public = serializers.BooleanField(label="同意公开")
    shows = serializers.ListField(child=serializers.CharField(max_length=20), label="还公开什么", max_length=20)
    agreed = serializers.CharField(
        label="单位怎么同意的", max_length=120, required=False, help_text="单位自己撤回过公开，街道要再公开时必填"
    )


class TagsShape(Given):
    place = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, label="地缘", max_length=60
    )
    trade = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, label="业缘", max_length=60
    )
    interest = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, label="趣缘", max_length=60
    )


class ProfileRequest(Given):
    """Parts that are not sent stay as they are; those that are sent are replaced as a whole, all or none."""

    intro = serializers.CharField(label="简介", max_length=2000, required=False, allow_blank=True)
    strengths = StrengthShape(label="特长和服务", many=True, required=False)
    tags = TagsShape(label="标签", required=False)
    place = PlaceShape(label="楼宇和网格", required=False)
    shown = ShownShape(label="公开内容", required=False)
    seen = serializers.DictField(
        child=serializers.CharField(max_length=16), label="各部分的记号", required=False, default=dict
    )


PROFILE_PARTS = [part for part in Part.values if part != Part.ENTRY]


class PartyRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField(label="名称")
    kind = serializers.ChoiceField(label="类型", choices=PartyKind.choices)
    area = serializers.CharField(label="所在地代码")
    area_name = serializers.CharField(label="所在地")
    unit = serializers.IntegerField(label="所属单位", allow_null=True)
    parent = serializers.IntegerField(label="上级党组织", allow_null=True)  # type: ignore[assignment]
    secretary = serializers.CharField(label="书记", help_text="不归您管的地方打码", allow_blank=True)
    member_count = serializers.IntegerField(label="党员人数", allow_null=True)
    set_up_on = serializers.DateField(label="成立日期", allow_null=True)
    ended_on = serializers.DateField(label="撤销日期", allow_null=True)


class CultivationRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField(label="名称")
    year = serializers.IntegerField(label="年度")
    area = serializers.CharField(label="所在地代码")
    area_name = serializers.CharField(label="所在地")
    criteria = serializers.ListField(child=serializers.CharField(), label="标准")


class ListedRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    organisation = serializers.IntegerField(label="党组织")
    name = serializers.CharField(label="名称")
    listed_on = serializers.DateField(label="列入日期")
    outcome = serializers.ChoiceField(label="结果", choices=Outcome.choices)
    decided_on = serializers.DateField(label="认定日期", allow_null=True)


class CultivationDetail(CultivationRow):
    listed = ListedRow(label="名单", many=True)


class BuildingRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField(label="名称")
    area = serializers.CharField(label="所在地代码")
    area_name = serializers.CharField(label="所在地")
    floors = serializers.IntegerField(label="层数", allow_null=True)
    units = serializers.IntegerField(label="几家单位")


class BrandRow(serializers.Serializer[Any]):
    area = serializers.CharField(label="社区代码")
    area_name = serializers.CharField(label="社区")
    name = serializers.CharField(label="品牌")
    feature = serializers.CharField(label="特色定位", allow_blank=True)
    intro = serializers.CharField(label="简介", allow_blank=True)
