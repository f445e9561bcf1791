"""Wishes over the API: the wall for everybody; registering, verifying, deciding for staff; 待我审批."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, KeysetPagination, ProblemAnswer
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.approvals import approvals
from alliance.lib.errors import NotAllowed, NotFound
from alliance.lib.privacy import mask_name
from needs import wish_selectors
from needs.api import wish_shapes as shapes
from needs.models import Need, Wish
from needs.permissions import falls_to_street, wish_abilities
from needs.presenting import wishes as presenting
from needs.presenting.wish_around import WishAround, wish_around
from needs.services import wishes
from needs.services.wish_from_need import wish_from_need
from needs.services.wish_stages import stage_of
from needs.states.wish import WishKind, WishStage, WishVerb
from people.states import WORK_ROLES
from people.visitors import signed_in


class WallFilter(django_filters.FilterSet):
    """Filters of the wall."""

    kind = django_filters.ChoiceFilter(choices=WishKind.choices, label="类型")
    area = django_filters.CharFilter(field_name="area_id", label="社区代码")

    class Meta:
        model = Wish
        fields: ClassVar[list[str]] = []


class StaffFilter(WallFilter):
    """Filters of the staff's list."""

    tab = django_filters.CharFilter(method="only_tab", label="待核实、待审批…")

    def only_tab(self, queryset: Any, name: str, value: str) -> Any:
        return wish_selectors.tab(queryset, value)


class Wall(ListView):
    """心愿墙（不用登录）；工作人员登记心愿。"""

    queryset = Wish.objects.none()
    filterset_class = WallFilter
    pagination_class = KeysetPagination

    def get_permissions(self) -> Any:
        return [AllowAny()] if self.request.method == "GET" else super().get_permissions()

    def get_queryset(self) -> QuerySet[Wish]:
        return Wish.objects.claimable().select_related("area", "offer").defer("beneficiary", "household", "phone")

    @extend_schema(
        operation_id="wishes_wall",
        tags=["wishes"],
        auth=[],
        responses={200: shapes.WishCard(many=True), 400: ProblemAnswer},
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([_card(wish) for wish in rows or []])

    @extend_schema(
        operation_id="wishes_raise",
        tags=["wishes"],
        request=shapes.WishWords,
        responses={201: shapes.WishDetail, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        if "add" not in wish_abilities(request.user):
            raise NotAllowed
        given = shapes.WishWords(data=request.data)
        given.is_valid(raise_exception=True)
        wish = wishes.raise_wish(by=signed_in(request), **given.validated_data)
        return Response(_detail(request.user, wish.pk), status=status.HTTP_201_CREATED)


class StaffList(ListView):
    """自己区域的心愿，不管到了哪一步。"""

    queryset = Wish.objects.none()
    filterset_class = StaffFilter
    pagination_class = KeysetPagination

    def get_queryset(self) -> QuerySet[Wish]:
        return Wish.objects.visible_to(self.request.user).select_related(*wish_selectors.LIST_FIELDS)

    @extend_schema(
        operation_id="wishes_staff_list", tags=["wishes"], responses={200: shapes.WishRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        if "view" not in wish_abilities(request.user):
            raise NotAllowed
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(_rows(rows))


def _card(wish: Wish) -> dict[str, Any]:
    """One open wish in the shape of ``WishCard``."""
    offer = wish.offer
    return {
        "number": wish.number,
        "kind": wish.kind,
        "item": wish.item,
        "called": wish.called,
        "area": wish.area_id,
        "area_name": wish.area.name,
        "cap_yuan": wish.cap_yuan,
        "shares": offer.shares if offer else wish.shares,
        "left": offer.left if offer else 0,
        "closes_at": offer.closes_at if offer else None,
        "offer": wish.offer_id,
    }


def _rows(found: list[Wish]) -> list[dict[str, Any]]:
    """Wishes in the shape of ``WishRow``."""
    around = wish_around(found)
    return [_row(wish, around) for wish in found]


def _stage(wish: Wish) -> str:
    stage = stage_of(wish)
    return shapes.TO_APPROVE if stage == WishStage.TO_VERIFY and wish.verified_by_id else stage


def _row(wish: Wish, around: WishAround) -> dict[str, Any]:
    facts, hand = wish_selectors.offer_facts(wish), presenting.hand(wish, around)
    return {
        **_card(wish),
        "id": wish.pk,
        "shares": wish.shares,
        "taken": facts["taken"],
        "done": facts["done"],
        "delivery": wish.delivery,
        "stage": _stage(wish),
        "hand": hand["name"] or hand["unit"],
        "since": hand["at"],
        "until": presenting.until(wish, around),
        "verified_by": wish.verified_by.name if wish.verified_by else None,
        "created_at": wish.created_at,
        "need": wish.need_id,
        "beneficiary": mask_name(wish.beneficiary),
        "version": wish.version,
    }


def _detail(user: Any, pk: int) -> dict[str, Any]:
    """One wish of the caller's areas. Raises ``NotFound``, for another street's too."""
    if "view" not in wish_abilities(user):
        raise NotAllowed
    rows = Wish.objects.visible_to(user).select_related(*wish_selectors.LIST_FIELDS)
    wish: Wish | None = rows.filter(pk=pk).first()
    if wish is None:
        raise NotFound
    may = wish_abilities(user, wish)
    street = WishVerb.VERIFY in may and falls_to_street(wish, user)
    return {**_rows([wish])[0], "abilities": sorted(may), "street_if_verified": street}


class Detail(ApiView):
    """一个心愿：在谁手里、到什么时候、您可以做什么。"""

    @extend_schema(operation_id="wishes_read", tags=["wishes"], responses={200: shapes.WishDetail, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return Response(_detail(request.user, pk))


class _Step(ApiView):
    """One verb of one wish."""

    shape: type[shapes.VersionRequest] = shapes.VersionRequest
    service: Callable[..., Any]

    def post(self, request: Request, pk: int) -> Response:
        _detail(request.user, pk)
        given = self.shape(data=request.data)
        given.is_valid(raise_exception=True)
        type(self).service(pk=pk, by=signed_in(request), **given.validated_data)
        return Response(_detail(request.user, pk))


def _step(name: str, doc: str, service: Callable[..., Any], shape: type[shapes.VersionRequest]) -> type[_Step]:
    """The view of one verb, documented by name."""
    view = type(name.title(), (_Step,), {"shape": shape, "service": staticmethod(service), "__doc__": doc})
    described = extend_schema(
        operation_id=f"wishes_{name}", tags=["wishes"], request=shape, responses={200: shapes.WishDetail, **REFUSALS}
    )
    described_view: type[_Step] = extend_schema_view(post=described)(view)
    return described_view


Edit = _step("edit", "上墙以前改登记的内容；要重新核实。", wishes.edit_wish, shapes.WishEditRequest)
Verify = _step("verify", "核实。", wishes.verify_wish, shapes.HowRequest)
Approve = _step("approve", "审批通过，上心愿墙；核实的人不能批。", wishes.approve_wish, shapes.VersionRequest)
Reject = _step("reject", "不通过。", wishes.reject_wish, shapes.ReasonRequest)
Withdraw = _step("withdraw", "撤回。", wishes.withdraw_wish, shapes.ReasonRequest)
Reopen = _step("reopen", "再发布一期。", wishes.reopen_wish, shapes.VersionRequest)


class FromNeed(ApiView):
    """转心愿。"""

    @extend_schema(
        operation_id="needs_wish",
        tags=["wishes"],
        request=shapes.NeedWishWords,
        responses={201: shapes.WishDetail, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        if "view" not in wish_abilities(request.user):
            raise NotAllowed
        if not Need.objects.visible_to(request.user).filter(pk=pk).exists():
            raise NotFound
        given = shapes.NeedWishWords(data=request.data)
        given.is_valid(raise_exception=True)
        wish = wish_from_need(need_pk=pk, by=signed_in(request), **given.validated_data)
        return Response(_detail(request.user, wish.pk), status=status.HTTP_201_CREATED)


class Approvals(ApiView):
    """待我审批。"""

    @extend_schema(
        operation_id="approvals_list", tags=["approvals"], responses={200: shapes.ApprovalRow(many=True), **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        if not signed_in(request).has_role(*WORK_ROLES):
            raise NotAllowed
        names = tuple(shapes.ApprovalRow().fields)
        empty = {"detail": "", "number": "", "overdue": False}
        return Response([{name: {**empty, **row}[name] for name in names} for row in approvals(request._request)])
