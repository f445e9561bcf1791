"""Needs over the API: submit and follow without signing in; list, read, accept, answer for staff."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, cast

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, KeysetPagination
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.errors import NotAllowed
from alliance.lib.http import client_ip
from needs.api import serializers as shapes
from needs.api.detail import detail, visible
from needs.api.rows import columns, first_page, named
from needs.api.tracked import tracked
from needs.links import progress_url
from needs.models import Need
from needs.permissions import abilities
from needs.querysets import seen_areas
from needs.services import following, handling
from needs.services.intake import NeedDraft, submit_publicly
from needs.states import Channel, State
from people.visitors import signed_in

PUBLIC_REFUSALS = dict.fromkeys((400, 409, 429), shapes.ProblemAnswer)


class NeedFilter(django_filters.FilterSet):
    """Filters of the staff's list."""

    state = django_filters.ChoiceFilter(choices=State.choices, label="状态")
    area = django_filters.CharFilter(field_name="area_id", label="社区代码")
    overdue = django_filters.BooleanFilter(method="only_overdue", label="已超期")
    q = django_filters.CharFilter(method="search", label="编号、原话、地点里的词")

    class Meta:
        model = Need
        fields: ClassVar[list[str]] = []

    def only_overdue(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.overdue() if value else queryset

    def search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)


class Needs(ListView):
    """提交诉求（不用登录）；工作人员查列表。"""

    queryset = Need.objects.none()
    filterset_class = NeedFilter
    pagination_class = KeysetPagination

    def get_permissions(self) -> Any:
        return [AllowAny()] if self.request.method == "POST" else super().get_permissions()

    def get_authenticators(self) -> Any:
        # Submitting asks for no identity, so a browser's session must not drag CSRF into it.
        return [] if getattr(self.request, "method", "") == "POST" else super().get_authenticators()

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = columns()
        return cast("QuerySet[Any]", rows.visible_to(self.request.user))

    @extend_schema(operation_id="needs_list", tags=["needs"], responses={200: shapes.NeedRow(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        if "view" not in abilities(request.user):
            raise NotAllowed
        if not request.query_params:
            page = first_page(seen_areas(request.user), KeysetPagination.page_size)
            return Response({"results": named(page.rows), "next": page.next_cursor})
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(named(rows or []))

    @extend_schema(
        operation_id="needs_submit",
        tags=["needs"],
        auth=[],
        request=shapes.SubmitRequest,
        responses={201: shapes.SubmitAnswer, **PUBLIC_REFUSALS},
    )
    def post(self, request: Request) -> Response:
        given = shapes.SubmitRequest(data=request.data)
        given.is_valid(raise_exception=True)
        typed = dict(given.validated_data)
        draft = NeedDraft(
            area_code=typed.pop("community"), consented=typed.pop("consent"), channel=Channel.API, **typed
        )
        need = submit_publicly(draft, ip=client_ip(request))
        answer = {
            "number": need.number,
            "tracking_code": need.shown_code,
            "progress_url": progress_url(request._request, need.link_token),
        }
        return Response(answer, status=status.HTTP_201_CREATED)


class Track(ApiView):
    """凭编号和查询码看进度（不用登录）。"""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="needs_track",
        tags=["needs"],
        auth=[],
        request=shapes.TrackRequest,
        responses={
            200: shapes.TrackAnswer,
            400: shapes.ProblemAnswer,
            404: shapes.ProblemAnswer,
            429: shapes.ProblemAnswer,
        },
    )
    def post(self, request: Request) -> Response:
        given = shapes.TrackRequest(data=request.data)
        given.is_valid(raise_exception=True)
        need = following.find_by_code(**given.validated_data, ip=client_ip(request))
        return Response(tracked(need))


class Detail(ApiView):
    """一件诉求。"""

    @extend_schema(
        operation_id="needs_read",
        tags=["needs"],
        responses={200: shapes.NeedDetail, **REFUSALS},
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(detail(visible(request.user, pk), request.user))


class Accept(ApiView):
    """受理。"""

    @extend_schema(
        operation_id="needs_accept",
        tags=["needs"],
        request=shapes.AcceptRequest,
        responses={200: shapes.NeedDetail, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        visible(request.user, pk)
        given = shapes.AcceptRequest(data=request.data)
        given.is_valid(raise_exception=True)
        typed: dict[str, Any] = dict(given.validated_data)
        reply_by: date | None = typed.pop("reply_by")
        handling.accept_need(
            pk=pk, by=signed_in(request), reply_by=reply_by, category_id=typed.pop("category"), **typed
        )
        return Response(detail(visible(request.user, pk), request.user))


class Reply(ApiView):
    """回复居民。"""

    @extend_schema(
        operation_id="needs_reply",
        tags=["needs"],
        request=shapes.ReplyRequest,
        responses={200: shapes.NeedDetail, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        visible(request.user, pk)
        given = shapes.ReplyRequest(data=request.data)
        given.is_valid(raise_exception=True)
        handling.reply_to_resident(pk=pk, by=signed_in(request), **given.validated_data)
        return Response(detail(visible(request.user, pk), request.user))
