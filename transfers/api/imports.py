"""Imports over the API: how far one is and what became of it. Files are sent, confirmed and taken back on the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import KeysetPagination, ProblemAnswer
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.errors import Invalid, NotAllowed, NotFound
from alliance.lib.importing import importers
from transfers import presenting
from transfers.models import ImportBatch
from transfers.states import BatchState, Mode, Outcome, Result


class ImportRowShape(serializers.Serializer[Any]):
    """一份文件。没有导入、也没有放弃的，传上来30天后放弃。"""

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
    rows_until = serializers.DateTimeField(
        label="行的内容留到",
        allow_null=True,
        help_text="导入（或放弃、没有办成）以后30天；过了就删，不能再撤销，原因也查不到。空着就是已经删了",
    )


class WrongRow(serializers.Serializer[Any]):
    line = serializers.IntegerField(label="行号")
    field = serializers.CharField(label="哪一列", allow_blank=True)
    message = serializers.CharField(label="原因")


def answers(said: Mapping[int, str]) -> dict[int, OpenApiResponse]:
    """Refusals with when they are given."""
    return {status: OpenApiResponse(ProblemAnswer, description=when) for status, when in said.items()}


SIGNED_OUT, TOO_OFTEN = "没有登录，或者令牌过期了", "请求太频繁，过一会儿再试"
NOT_THERE = "没有这次导入，或者不归您看"
FILTERS = [
    OpenApiParameter("kind", str, description="导入什么，如 units、liaisons；不写就是全部"),
    OpenApiParameter("state", str, enum=BatchState.values, description="办到哪一步；不写就是全部"),
]


class ByLine(KeysetPagination):
    """Pages in the order of the file."""

    order = ("line",)


class Newest(KeysetPagination):
    """Pages of what was sent last, first."""

    order = ("-id",)


def _one_of(request: Request, name: str, known: Iterable[str]) -> dict[str, str]:
    """The answer to the filter ``name``, if there is one. Raises ``Invalid`` for one that is unknown."""
    chosen, possible = request.query_params.get(name, ""), list(known)
    if chosen and chosen not in possible:
        raise Invalid({name: [_("可以写：%(known)s。") % {"known": _("、").join(possible)}]})
    return {name: chosen} if chosen else {}


class Imports(ListView):
    """导入过的文件，新的在前：自己能导入的种类和区域。每一份的记录一直留着，行的内容只留到 `rows_until`。

    传文件、确认、放弃和撤销在工作台的“导入”页上做；导出在各个列表上做，文件留24小时，只有本人能下载。
    """

    queryset = ImportBatch.objects.none()
    pagination_class = Newest
    query = tuple(one.name for one in FILTERS)

    @extend_schema(
        operation_id="imports_list",
        tags=["imports"],
        parameters=FILTERS,
        responses={
            200: ImportRowShape(many=True),
            **answers({400: "没有这个种类或状态，或者翻页位置不对", 401: SIGNED_OUT, 429: TOO_OFTEN}),
        },
    )
    def get(self, request: Request) -> Response:
        chosen = _one_of(request, "kind", (kind.key for kind in importers()))
        chosen |= _one_of(request, "state", BatchState.values)
        rows = self.paginate_queryset(ImportBatch.objects.visible_to(request.user).filter(**chosen))
        return self.get_paginated_response([_batch(request, batch) for batch in rows or []])


class ImportOne(ApiView):
    """一次导入办到哪里了，各有几行。"""

    @extend_schema(
        operation_id="imports_detail",
        tags=["imports"],
        responses={200: ImportRowShape, **answers({401: SIGNED_OUT, 404: NOT_THERE, 429: TOO_OFTEN})},
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(_batch(request, _found(request, pk)))


class ImportErrors(ListView):
    """没办成的行：第几行、哪一列、为什么。只给传文件的本人；不另带那一行的内容。

    `field` 用这次请求的语言。`message` 用写下它时的语言：核对出来的，用传文件那一页的；
    导入、撤销时出来的，用按按钮那一页的。

    过了 `rows_until` 就是空的。
    """

    queryset = ImportBatch.objects.none()
    pagination_class = ByLine

    @extend_schema(
        operation_id="imports_errors",
        tags=["imports"],
        responses={
            200: WrongRow(many=True),
            **answers({400: "翻页位置不对", 401: SIGNED_OUT, 403: "文件不是您传的", 404: NOT_THERE, 429: TOO_OFTEN}),
        },
    )
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
    plain = ("id", "kind", "file_name", "state", "mode", "total")
    moments = ("made_at", "applied_at", "ended_at", "rows_until")
    counts = batch.counts
    return {
        **{name: getattr(batch, name) for name in (*plain, *moments)},
        "kind_label": presenting.kind_label(batch),
        "area": batch.area_id,
        "done": min(batch.done, batch.total),
        "found": {name: counts[name] for name in Outcome.values if name and name in counts},
        "results": {name: counts[f"result_{name}"] for name in Result.values if f"result_{name}" in counts},
        "own": batch.by_id == request.user.pk,
    }
