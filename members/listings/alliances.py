"""党建联盟, and which unit belongs to which."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import (
    Cell,
    Column,
    Facet,
    Listing,
    Rows,
    Tab,
    by_column,
    choices,
    counted_as,
    equals,
    register,
)
from alliance.lib.search import named
from members.listings.common import PLACE, active, alliances, asks, reads
from members.models import Alliance, Membership
from members.querysets import in_force
from members.states import UnitKind


def _alliances(user: Any) -> Rows:
    """Alliances one sees, with how many units belong to each today."""
    today = in_force(None, start="memberships__joined_on", end="memberships__left_on")
    rows = Alliance.objects.visible_to(user).select_related("area", "parent")
    return rows.annotate(units=Count("memberships", filter=today))


def _memberships(user: Any) -> Rows:
    return Membership.objects.visible_to(user).select_related("unit", "unit__area", "alliance")


def _left(found: Rows, _user: Any) -> Rows:
    return found.filter(left_on__lte=timezone.localdate())


def _kinds(found: Rows) -> dict[str, int]:
    return counted_as(Membership.objects.filter(pk__in=found.order_by().values("pk")), "unit__kind", "pk")


def _state(row: Membership) -> Cell:
    today = timezone.localdate()
    if row.left_on is not None and row.left_on <= today:
        return Cell(text=_("已退出"), tone="off")
    if row.joined_on > today:
        return Cell(text=_("还没加入"), tone="work")
    return Cell(text=_("在联盟里"), tone="done")


ALLIANCES = register(
    Listing(
        key="members.alliances",
        title=pgettext_lazy("plural", "党建联盟"),
        url_name="admin:members_alliance_changelist",
        row_url=lambda one: reverse("admin:members_alliance_change", args=[one.pk]),
        may_view=reads,
        rows=_alliances,
        order=("area_id", "id"),
        order_label=gettext_lazy("按所在地"),
        columns=(
            Column(
                key="name",
                label=gettext_lazy("联盟"),
                cell=lambda one: Cell(text=one.name, small=one.brand),
                value=lambda one: one.name,
                order=("name", "id"),
            ),
            Column(key="place", label=gettext_lazy("所在地"), cell=lambda one: one.area.name, order=("area_id", "id")),
            Column(key="parent", label=gettext_lazy("上级联盟"), cell=lambda one: str(one.parent or "")),
            Column(key="office", label=gettext_lazy("办公室"), cell=lambda one: one.office_name, shown=False),
            Column(
                key="units",
                label=gettext_lazy("成员单位"),
                cell=lambda one: str(one.units),
                value=lambda one: one.units,
                number=True,
            ),
            Column(
                key="since",
                label=gettext_lazy("成立日期"),
                cell=lambda one: day_of(one.founded_on),
                value=lambda one: iso(one.founded_on),
                order=("founded_on", "id"),
            ),
        ),
        facets=(
            PLACE,
            asks(
                "sub",
                gettext_lazy("哪一级"),
                Q(parent__isnull=False),
                gettext_lazy("社区子联盟"),
                gettext_lazy("街道联盟"),
            ),
        ),
        search=named,
        search_hint=gettext_lazy("联盟名称"),
        empty_title=gettext_lazy("还没有联盟"),
        empty_text=gettext_lazy("街道的联盟由系统管理员登记，社区的子联盟由街道登记。"),
    )
)

MEMBERSHIPS = register(
    Listing(
        key="members.memberships",
        title=pgettext_lazy("plural", "联盟成员"),
        url_name="admin:members_membership_changelist",
        row_url=lambda row: reverse("admin:members_membership_change", args=[row.pk]),
        may_view=reads,
        rows=_memberships,
        order=("unit__sorted_as", "unit_id", "id"),
        tabs=(
            Tab(key="now", label=gettext_lazy("现在的"), narrow=active),
            Tab(key="left", label=gettext_lazy("已退出"), narrow=_left),
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        ),
        columns=(
            Column(
                key="unit",
                label=gettext_lazy("单位"),
                cell=lambda row: Cell(text=str(row.unit), small=row.unit.area.name),
                value=lambda row: row.unit.name,
                order=("unit__sorted_as", "unit_id", "id"),
            ),
            Column(
                key="kind",
                label=gettext_lazy("单位类型"),
                cell=lambda row: row.unit.get_kind_display(),
                shown=False,
            ),
            Column(
                key="alliance",
                label=gettext_lazy("联盟"),
                cell=lambda row: row.alliance.name,
                order=("alliance__area_id", "alliance_id", "id"),
            ),
            Column(
                key="joined",
                label=gettext_lazy("加入日期"),
                cell=lambda row: day_of(row.joined_on),
                value=lambda row: iso(row.joined_on),
                order=("joined_on", "id"),
            ),
            Column(
                key="left",
                label=gettext_lazy("退出日期"),
                cell=lambda row: day_of(row.left_on),
                value=lambda row: iso(row.left_on),
                order=("left_on", "id"),
            ),
            Column(key="state", label=gettext_lazy("状态"), cell=_state),
        ),
        facets=(
            Facet(
                key="alliance",
                label=gettext_lazy("联盟"),
                any_label=gettext_lazy("全部联盟"),
                options=alliances,
                narrow=equals("alliance"),
                counts=by_column("alliance"),
                main=True,
            ),
            Facet(
                key="kind",
                label=gettext_lazy("单位类型"),
                any_label=gettext_lazy("全部类型"),
                options=choices(UnitKind.choices),
                narrow=equals("unit__kind"),
                counts=_kinds,
                main=True,
            ),
        ),
        search=partial(named, through=("unit",)),
        search_hint=gettext_lazy("单位、拼音首字母"),
        empty_title=gettext_lazy("还没有成员单位"),
        empty_text=gettext_lazy("登记单位的时候选上联盟，或者在这里让登记过的单位加入。"),
    )
)
