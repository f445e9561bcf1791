"""What everybody may read of alliances, in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class PublicAllianceRow(serializers.Serializer[Any]):
    """An alliance in a list."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    brand = serializers.CharField()
    office_name = serializers.CharField()
    area = serializers.CharField(label="所在地代码")
    area_name = serializers.CharField()
    founded_on = serializers.DateField(allow_null=True)
    shown_units = serializers.IntegerField(label="同意公开的单位数")


class PublicFigure(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField()
    as_of = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class PublicRole(serializers.Serializer[Any]):
    name = serializers.CharField()
    holders = serializers.ListField(child=serializers.CharField(), label="同意公开的单位或姓名")


class PublicBody(serializers.Serializer[Any]):
    """A body that is shown, with those who may be named."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    name = serializers.CharField()
    intro = serializers.CharField()
    roles = PublicRole(many=True)


class PublicBrand(serializers.Serializer[Any]):
    area = serializers.CharField(label="社区代码")
    area_name = serializers.CharField()
    name = serializers.CharField()
    feature = serializers.CharField()
    intro = serializers.CharField()


class PublicDocument(serializers.Serializer[Any]):
    """A public document as it is in force."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField()
    number = serializers.IntegerField(label="第几版")
    published_at = serializers.DateTimeField()
    effective_on = serializers.DateField(allow_null=True)
    text = serializers.CharField()
    url = serializers.CharField(label="网页地址")


class PublicAlliance(PublicAllianceRow):
    """An alliance with everything that is shown of it."""

    parent = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]
    intro = serializers.CharField()
    principles = serializers.ListField(child=serializers.CharField())
    figures = PublicFigure(many=True)
    bodies = PublicBody(many=True)
    sub_alliances = PublicAllianceRow(many=True)
    brands = PublicBrand(many=True)
    documents = PublicDocument(many=True)


class PublicCell(serializers.Serializer[Any]):
    group = serializers.IntegerField()
    zone = serializers.IntegerField()
    units = serializers.IntegerField(label="同意公开的单位数")


class PublicGroups(serializers.Serializer[Any]):
    """Groups and zones, and how many shown units stand in each cell."""

    groups = PublicBody(many=True)
    zones = PublicBody(many=True)
    cells = PublicCell(many=True)


class PublicStrength(serializers.Serializer[Any]):
    kind = serializers.CharField()
    name = serializers.CharField()
    detail = serializers.CharField()


class PublicUnit(serializers.Serializer[Any]):
    """A unit as far as it agreed; parts it did not agree to are missing, as are those that are empty."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    kind = serializers.CharField()
    intro = serializers.CharField(required=False)
    strengths = PublicStrength(many=True, required=False)
    tags = serializers.ListField(child=serializers.CharField(), required=False)


class PublicMembership(serializers.Serializer[Any]):
    alliance = serializers.IntegerField()
    name = serializers.CharField()
    since = serializers.DateField()
    cell = serializers.ListField(child=serializers.CharField(), label="界别、片区")


class PublicUnitDetail(PublicUnit):
    place = serializers.CharField(required=False)
    party = serializers.ListField(child=serializers.CharField(), required=False)
    memberships = PublicMembership(many=True)
