"""The one question over the API: done, answered, called back, and the sums. Single answers are given out nowhere."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS
from alliance.lib.api_views import ApiView
from alliance.lib.errors import NotAllowed
from alliance.lib.http import client_ip
from needs.api.detail import detail, visible
from needs.api.serializers import NeedDetail, ProblemAnswer, TrackAnswer, TrackRequest, WordsRequest
from needs.api.tracked import tracked
from needs.permissions import abilities
from needs.services import following
from needs.services.answer_figures import figures_for
from needs.services.answers import GIVEN, answer_need
from needs.services.call_back import call_back
from needs.services.errands import confirm_errand_by_resident, errand_not_there_by_resident
from needs.services.finishing import finish_need
from needs.states import Satisfaction
from people.visitors import signed_in


class AnswerRequest(TrackRequest):
    """Number and code prove whose it is; the first answer of a round counts."""

    outcome = serializers.ChoiceField(label="评价", choices=[(one.value, one.label) for one in GIVEN])
    satisfaction = serializers.ChoiceField(
        label="满意度", choices=Satisfaction.choices, required=False, allow_blank=True, default=""
    )
    words = serializers.CharField(
        label="还想说的", max_length=20_000, required=False, allow_blank=True, default="", trim_whitespace=False
    )


class CallBackRequest(WordsRequest):
    settled = serializers.BooleanField(label="就此办结", help_text="false：交街道重办")


class FiguresRow(serializers.Serializer[Any]):
    """Answers of one area in the last 90 days, in fives; all zero where there are fewer than five."""

    area = serializers.CharField(label="社区代码")
    name = serializers.CharField(label="社区")
    n = serializers.IntegerField(label="一共几件")
    solved = serializers.IntegerField(label="解决了")
    partly = serializers.IntegerField(label="部分解决")
    unsolved = serializers.IntegerField(label="没解决")
    silent = serializers.IntegerField(label="未评价")


class Answer(ApiView):
    """凭编号和查询码评价（不用登录）。"""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="needs_answer",
        tags=["needs"],
        auth=[],
        request=AnswerRequest,
        responses={200: TrackAnswer, **dict.fromkeys((400, 404, 409, 429), ProblemAnswer)},
    )
    def post(self, request: Request) -> Response:
        given = AnswerRequest(data=request.data)
        given.is_valid(raise_exception=True)
        typed = dict(given.validated_data)
        need = following.find_by_code(number=typed.pop("number"), code=typed.pop("code"), ip=client_ip(request))
        answer_need(token=need.link_token, **typed)
        return Response(tracked(following.find_by_link(need.link_token)))


class Received(ApiView):
    """凭编号和查询码说收到了（不用登录）：跑腿送的东西到了。"""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="needs_received",
        tags=["needs"],
        auth=[],
        request=TrackRequest,
        responses={200: TrackAnswer, **dict.fromkeys((400, 404, 409, 429), ProblemAnswer)},
    )
    def post(self, request: Request) -> Response:
        given = TrackRequest(data=request.data)
        given.is_valid(raise_exception=True)
        need = following.find_by_code(**given.validated_data, ip=client_ip(request))
        confirm_errand_by_resident(token=need.link_token)
        return Response(tracked(following.find_by_link(need.link_token)))


class NotThere(ApiView):
    """凭编号和查询码说没收到（不用登录）：告诉跑腿的志愿者和社区，再看看。"""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="needs_not_there",
        tags=["needs"],
        auth=[],
        request=TrackRequest,
        responses={200: TrackAnswer, **dict.fromkeys((400, 404, 409, 429), ProblemAnswer)},
    )
    def post(self, request: Request) -> Response:
        given = TrackRequest(data=request.data)
        given.is_valid(raise_exception=True)
        need = following.find_by_code(**given.validated_data, ip=client_ip(request))
        errand_not_there_by_resident(token=need.link_token)
        return Response(tracked(following.find_by_link(need.link_token)))


class Finish(ApiView):
    """办好了，请居民评价。"""

    @extend_schema(
        operation_id="needs_finish", tags=["needs"], request=WordsRequest, responses={200: NeedDetail, **REFUSALS}
    )
    def post(self, request: Request, pk: int) -> Response:
        visible(request.user, pk)
        given = WordsRequest(data=request.data)
        given.is_valid(raise_exception=True)
        finish_need(pk=pk, by=signed_in(request), **given.validated_data)
        return Response(detail(visible(request.user, pk), request.user))


class CallBack(ApiView):
    """分管领导回访。"""

    @extend_schema(
        operation_id="needs_call_back",
        tags=["needs"],
        request=CallBackRequest,
        responses={200: NeedDetail, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        visible(request.user, pk)
        given = CallBackRequest(data=request.data)
        given.is_valid(raise_exception=True)
        call_back(pk=pk, by=signed_in(request), **given.validated_data)
        return Response(detail(visible(request.user, pk), request.user))


class AnswerFigures(ApiView):
    """居民评价，近90天，满5件才有数。"""

    @extend_schema(
        operation_id="needs_answer_figures", tags=["needs"], responses={200: FiguresRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        if "view" not in abilities(request.user):
            raise NotAllowed
        return Response([asdict(row) for row in figures_for(signed_in(request))])
