"""What documents look like in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from members.states import DocumentKind

MOST = 2_000_000_000


class DocumentRow(serializers.Serializer[Any]):
    """A document and which version of it is in force."""

    id = serializers.IntegerField()
    title = serializers.CharField(label="标题")
    kind = serializers.ChoiceField(label="类别", choices=DocumentKind.choices)
    is_public = serializers.BooleanField(label="公开展示")
    alliance = serializers.IntegerField(label="联盟")
    alliance_name = serializers.CharField(label="联盟名称")
    version = serializers.IntegerField(label="现行第几版", allow_null=True, help_text="空：还没有施行的版本")
    published_at = serializers.DateTimeField(label="现行版发布时间", allow_null=True)
    newest = serializers.IntegerField(label="最新第几版", allow_null=True, help_text="空：还没有发布过")
    newest_effective_on = serializers.DateField(label="最新版施行日期", allow_null=True, help_text="空：发布之日起")


class VersionFile(serializers.Serializer[Any]):
    name = serializers.CharField(label="文件名")
    size = serializers.IntegerField(label="字节数")


class VersionRow(serializers.Serializer[Any]):
    """A published version: it never changes."""

    number = serializers.IntegerField(label="第几版")
    text = serializers.CharField(label="正文", allow_blank=True)
    change = serializers.CharField(label="改了什么", allow_blank=True)
    effective_on = serializers.DateField(label="施行日期", allow_null=True)
    published_at = serializers.DateTimeField(label="发布时间")
    files = VersionFile(label="附件", many=True)
    delivered = serializers.IntegerField(label="送达几家", allow_null=True)
    seen = serializers.IntegerField(label="几家看过", allow_null=True)


class DocumentDetail(DocumentRow):
    versions = VersionRow(label="发布过的版本", many=True)


class ReceiptRow(serializers.Serializer[Any]):
    """One unit to which a version was delivered."""

    id = serializers.IntegerField()
    unit = serializers.IntegerField(label="单位")
    unit_name = serializers.CharField(label="单位名称")
    delivered_at = serializers.DateTimeField(label="送达时间")
    seen_at = serializers.DateTimeField(label="看过的时间", allow_null=True)
