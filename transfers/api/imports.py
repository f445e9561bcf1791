"""Imports over the API: how far one is and what became of it. Files are sent, confirmed and taken back on the pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from alliance.lib.api import REFUSALS, KeysetPagination
from alliance.lib.errors import NotAllowed, NotFound
from transfers import presenting
from transfers.models import ImportBatch
from transfers.states import BatchState, Mode, Outcome, Result


class ImportRowShape(serializers.Serializer[Any]):
    """One file. ``counts`` is by what was found of its rows, and by what became of them."""

    id = serializers.IntegerField()
    kind = serializers.CharField(label="导入什么")
    kind_label = serializers.CharField(label="名称")
    area = serializers.CharField(label="导入到")
    file_name = serializers.CharField(label="文件名")
    state = serializers.ChoiceField(label="状态", choices=BatchState.choices)
    mode = serializers.ChoiceField(label="已登记的", choices=Mode.choices)
    total = serializers.IntegerField(label="行数")
    done = serializers.IntegerField(label="办到第几行")
    found = serializers.DictField(label="核对的结果", child=serializers.IntegerField(), help_text="按结果：几行")
    results = serializers.DictField(label="导入的结果", child=serializers.IntegerField(), help_text="按结果：几行")
    own = serializers.BooleanField(label="我传的")
    made_at = serializers.DateTimeField(label="上传时间")
    applied_at = serializers.DateTimeField(label="导入时间", allow_null=True)
    ended_at = serializers.DateTimeField(label="结束时间", allow_null=True)


class WrongRow(serializers.Serializer[Any]):
    line = serializers.IntegerField(label="行号")
    field = serializers.CharField(label="哪一列", allow_blank=True)
    message = serializers.CharField(label="原因")


class ByLine(KeysetPagination):
    """Pages in the order of the file."""

    order = ("line",)


class Newest(KeysetPagination):
    """Pages of what was sent last, first."""

    order = ("-id",)


class Imports(GenericAPIView):
    """导入过的文件，新的在前：自己能导入的种类和区域。"""

    queryset = ImportBatch.objects.none()
    pagination_class = Newest

    def get_queryset(self) -> QuerySet[ImportBatch]:
        return ImportBatch.objects.visible_to(self.request.user)

    @extend_schema(
        operation_id="imports_list", tags=["imports"], responses={200: ImportRowShape(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([_batch(request, batch) for batch in rows or []])


class ImportOne(APIView):
    """一次导入办到哪里了，各有几行。"""

    @extend_schema(operation_id="imports_detail", tags=["imports"], responses={200: ImportRowShape, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return Response(_batch(request, _found(request, pk)))


class ImportErrors(GenericAPIView):
    """没办成的行：第几行、哪一列、为什么。只给传文件的本人；不另带那一行的内容。"""

    queryset = ImportBatch.objects.none()
    pagination_class = ByLine

    @extend_schema(operation_id="imports_errors", tags=["imports"], responses={200: WrongRow(many=True), **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        batch = _found(request, pk)
        if batch.by_id != request.user.pk:
            raise NotAllowed
        rows = self.paginate_queryset(presenting.bad_rows(batch))
        return self.get_paginated_response(presenting.reasons_of(batch, rows or []))


def _found(request: Request, pk: int) -> ImportBatch:
    batch: ImportBatch | None = ImportBatch.objects.visible_to(request.user).filter(pk=pk).first()
    if batch is None:
        raise NotFound
    return batch


def _batch(request: Request, batch: ImportBatch) -> dict[str, Any]:
    plain = ("id", "kind", "file_name", "state", "mode", "total", "made_at", "applied_at", "ended_at")
    counts = batch.counts
    return {
        **{name: getattr(batch, name) for name in plain},
        "kind_label": presenting.kind_label(batch),
        "area": batch.area_id,
        "done": min(batch.done, batch.total),
        "found": {name: counts[name] for name in Outcome.values if name and name in counts},
        "results": {name: counts[f"result_{name}"] for name in Result.values if f"result_{name}" in counts},
        "own": batch.by_id == request.user.pk,
    }
