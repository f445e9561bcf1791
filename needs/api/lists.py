"""两张清单 over the API: rounds, what a unit writes, what the street takes up; and what stands in the public list."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import F, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, KeysetPagination
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.errors import NotFound
from needs.api import list_shapes as shapes
from needs.api.detail import detail, visible
from needs.api.serializers import NeedDetail
from needs.models import ListLine, ListRound, UnitLists
from needs.services import list_filling as filling
from needs.services import list_lines, list_rounds, publishing
from needs.states.lists import LineState, ListSide, ListsState
from people.visitors import signed_in

TAGS = ["lists"]
OF_LINE = ("lists", "kind", "resource", "need")


class ByNewest(KeysetPagination):
    order = ("-last_day", "-id")


class ByUnit(KeysetPagination):
    order = ("id",)


class LineFilter(django_filters.FilterSet):
    """Filters of lines."""

    round = django_filters.NumberFilter(field_name="lists__round", min_value=1, max_value=2**31 - 1, label="哪一轮")
    side = django_filters.ChoiceFilter(choices=ListSide.choices, label="哪张清单")
    state = django_filters.ChoiceFilter(choices=LineState.choices, label="状态")

    class Meta:
        model = ListLine
        fields: ClassVar[list[str]] = []


class Rounds(ListView):
    """看得到的各轮填报，新的在前：工作人员看本街道的，联络员看请本单位填的。开始新的一轮。"""

    queryset = ListRound.objects.none()
    pagination_class = ByNewest

    def get_queryset(self) -> QuerySet[ListRound]:
        return ListRound.objects.readable_by(self.request.user).select_related("alliance")

    @extend_schema(operation_id="list_rounds", tags=TAGS, responses={200: shapes.RoundRow(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([_round(row) for row in rows or []])

    @extend_schema(
        operation_id="list_rounds_open",
        tags=TAGS,
        request=shapes.RoundRequest,
        responses={200: shapes.RoundRow, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        given = shapes.RoundRequest(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(_round(list_rounds.open_round(by=signed_in(request), **given.validated_data)))


class Units(ListView):
    """哪家交了，哪家没交。只给工作人员看。"""

    queryset = UnitLists.objects.none()
    pagination_class = ByUnit

    @extend_schema(
        operation_id="list_round_units", tags=TAGS, responses={200: shapes.ListsUnitRow(many=True), **REFUSALS}
    )
    def get(self, request: Request, pk: int) -> Response:
        if not ListRound.objects.visible_to(request.user).filter(pk=pk).exists():
            raise NotFound
        lists = UnitLists.objects.filter(round=pk, unit__merged_into__isnull=True).select_related("unit")
        return self.get_paginated_response([_unit(row) for row in self.paginate_queryset(lists) or []])


class Remind(ApiView):
    """催一下还没交的，一天一次。"""

    @extend_schema(
        operation_id="list_round_remind",
        tags=TAGS,
        request=shapes.RemindRequest,
        responses={200: shapes.Reminded, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        shapes.RemindRequest(data=request.data).is_valid(raise_exception=True)
        return Response({"told": list_rounds.remind_round(pk=pk, by=signed_in(request))})


class Close(ApiView):
    """结束填报：单位不能再写，交上来的照常办。"""

    @extend_schema(
        operation_id="list_round_close",
        tags=TAGS,
        request=shapes.ListVersionRequest,
        responses={200: shapes.RoundRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        given = shapes.ListVersionRequest(data=request.data)
        if not ListRound.objects.visible_to(request.user).filter(pk=pk).exists():
            raise NotFound
        given.is_valid(raise_exception=True)
        return Response(_round(list_rounds.close_round(pk=pk, by=signed_in(request), **given.validated_data)))


class OfUnit(ApiView):
    """本单位的两张清单：看，写，提交。"""

    @extend_schema(operation_id="unit_lists", tags=TAGS, responses={200: shapes.UnitListsOne, **REFUSALS})
    def get(self, request: Request, pk: int, unit: int) -> Response:
        filling.unit_in_round(round_pk=pk, unit_id=unit, by=signed_in(request))
        return Response(_lists(pk, unit))

    @extend_schema(
        operation_id="unit_lists_fill",
        tags=TAGS,
        request=shapes.FillRequest,
        responses={200: shapes.UnitListsOne, **REFUSALS},
    )
    def put(self, request: Request, pk: int, unit: int) -> Response:
        user = signed_in(request)
        filling.unit_in_round(round_pk=pk, unit_id=unit, by=user)
        given = shapes.FillRequest(data=request.data)
        given.is_valid(raise_exception=True)
        typed = dict(given.validated_data)
        lines = [filling.Typed(**line) for line in typed.pop("lines")]
        filling.fill_lists(round_pk=pk, unit_id=unit, by=user, lines=lines, **typed)
        return Response(_lists(pk, unit))


class Copy(ApiView):
    """照去年的抄：都成为草稿，抄第二次不再添。"""

    @extend_schema(
        operation_id="unit_lists_copy",
        tags=TAGS,
        request=shapes.RemindRequest,
        responses={200: shapes.UnitListsOne, **REFUSALS},
    )
    def post(self, request: Request, pk: int, unit: int) -> Response:
        shapes.RemindRequest(data=request.data).is_valid(raise_exception=True)
        filling.copy_last(round_pk=pk, unit_id=unit, by=signed_in(request))
        return Response(_lists(pk, unit))


class Lines(ListView):
    """单位交上来的每一条，新的在前。只给工作人员看。"""

    queryset = ListLine.objects.none()
    filterset_class = LineFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[ListLine]:
        rows = ListLine.objects.visible_to(self.request.user).select_related(*OF_LINE)
        return rows.annotate(created_at=F("sent_at"))

    @extend_schema(operation_id="list_lines", tags=TAGS, responses={200: shapes.LineRow(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([_line(line) for line in rows or []])


class Take(ApiView):
    """采纳一条需求：成为单位提出的诉求，在自己手里。"""

    @extend_schema(
        operation_id="list_line_take", tags=TAGS, request=shapes.TakeRequest, responses={200: NeedDetail, **REFUSALS}
    )
    def post(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        _seen(user, pk)
        given = shapes.TakeRequest(data=request.data)
        given.is_valid(raise_exception=True)
        typed = dict(given.validated_data)
        need = list_lines.take_line(pk=pk, by=user, category_id=typed.pop("category"), **typed)
        return Response(detail(visible(user, need.pk), user))


class Leave(ApiView):
    """不采纳，写一句为什么。"""

    @extend_schema(
        operation_id="list_line_leave",
        tags=TAGS,
        request=shapes.LeaveRequest,
        responses={200: shapes.LineRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        _seen(user, pk)
        given = shapes.LeaveRequest(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(_line(list_lines.leave_line(pk=pk, by=user, **given.validated_data)))


class TakeBack(ApiView):
    """单位收回一条还没人办的需求。"""

    @extend_schema(
        operation_id="list_line_take_back",
        tags=TAGS,
        request=shapes.RemindRequest,
        responses={200: shapes.LineRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        shapes.RemindRequest(data=request.data).is_valid(raise_exception=True)
        return Response(_line(filling.take_back_line(pk=pk, by=signed_in(request))))


class InList(ApiView):
    """列入大家看得到的需求清单。"""

    @extend_schema(
        operation_id="needs_list_publicly",
        tags=["needs"],
        request=shapes.ListRequest,
        responses={200: NeedDetail, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        visible(user, pk)
        given = shapes.ListRequest(data=request.data)
        given.is_valid(raise_exception=True)
        publishing.list_need(pk=pk, by=user, **given.validated_data)
        return Response(detail(visible(user, pk), user))


class OutOfList(ApiView):
    """移出需求清单。"""

    @extend_schema(
        operation_id="needs_unlist",
        tags=["needs"],
        request=shapes.ListVersionRequest,
        responses={200: NeedDetail, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        visible(user, pk)
        given = shapes.ListVersionRequest(data=request.data)
        given.is_valid(raise_exception=True)
        publishing.unlist_need(pk=pk, by=user, **given.validated_data)
        return Response(detail(visible(user, pk), user))


def _seen(user: Any, pk: int) -> None:
    """Before the body: what one does not see is not there. Raises ``NotFound``."""
    if not ListLine.objects.visible_to(user).filter(pk=pk).exists():
        raise NotFound


def _round(row: ListRound) -> dict[str, Any]:
    names = ("id", "year", "title", "words", "last_day", "state", "version")
    plain = {name: getattr(row, name) for name in names}
    return {**plain, "alliance": row.alliance_id, "alliance_name": row.alliance.name}


def _unit(row: UnitLists) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("id", "state", "sent_at")}
    return {**plain, "unit": row.unit_id, "unit_name": row.unit.name}


def _lists(pk: int, unit: int) -> dict[str, Any]:
    mine = UnitLists.objects.filter(round=pk, unit=unit).first()
    lines = mine.lines.select_related(*OF_LINE) if mine else ListLine.objects.none()
    state = mine.state if mine else ListsState.EMPTY
    return {"version": mine.version if mine else None, "state": state, "lines": [_line(line) for line in lines]}


def _line(line: ListLine) -> dict[str, Any]:
    return {
        **filling.facts_of(line),
        "id": line.pk,
        "state": line.state,
        "unit": line.lists.unit_id,
        "round": line.lists.round_id,
        "resource": line.resource.number if line.resource else "",
        "need": line.need.number if line.need else "",
        "left_why": line.left_why,
        "version": line.version,
    }
