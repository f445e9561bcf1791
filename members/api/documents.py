"""Documents of alliances over the API: read by staff of the street and by the units they were delivered to."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.errors import NotAllowed, NotFound
from members.api import document_shapes as shapes
from members.api.paging import ByKey
from members.models import Document, DocumentVersion, Receipt
from members.permissions import document_abilities, receipt_abilities
from members.presenting.documents import in_force
from members.services.documents import files_of_many
from members.services.receipts import Reading, readings
from members.states import DocumentKind


class DocumentFilter(django_filters.FilterSet):
    """Filters of documents."""

    alliance = django_filters.NumberFilter(method="of_alliance", label="联盟")
    kind = django_filters.ChoiceFilter(choices=DocumentKind.choices, label="类别")

    class Meta:
        model = Document
        fields: ClassVar[list[str]] = []

    def of_alliance(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.filter(alliance_id=int(value)) if 0 < value <= shapes.MOST else queryset.none()


class Documents(ListView):
    """联盟文件：工作人员看本街道的，联络员看送到本单位的。草稿不在里面。"""

    queryset = Document.objects.none()
    filterset_class = DocumentFilter
    pagination_class = ByKey

    def get_queryset(self) -> QuerySet[Document]:
        return Document.objects.readable_by(self.request.user).select_related("alliance")

    @extend_schema(
        operation_id="documents_list", tags=["members"], responses={200: shapes.DocumentRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        rows = list(self.paginate_queryset(self.filter_queryset(self.get_queryset())) or [])
        versions = DocumentVersion.objects.filter(document__in=rows)
        newest = {version.document_id: version for version in versions.newest()}
        now = {version.document_id: version for version in versions.in_force()}
        return self.get_paginated_response([_row(one, newest.get(one.pk), now.get(one.pk)) for one in rows])


class DocumentOne(ApiView):
    """一份文件和它发布过的各个版本，新的在前。有几家看过，只告诉管这个联盟的人。"""

    @extend_schema(
        operation_id="documents_detail", tags=["members"], responses={200: shapes.DocumentDetail, **REFUSALS}
    )
    def get(self, request: Request, pk: int) -> Response:
        document = _found(request, pk)
        versions = list(document.versions.published().order_by("-number"))
        files = files_of_many(versions)
        keeps = bool(receipt_abilities(request.user) and "change" in document_abilities(request.user, document))
        counts = readings([version.pk for version in versions]) if keeps else {}
        shown = []
        for version in versions:
            reading = counts.get(version.pk, Reading(0, 0)) if keeps else None
            shown.append(_version(version, files.get(version.pk, []), reading))
        return Response({**_row(document, versions[0] if versions else None, in_force(versions)), "versions": shown})


class DocumentReceipts(ListView):
    """最新版送到了哪些单位，哪些看过。只给管这个联盟的人看；不说是单位里的谁。"""

    queryset = Receipt.objects.none()
    pagination_class = ByKey
    query = ("version",)

    @extend_schema(
        operation_id="documents_receipts",
        tags=["members"],
        parameters=[OpenApiParameter("version", int, description="第几版；不写就是最新版")],
        responses={200: shapes.ReceiptRow(many=True), **REFUSALS},
    )
    def get(self, request: Request, pk: int) -> Response:
        document, asked = _found(request, pk), request.query_params.get("version", "")
        if "change" not in document_abilities(request.user, document):
            raise NotAllowed
        versions = document.versions.published().order_by("-number")
        if asked:
            versions = versions.filter(
                number=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
            )
        version = versions.first()
        if version is None:
            raise NotFound
        rows = self.paginate_queryset(version.receipts.present().select_related("unit"))
        return self.get_paginated_response([_receipt(row) for row in rows or []])


def _found(request: Request, pk: int) -> Document:
    document: Document | None = (
        Document.objects.readable_by(request.user).select_related("alliance").filter(pk=pk).first()
    )
    if document is None:
        raise NotFound
    return document


def _row(document: Document, newest: DocumentVersion | None, now: DocumentVersion | None) -> dict[str, Any]:
    return {
        **{name: getattr(document, name) for name in ("id", "title", "kind", "is_public")},
        "alliance": document.alliance_id,
        "alliance_name": document.alliance.name,
        "version": now.number if now else None,
        "published_at": now.published_at if now else None,
        "newest": newest.number if newest else None,
        "newest_effective_on": newest.effective_on if newest else None,
    }


def _version(version: DocumentVersion, files: list[Any], reading: Reading | None) -> dict[str, Any]:
    return {
        **{name: getattr(version, name) for name in ("number", "text", "change", "effective_on", "published_at")},
        "files": [{"name": file.name, "size": file.size} for file in files],
        "delivered": reading.delivered if reading else None,
        "seen": reading.seen if reading else None,
    }


def _receipt(row: Receipt) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("id", "delivered_at", "seen_at")}
    return {**plain, "unit": row.unit_id, "unit_name": row.unit.name}
