"""共建单位."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import (
    Cell,
    Column,
    Facet,
    Listing,
    Rows,
    by_column,
    counted_as,
    equals,
    register,
)
from alliance.lib.privacy import mask_name
from alliance.lib.search import named
from members.listings.common import PLACE, alliances, asks, bodies_on, of_kind, reads, said
from members.models import Building, Liaison, Membership, MemberUnit, Placement, Tag
from members.permissions import keeps_register
from members.states import REGISTER_ROLES, Axis, UnitKind


def rows(user: Any) -> Rows:
    """Units one sees, with what is known of them in one's own streets."""
    placed: Any = Placement.objects.active().select_related("group", "zone")
    joined: Any = Membership.objects.visible_to(user).active().select_related("alliance").order_by("alliance_id")
    seated: Any = Liaison.objects.active().select_related("user").order_by("is_second", "id")
    return (
        MemberUnit.objects.visible_to(user)
        .select_related("area", "building", "grid")
        .prefetch_related(
            Prefetch("memberships", joined.prefetch_related(Prefetch("placements", placed, "placed")), "joined"),
            Prefetch("seats", seated, "seated"),
            Prefetch("tags", Tag.objects.visible_to(user), "own_tags"),
        )
    )


def _in_alliance(found: Rows, value: str) -> Rows:
    return found.filter(pk__in=Membership.objects.active().filter(alliance_id=value).values("unit"))


def _by_alliance(found: Rows) -> dict[str, int]:
    members = Membership.objects.active().filter(unit__in=found.order_by().values("pk"))
    return counted_as(members, "alliance_id", "unit")


def _in_force() -> Any:
    """Memberships of today; who has announced to leave is one until then."""
    return Membership.objects.active().values("pk")


def _cells(axis: str) -> Facet:
    """The facet of groups or of zones."""
    label = Axis(axis).label

    def narrow(found: Rows, value: str) -> Rows:
        placed: Any = Placement.objects.active().filter(**{f"{axis}_id": value}, membership__in=_in_force())
        return found.filter(pk__in=placed.values("membership__unit"))

    def count(found: Rows) -> dict[str, int]:
        placed: Any = Placement.objects.active().filter(membership__in=_in_force())
        placed = placed.filter(membership__unit__in=found.order_by().values("pk"))
        return counted_as(placed, f"{axis}_id", "membership__unit")

    return Facet(
        key=axis,
        label=label,
        any_label=gettext_lazy("%(what)s：不限") % {"what": label},
        options=bodies_on(axis),
        narrow=narrow,
        counts=count,
    )


def _name(unit: MemberUnit) -> Cell:
    flags = ((_("暂停中"), "warn"),) if unit.is_suspended else ()
    return Cell(text=unit.name, small=unit.short_name, flags=flags)


def _placed(unit: Any) -> str:
    cells = [place for membership in unit.joined for place in membership.placed]
    return _("、").join(" × ".join(str(side) for side in (cell.group, cell.zone) if side) for cell in cells)


def _where(unit: MemberUnit) -> str:
    return " ".join(part for part in (str(unit.building or ""), unit.floor) if part)


def _first_joined(unit: Any) -> date | None:
    return min((one.joined_on for one in unit.joined), default=None)


def _names(unit: Any) -> str:
    return _("、").join(seat.shown_name for seat in unit.seated)


def _open_names(unit: Any, user: Any) -> str:
    streets = {membership.alliance.street_code for membership in unit.joined} | {unit.area_id}
    return _names(unit) if any(keeps_register(user, code) for code in streets) else _masked(unit)


def _masked(unit: Any) -> str:
    return _("、").join(mask_name(seat.shown_name) for seat in unit.seated)


UNITS = register(
    Listing(
        key="members.units",
        title=pgettext_lazy("plural", "共建单位"),
        url_name="admin:members_memberunit_changelist",
        row_url=lambda unit: reverse("admin:members_memberunit_change", args=[unit.pk]),
        may_view=reads,
        may_unmask=lambda user: bool(user.has_role(*REGISTER_ROLES)),
        rows=rows,
        order=("sorted_as", "id"),
        columns=(
            Column(
                key="name",
                label=gettext_lazy("单位"),
                cell=_name,
                value=lambda unit: unit.name,
                order=("sorted_as", "id"),
            ),
            Column(
                key="short",
                label=gettext_lazy("简称"),
                cell=lambda unit: unit.short_name,
                shown=False,
            ),
            Column(
                key="kind",
                label=gettext_lazy("类型"),
                cell=lambda unit: unit.get_kind_display(),
                order=("kind", "sorted_as", "id"),
            ),
            Column(
                key="place",
                label=gettext_lazy("所在地"),
                cell=lambda unit: unit.area.name,
                order=("area_id", "sorted_as", "id"),
            ),
            Column(
                key="alliances",
                label=gettext_lazy("联盟"),
                cell=lambda unit: _("、").join(membership.alliance.name for membership in unit.joined),
            ),
            Column(key="cells", label=gettext_lazy("界别片区"), cell=_placed, shown=False),
            Column(
                key="liaisons",
                label=gettext_lazy("联络员"),
                cell=_names,
                value=_masked,
                open_value=_open_names,
            ),
            Column(
                key="tags",
                label=gettext_lazy("标签"),
                cell=lambda unit: _("、").join(tag.name for tag in unit.own_tags),
                shown=False,
            ),
            Column(key="building", label=gettext_lazy("楼宇楼层"), cell=_where, shown=False),
            Column(key="grid", label=gettext_lazy("网格"), cell=lambda unit: str(unit.grid or ""), shown=False),
            Column(key="public", label=gettext_lazy("公开展示"), cell=lambda unit: said(unit.is_public)),
            Column(key="uscc", label=gettext_lazy("统一社会信用代码"), cell=lambda unit: unit.uscc or "", shown=False),
            Column(
                key="joined",
                label=gettext_lazy("加入日期"),
                cell=lambda unit: day_of(_first_joined(unit)),
                value=lambda unit: iso(_first_joined(unit)),
                shown=False,
            ),
        ),
        facets=(
            of_kind(UnitKind.choices),
            Facet(
                key="alliance",
                label=gettext_lazy("联盟"),
                any_label=gettext_lazy("全部联盟"),
                options=alliances,
                narrow=_in_alliance,
                counts=_by_alliance,
                main=True,
            ),
            PLACE,
            _cells(Axis.GROUP),
            _cells(Axis.ZONE),
            Facet(
                key="tag",
                label=gettext_lazy("标签"),
                any_label=gettext_lazy("标签：不限"),
                options=lambda user: [(str(tag.pk), tag.name) for tag in Tag.objects.visible_to(user)],
                narrow=equals("tags"),
                counts=by_column("tags"),
            ),
            Facet(
                key="building",
                label=gettext_lazy("楼宇"),
                any_label=gettext_lazy("楼宇：不限"),
                options=lambda user: [(str(one.pk), one.name) for one in Building.objects.visible_to(user)],
                narrow=equals("building"),
                counts=by_column("building"),
            ),
            asks(
                "suspended",
                gettext_lazy("暂停"),
                Q(suspended_at__isnull=False),
                gettext_lazy("暂停中"),
                gettext_lazy("参加中"),
            ),
            asks("public", gettext_lazy("公开展示"), Q(is_public=True), gettext_lazy("公开"), gettext_lazy("不公开")),
        ),
        search=named,
        search_hint=gettext_lazy("名称、简称、拼音首字母、代码后四位"),
        empty_title=gettext_lazy("还没有登记单位"),
        empty_text=gettext_lazy("登记一家，或者用表格一次导入。"),
    )
)
