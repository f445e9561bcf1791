"""Photos and documents over the API: sent one by one, kept a day, then given to the thing by the same key."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, Given
from alliance.lib.api_views import ApiView
from files import services
from people.visitors import signed_in


class PhotoRequest(Given):
    """``hold_key`` is a UUID made by the caller, one for each delivery or report."""

    hold_key = serializers.UUIDField(label="照片的键", help_text="报告送达、回复办理时再带上")
    photo = serializers.FileField(label="一张照片", help_text="JPEG、PNG或WebP，最多10MB")


class HeldPhoto(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField(label="文件名")


class HeldPhotos(serializers.Serializer[Any]):
    hold_key = serializers.UUIDField(label="照片的键")
    photos = HeldPhoto(many=True, label="收下的照片", help_text="最多6张，保留24小时")


class Photos(ApiView):
    """先传照片，一次一张；报告送达或回复办理时带上同一个键，照片就归那一件。只有自己用得到。"""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="photos_hold",
        tags=["photos"],
        request={"multipart/form-data": PhotoRequest},
        responses={201: HeldPhotos, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        given = PhotoRequest(data=request.data)
        given.is_valid(raise_exception=True)
        user, key = signed_in(request), given.validated_data["hold_key"]
        services.hold_own(given.validated_data["photo"], key=key, user=user)
        found = [{"id": one.pk, "name": one.name} for one in services.held(services.own_key(user, key))]
        return Response({"hold_key": key, "photos": found}, status=status.HTTP_201_CREATED)


class DocumentRequest(Given):
    """``hold_key``: as of photos; an act may take both by one key."""

    hold_key = serializers.UUIDField(label="文件的键", help_text="登记签约、补传盖章页时再带上")
    document = serializers.FileField(label="一个文件", help_text="PDF、Word或Excel，最多10MB")


class HeldDocuments(serializers.Serializer[Any]):
    hold_key = serializers.UUIDField(label="文件的键")
    documents = HeldPhoto(many=True, label="收下的文件和照片", help_text="文件最多5个，保留24小时")


class Documents(ApiView):
    """先传文件，一次一个；登记签约、补传盖章页时带上同一个键。只有自己用得到。"""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="documents_hold",
        tags=["photos"],
        request={"multipart/form-data": DocumentRequest},
        responses={201: HeldDocuments, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        given = DocumentRequest(data=request.data)
        given.is_valid(raise_exception=True)
        user, key = signed_in(request), given.validated_data["hold_key"]
        services.hold_own_document(given.validated_data["document"], key=key, user=user)
        found = [{"id": one.pk, "name": one.name} for one in services.held(services.own_key(user, key))]
        return Response({"hold_key": key, "documents": found}, status=status.HTTP_201_CREATED)
