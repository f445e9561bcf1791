"""What a unit was asked to help with, over the API: read it, 可以帮, 办好了, or 帮不了. Never who said it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, Given, KeysetPagination
from alliance.lib.api_views import ApiView, ListView
from files.services import own_key
from needs.models import Need, NeedEvent
from needs.services import units
from needs.wording import phone_of, veiled, where
from people.visitors import signed_in

KEY: dict[str, Any] = {"min_value": 1, "max_value": 2_000_000_000}
LONG = 20_000


class AskedRow(serializers.Serializer[Any]):
    """One request to a unit that one speaks for."""

    id = serializers.IntegerField()
    unit = serializers.IntegerField(label="单位")
    unit_name = serializers.CharField(label="请的是哪个单位")
    area = serializers.CharField(label="社区代码")
    area_name = serializers.CharField(label="社区")
    asker = serializers.CharField(label="谁商请的", help_text="社区或者街道；回复给它，居民由它联系和答复")
    asker_phone = serializers.CharField(label="商请的社区或街道的电话", allow_blank=True)
    why = serializers.CharField(label="为什么请本单位", allow_blank=True)
    title = serializers.CharField(label="一句话")
    words = serializers.CharField(label="什么事")
    place = serializers.CharField(label="在哪里")
    since = serializers.DateTimeField(label="何时起")
    reply_by = serializers.DateField(label="盼哪天前回复", allow_null=True)
    said = serializers.CharField(label="说过可以怎么帮", help_text="还没说就是空的")
    comes_on = serializers.DateField(label="说好哪天来", allow_null=True)


class WillHelpRequest(Given):
    unit = serializers.IntegerField(label="代哪个单位", **KEY)
    words = serializers.CharField(label="怎么帮", max_length=LONG, trim_whitespace=False)
    comes_on = serializers.DateField(label="哪天来", required=False, allow_null=True, default=None)


class ReportRequest(Given):
    unit = serializers.IntegerField(label="代哪个单位", **KEY)
    words = serializers.CharField(label="办得怎么样", max_length=LONG, trim_whitespace=False)
    hold_key = serializers.UUIDField(
        label="照片的键",
        required=False,
        allow_null=True,
        default=None,
        help_text="传照片时用的键；没有照片不填",
    )


class HandBackRequest(Given):
    unit = serializers.IntegerField(label="代哪个单位", **KEY)
    why = serializers.CharField(label="为什么", max_length=LONG, trim_whitespace=False)


class SaidAnswer(serializers.Serializer[Any]):
    """What was written down; the office goes on from there."""

    id = serializers.IntegerField()
    said = serializers.ChoiceField(
        label="回复了什么", choices=[("will_help", "可以帮"), ("report", "办好了"), ("hand_back", "帮不了")]
    )
    at = serializers.DateTimeField(label="时间")


class Asked(ListView):
    """等本单位回复的。"""

    queryset = Need.objects.none()
    pagination_class = KeysetPagination

    def get_queryset(self) -> Any:
        return units.needs_at_units(signed_in(self.request))

    @extend_schema(operation_id="needs_asked", tags=["units"], responses={200: AskedRow(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([_row(need) for need in rows or []])


class WillHelp(ApiView):
    """可以帮：告诉商请的社区或街道怎么帮、哪天来；件还在本单位，居民由社区或街道答复。"""

    @extend_schema(
        operation_id="needs_will_help", tags=["units"], request=WillHelpRequest, responses={200: SaidAnswer, **REFUSALS}
    )
    def post(self, request: Request, pk: int) -> Response:
        given = WillHelpRequest(data=request.data)
        given.is_valid(raise_exception=True)
        typed = given.validated_data
        user, plan = signed_in(request), {"words": typed["words"], "comes_on": typed["comes_on"]}
        return Response(_said(units.unit_will_help(pk=pk, by=user, unit_id=typed["unit"], **plan)))


class Report(ApiView):
    """办好了：告诉商请的社区或街道办了什么，可以带照片；居民由社区或街道答复。"""

    @extend_schema(
        operation_id="needs_report", tags=["units"], request=ReportRequest, responses={200: SaidAnswer, **REFUSALS}
    )
    def post(self, request: Request, pk: int) -> Response:
        given = ReportRequest(data=request.data)
        given.is_valid(raise_exception=True)
        user, typed = signed_in(request), given.validated_data
        key = own_key(user, typed["hold_key"])
        event = units.unit_report(pk=pk, by=user, unit_id=typed["unit"], words=typed["words"], hold_key=key)
        return Response(_said(event))


class HandBack(ApiView):
    """帮不了：写一句为什么，商请的社区或街道另想办法。"""

    @extend_schema(
        operation_id="needs_hand_back", tags=["units"], request=HandBackRequest, responses={200: SaidAnswer, **REFUSALS}
    )
    def post(self, request: Request, pk: int) -> Response:
        given = HandBackRequest(data=request.data)
        given.is_valid(raise_exception=True)
        typed = given.validated_data
        event = units.unit_hand_back(pk=pk, by=signed_in(request), unit_id=typed["unit"], why=typed["why"])
        return Response(_said(event))


def _row(need: Need) -> dict[str, Any]:
    return {
        "id": need.pk,
        "unit": need.unit_id,
        "unit_name": str(need.unit),
        "area": need.area_id,
        "area_name": need.area.name,
        "asker": need.desk.name,
        "asker_phone": phone_of(need.desk),
        "why": veiled(need.unit_why),
        "title": veiled(need.title),
        "words": veiled(need.words),
        "place": veiled(where(need)),
        "since": need.held_since,
        "reply_by": need.reply_by,
        "said": need.unit_said,
        "comes_on": need.unit_comes_on,
    }


def _said(event: NeedEvent) -> dict[str, Any]:
    return {"id": event.need_id, "said": event.verb, "at": event.at}
