"""服务菜单 over the API: what is asked for, who does it, where nobody does."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS, KeysetPagination
from alliance.lib.api_views import ApiView, ListView
from alliance.lib.errors import NotFound
from people.models import User
from people.visitors import signed_in
from projects.api import deed_shapes as typed
from projects.api.steps import MOST, Of, step
from projects.models import MenuItem, SignUp
from projects.services import menu


class MenuFilter(django_filters.FilterSet):
    """Filters of the menu."""

    alliance = django_filters.NumberFilter(field_name="alliance", min_value=1, max_value=MOST, label="联盟")
    year = django_filters.NumberFilter(field_name="year", min_value=2000, max_value=3000, label="年度")

    class Meta:
        model = MenuItem
        fields: ClassVar[list[str]] = []


class NewestYear(KeysetPagination):
    order = ("-year", "id")


def found(user: Any, pk: int) -> MenuItem:
    """The service, if ``user`` sees it. Raises ``NotFound``."""
    row: MenuItem | None = MenuItem.objects.visible_to(user).select_related("alliance").filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def one(row: MenuItem, user: Any) -> dict[str, Any]:
    return shown([row])[0]


def shown(rows: list[MenuItem]) -> list[dict[str, Any]]:
    """As ``MenuRow``; the alliances' communities are asked for once each."""
    by_alliance: dict[int, list[MenuItem]] = {}
    for row in rows:
        by_alliance.setdefault(row.alliance_id, []).append(row)
    covered = {
        known.item.pk: known
        for same in by_alliance.values()
        for known in menu.cover(same, menu.communities(same[0].alliance))
    }
    return [_shown(covered[row.pk]) for row in rows]


def _shown(known: menu.Coverage) -> dict[str, Any]:
    row = known.item
    names = ("year", "kind", "name", "words", "is_active", "version")
    return {
        "id": row.pk,
        "alliance": row.alliance_id,
        "sign_ups": [
            {
                "id": one.pk,
                "unit": one.unit_id,
                "name": one.unit.name,
                "covers": [area.pk for area in one.covers.all()],
                "does": one.does,
            }
            for one in known.units
        ],
        "gaps": [area.pk for area in known.gaps],
        "anywhere": known.anywhere,
        **{name: getattr(row, name) for name in names},
    }


class Menu(ListView):
    """看得到的服务菜单，带谁报了、哪里没有；加一项。"""

    queryset = MenuItem.objects.none()
    filterset_class = MenuFilter
    pagination_class = NewestYear

    def get_queryset(self) -> QuerySet[MenuItem]:
        return MenuItem.objects.visible_to(self.request.user).select_related("alliance")

    @extend_schema(operation_id="menu_list", tags=["projects"], responses={200: typed.MenuRow(many=True), **REFUSALS})
    def get(self, request: Request) -> Response:
        rows: list[Any] = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(shown(rows))

    @extend_schema(
        operation_id="menu_add",
        tags=["projects"],
        request=typed.MenuItemRequest,
        responses={201: typed.MenuRow, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        user = signed_in(request)
        given = typed.MenuItemRequest(data=request.data)
        given.is_valid(raise_exception=True)
        made = menu.save_menu_item(by=user, **given.validated_data)
        return Response(one(found(user, made.pk), user), status=status.HTTP_201_CREATED)


class OpenMenu(ApiView):
    """打开一年的菜单：照去年的，或者照通用的；已经有的不变。"""

    @extend_schema(
        operation_id="menu_open",
        tags=["projects"],
        request=typed.MenuOpenRequest,
        responses={200: typed.MenuRow(many=True), **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        user = signed_in(request)
        given = typed.MenuOpenRequest(data=request.data)
        given.is_valid(raise_exception=True)
        made = [row.pk for row in menu.open_menu(by=user, **given.validated_data)]
        rows = MenuItem.objects.filter(pk__in=made).select_related("alliance").order_by("position", "pk")
        return Response(shown(list(rows)))


def _change(*, pk: int, by: User, **given: Any) -> Any:
    row = found(by, pk)
    return menu.save_menu_item(item=pk, alliance=row.alliance_id, year=row.year, by=by, **given)


def _sign_up(*, pk: int, by: User, **given: Any) -> Any:
    return menu.sign_up(item=pk, by=by, **given)


def _found_sign_up(user: Any, pk: int) -> SignUp:
    rows = SignUp.objects.visible_to(user).select_related("item__alliance")
    row: SignUp | None = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def _item_of(row: SignUp, user: Any) -> dict[str, Any]:
    return one(row.item, user)


ITEM = Of("menu", found, one, typed.MenuRow)
SIGN_UP = Of("sign_ups", _found_sign_up, _item_of, typed.MenuRow)
Edit = step(ITEM, "edit", "改这项服务；停用的不再接受报名。", _change, typed.MenuEditRequest)
SignUpFor = step(ITEM, "sign_up", "报名，再报一次就换成新的。", _sign_up, typed.SignUpRequest)
Leave = step(SIGN_UP, "leave", "退出报名。", menu.leave_menu, typed.LeaveMenuRequest)
