"""Shapes of alliances, bodies and the matrix in the API. No rule lives here."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from alliance.lib.api import Given

MOST = 2_000_000_000


class AllianceRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField(label="名称")
    area = serializers.CharField(label="所在地代码")
    area_name = serializers.CharField(label="所在地")
    parent = serializers.IntegerField(label="上级联盟", allow_null=True)  # type: ignore[assignment]
    brand = serializers.CharField(label="品牌")
    office_name = serializers.CharField(label="办公室名称")
    founded_on = serializers.DateField(label="成立日期", allow_null=True)


class FigureRow(serializers.Serializer[Any]):
    label = serializers.CharField(label="是什么")  # type: ignore[assignment]
    value = serializers.CharField(label="多少")
    as_of = serializers.CharField(label="什么时候")
    source = serializers.CharField(label="出处")  # type: ignore[assignment]


class AllianceDetail(AllianceRow):
    intro = serializers.CharField(label="简介")
    principles = serializers.ListField(child=serializers.CharField(), label="工作格局")
    members = serializers.IntegerField(label="现有成员单位")
    figures = FigureRow(many=True, label="联盟数字")
    sub_alliances = AllianceRow(many=True, label="子联盟")


class BodyRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.CharField(label="类型的键")
    kind_name = serializers.CharField(label="类型")
    name = serializers.CharField(label="名称")
    area = serializers.CharField(label="所在地代码")
    area_name = serializers.CharField(label="所在地")
    alliance = serializers.IntegerField(label="联盟", allow_null=True)
    parent = serializers.IntegerField(label="上级机构", allow_null=True)  # type: ignore[assignment]
    intro = serializers.CharField(label="做什么")
    set_up_on = serializers.DateField(label="成立日期", allow_null=True)
    ended_on = serializers.DateField(label="撤销日期", allow_null=True)


class BodySeatRow(serializers.Serializer[Any]):
    role = serializers.CharField(label="角色")
    holder = serializers.CharField(label="谁")
    unit = serializers.IntegerField(label="单位", allow_null=True)
    title = serializers.CharField(label="职务或专长")
    starts_on = serializers.DateField(label="起")
    ends_on = serializers.DateField(label="止", allow_null=True)


class BodyDetail(BodyRow):
    seats = BodySeatRow(many=True, label="现任")


class HeadRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField(label="名称")
    convened_by = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField()), label="召集人和联系人"
    )


class PlacedRow(serializers.Serializer[Any]):
    membership = serializers.IntegerField(label="联盟成员")
    unit = serializers.IntegerField(label="单位")
    name = serializers.CharField(label="单位名称")
    group = serializers.IntegerField(label="界别", allow_null=True)
    zone = serializers.IntegerField(label="片区", allow_null=True)


class MatrixAnswer(serializers.Serializer[Any]):
    alliance = serializers.IntegerField(label="联盟")
    groups = HeadRow(many=True, label="界别")
    zones = HeadRow(many=True, label="片区")
    members = PlacedRow(many=True, label="成员单位和现在的位置")


class CellField(Given):
    group = serializers.IntegerField(label="界别", allow_null=True, min_value=1, max_value=MOST)
    zone = serializers.IntegerField(label="片区", allow_null=True, min_value=1, max_value=MOST)


class MoveRow(Given):
    membership = serializers.IntegerField(label="联盟成员", min_value=1, max_value=MOST)
    seen = CellField(label="看到时的位置", help_text="别人移动过会得到409，一家都不移")
    to = CellField(label="移到哪里")


class MoveRequest(Given):
    moves = MoveRow(many=True, label="移动", max_length=1000)  # type: ignore[call-arg]


class MoveAnswer(serializers.Serializer[Any]):
    undo = MoveRow(many=True, label="再发这些就是撤销")
