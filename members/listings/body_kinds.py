"""机构类型."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.listing import Cell, Column, Facet, Listing, Rows, Tab, by_column, choices, equals, register
from alliance.lib.search import named
from members.models import Body, BodyKind
from members.permissions import body_kind_abilities
from members.states import Axis


def rows(user: Any) -> Rows:
    """Kinds of bodies, with how many of each one sees today."""
    seen = Body.objects.visible_to(user).active()
    return BodyKind.objects.visible_to(user).annotate(bodies_now=Count("bodies", filter=Q(bodies__in=seen)))


def _name(kind: BodyKind) -> Cell:
    return Cell(text=kind.name, flags=() if kind.is_active else ((_("停用"), ""),))


def _roles(kind: BodyKind) -> str:
    return _("、").join(kind.roles)


def _single(kind: BodyKind) -> str:
    return _("、").join(kind.single_roles)


BODY_KINDS = register(
    Listing(
        key="members.body_kinds",
        title=pgettext_lazy("plural", "机构类型"),
        url_name="admin:members_bodykind_changelist",
        row_url=lambda kind: reverse("admin:members_bodykind_change", args=[kind.pk]),
        may_view=lambda user: "view" in body_kind_abilities(user),
        rows=rows,
        order=("position", "id"),
        tabs=(
            Tab(key="now", label=gettext_lazy("在用"), narrow=lambda found, _user: found.filter(is_active=True)),
            Tab(key="past", label=gettext_lazy("停用"), narrow=lambda found, _user: found.filter(is_active=False)),
        ),
        columns=(
            Column(key="name", label=gettext_lazy("类型"), cell=_name, value=lambda kind: kind.name),
            Column(key="roles", label=gettext_lazy("角色"), cell=_roles),
            Column(key="single", label=gettext_lazy("限一位"), cell=_single),
            Column(key="axis", label=gettext_lazy("矩阵"), cell=lambda kind: kind.get_axis_display()),
            Column(
                key="bodies",
                label=gettext_lazy("现有机构"),
                cell=lambda kind: str(kind.bodies_now),
                value=lambda kind: kind.bodies_now,
                number=True,
            ),
        ),
        facets=(
            Facet(
                key="axis",
                label=gettext_lazy("矩阵"),
                any_label=gettext_lazy("矩阵：不限"),
                options=choices(Axis.choices),
                narrow=equals("axis"),
                counts=by_column("axis"),
                main=True,
            ),
        ),
        search=named,
        search_hint=gettext_lazy("类型的名称"),
        empty_title=gettext_lazy("没有这样的机构类型"),
        empty_text=gettext_lazy("机构类型由区里维护，各街道共用一份。"),
    )
)
