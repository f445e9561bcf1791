"""Points over the API: one's own accounts and postings, a street's totals, what can be exchanged, the counter."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import F, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, KeysetPagination
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.errors import NotFound
from members.models import MemberUnit
from people.models import Area
from people.visitors import signed_in
from points import public
from points.api import shapes
from points.codes import code_of
from points.models import Account, Redemption, Reward, Transfer
from points.presenting import statement
from points.presenting.exchange import waits, where
from points.services.picking_up import Counter, cancel_redemption, write_off
from points.services.redeeming import redeem
from points.states import TENTHS, Posting

OK, CREATED = status.HTTP_200_OK, status.HTTP_201_CREATED


class PostingFilter(django_filters.FilterSet):
    account = django_filters.NumberFilter(field_name="account", max_value=shapes.MOST, min_value=1, label="账户")

    class Meta:
        model = Transfer
        fields: ClassVar[list[str]] = []


class RewardFilter(django_filters.FilterSet):
    street = django_filters.CharFilter(field_name="street_code", label="街道代码")

    class Meta:
        model = Reward
        fields: ClassVar[list[str]] = []


class Accounts(ApiView):
    """自己的积分，一个街道一行。"""

    @extend_schema(
        operation_id="points_own", tags=["points"], responses={200: shapes.AccountRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        accounts = Account.objects.of(signed_in(request)).select_related("street").order_by("pk")
        return Response([_account(row) for row in accounts])


def _account(row: Account) -> dict[str, Any]:
    ends, held = statement.ending(row), row.redemptions.held().values_list("price", flat=True)
    return {
        "id": row.pk,
        "number": row.number,
        "street": row.street_id,
        "street_name": row.street.name,
        "points": row.balance / TENTHS,
        "held": sum(held) / TENTHS,
        "ends_on": ends[1] if ends else None,
        "ending": ends[0] / TENTHS if ends else 0.0,
    }


class Postings(ListView):
    """自己的每一笔，新的在前。"""

    queryset = Transfer.objects.none()
    filterset_class = PostingFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Transfer]:
        own = Account.objects.of(self.request.user)
        rows = Transfer.objects.filter(account__in=own, kind__in=statement.SHOWN)
        rows = rows.select_related("rule", "reverses__rule")
        return rows.annotate(created_at=F("at"))

    @extend_schema(
        operation_id="points_postings", tags=["points"], responses={200: shapes.PostingRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([_posting(one) for one in statement.lines(rows or [], request.user)])


def _posting(line: dict[str, Any]) -> dict[str, Any]:
    row: Transfer = line["row"]
    sign = -1 if row.kind in statement.OUT else 1
    names = ("kind", "why", "day", "at")
    return {
        "what": row.label,
        "id": row.pk,
        "account": row.account_id,
        "points": sign * row.amount / TENTHS,
        "asked": row.asked / TENTHS,
        "rule": row.rule_id,
        "number": line["number"],
        "explained": line["by_rule"],
        "standing": line["kind"] if row.kind == Posting.HOLD else "",
        **{name: getattr(row, name) for name in names},
    }


class Totals(ApiView):
    """一个街道的积分公开：发了、在大家手上、等着去领、换了、到期。不用登录，和公开页面一样。"""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="points_totals", tags=["points"], responses={200: shapes.TotalsAnswer, **REFUSALS})
    def get(self, request: Request, code: str) -> Response:
        if not any(area.pk == code for area in public.streets()):
            raise NotFound
        return Response({"street": code, **{name: n / TENTHS for name, n in public.totals(code).items()}})


class Rewards(ListView):
    """可以兑换的，新的在前。"""

    queryset = Reward.objects.none()
    filterset_class = RewardFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Reward]:
        rows = Reward.objects.on_shelf().select_related("area", "unit", "place").with_place()
        return rows.annotate(created_at=F("made_at"))

    @extend_schema(
        operation_id="rewards_list", tags=["points"], responses={200: shapes.RewardRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([_reward(row, request.user) for row in rows or []])


def _reward(row: Reward, user: Any) -> dict[str, Any]:
    names = ("name", "words", "sort", "left", "per_quarter", "donor")
    return {
        "id": row.pk,
        "street": row.street_code,
        "points": row.price / TENTHS,
        "where": where(row, user),
        **{name: getattr(row, name) for name in names},
    }


class Redeem(ApiView):
    """兑换：冻结积分，领到才算用掉。同一个提交键再发一次，得到第一次的结果（200）。"""

    @extend_schema(
        operation_id="rewards_redeem",
        tags=["points"],
        request=shapes.RedeemRequest,
        responses={200: shapes.RedemptionRow, 201: shapes.RedemptionRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        user = signed_in(request)
        given = shapes.RedeemRequest(data=request.data)
        given.is_valid(raise_exception=True)
        price, key = given.validated_data["points"] * TENTHS, given.validated_data["client_key"]
        made = redeem(reward=pk, by=user, price=price, client_key=key)
        return Response(_redemption(made), status=CREATED if made.just_made else OK)


def _redemption(row: Redemption) -> dict[str, Any]:
    names = ("number", "state", "asked_at", "until")
    return {
        "what": row.label,
        "id": row.pk,
        "reward": row.reward_id,
        "points": row.price / TENTHS,
        "code": code_of(row.client_key) if waits(row) else "",
        **{name: getattr(row, name) for name in names},
    }


def _own(request: Request, pk: int) -> Redemption:
    row = Redemption.objects.filter(account__person=signed_in(request), pk=pk).first()
    if row is None:
        raise NotFound
    return row


class Redemptions(ListView):
    """自己的兑换，新的在前。"""

    queryset = Redemption.objects.none()
    pagination_class = KeysetPagination
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Redemption]:
        rows = Redemption.objects.filter(account__in=Account.objects.of(self.request.user))
        return rows.annotate(created_at=F("asked_at"))

    @extend_schema(
        operation_id="redemptions_list", tags=["points"], responses={200: shapes.RedemptionRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([_redemption(row) for row in rows or []])


class RedemptionOne(ApiView):
    """自己的一笔兑换，带兑换码。"""

    @extend_schema(operation_id="redemptions_one", tags=["points"], responses={200: shapes.RedemptionRow, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return Response(_redemption(_own(request, pk)))


class Cancel(ApiView):
    """取消兑换，积分退回，有效期不变。"""

    @extend_schema(
        operation_id="redemptions_cancel",
        tags=["points"],
        request=shapes.CancelRequest,
        responses={200: shapes.RedemptionRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        shapes.CancelRequest(data=request.data).is_valid(raise_exception=True)
        return Response(_redemption(cancel_redemption(pk=_own(request, pk).pk, by=signed_in(request))))


class WriteOff(ApiView):
    """核销：错的、别处的、用过的、过期的码，答复都一样；一小时内错十次就锁住。"""

    @extend_schema(
        operation_id="counter_write_off",
        tags=["points"],
        request=shapes.WriteOffRequest,
        responses={200: shapes.WrittenOff, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        given = shapes.WriteOffRequest(data=request.data)
        given.is_valid(raise_exception=True)
        typed = given.validated_data
        unit = MemberUnit.objects.filter(pk=typed["unit"]).first() if typed["unit"] else None
        area = Area.objects.filter(pk=typed["area"]).first() if typed["area"] and not typed["unit"] else None
        counter = Counter(unit=unit, area=area)
        done = write_off(code=typed["code"], by=signed_in(request), counter=counter)
        return Response({"number": done.number, "what": done.label, "points": done.price / TENTHS})
