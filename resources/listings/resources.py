"""资源: what units and offices give for common use, in one's streets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from alliance.lib.dates import day_of, iso, minute, moment
from alliance.lib.listing import Cell, Column, Facet, Listing, Options, Rows, Tab, by_column, choices, equals, register
from alliance.lib.search import matching
from members.listings.common import PLACE, asks, said
from members.models import MemberUnit
from resources.models import Resource, ResourceKind
from resources.permissions import resource_abilities
from resources.states import Advantage, Form, Pool, ResourceState

NEWEST = ("-offered_at", "-id")
TONES = {ResourceState.TO_APPROVE: "", ResourceState.USABLE: "done", ResourceState.STOPPED: "off"}
LOADED = ("kind__parent", "unit", "area", "serves", "within")


def rows(user: Any) -> Rows:
    """Resources of the streets one works in."""
    return Resource.objects.kept_by(user).select_related(*LOADED)


def _kinds(_user: Any) -> Options:
    found = ResourceKind.objects.filter(parent__isnull=False).select_related("parent")
    ordered = found.order_by("parent__position", "position", "pk")
    return [(kind.key, f"{kind.parent.label if kind.parent else ''} › {kind.label}") for kind in ordered]


def _headings(_user: Any) -> Options:
    return [(kind.key, kind.label) for kind in ResourceKind.objects.headings()]


def _units(user: Any) -> Options:
    given = Resource.objects.kept_by(user).filter(unit__isnull=False).order_by().values("unit")
    return [(str(unit.pk), str(unit)) for unit in MemberUnit.objects.filter(pk__in=given).order_by("pinyin", "pk")]


def _by(path: str) -> Callable[[Rows], dict[str, int]]:
    def count(found: Rows) -> dict[str, int]:
        plain = Resource.objects.filter(pk__in=found.order_by().values("pk")).order_by()
        return {str(value): number for value, number in plain.values_list(path).annotate(n=Count("pk")) if value}

    return count


def _in_state(state: str) -> Callable[[Rows, Any], Rows]:
    return lambda found, _user: found.filter(state=state)


def _name(one: Resource) -> Cell:
    flags = ((_("战时可调用"), "info"),) if one.emergency else ()
    return Cell(text=one.name, code=one.number, small=_("、").join(one.aliases), flags=flags)


def giver(one: Resource) -> str:
    return str(one.unit) if one.unit else one.area.name


def amount(one: Resource) -> str:
    """60人, 20件, or nothing."""
    if one.kind.form == Form.SPACE and one.capacity:
        return ngettext("%(n)d人", "%(n)d人", one.capacity) % {"n": one.capacity}
    if one.kind.form != Form.PIECES:
        return ""
    return ngettext("%(n)d件", "%(n)d件", one.quantity) % {"n": one.quantity}


def _whom(one: Resource) -> str:
    words = [_("单位")] if one.for_units else []
    return _("、").join([*words, _("居民")] if one.for_people else words)


def _state(one: Resource) -> Cell:
    over = one.state == ResourceState.USABLE and one.is_over
    flags = ((_("已过期"), "warn"),) if over else ()
    return Cell(text=one.get_state_display(), tone=TONES[ResourceState(one.state)], flags=flags)


def _facet(key: str, label: Any, options: Any, path: str, *, main: bool = False) -> Facet:
    any_label = gettext_lazy("%(what)s：不限") % {"what": label}
    counts = by_column(path) if "__" not in path else _by(path)
    return Facet(
        key=key, label=label, any_label=any_label, options=options, narrow=equals(path), counts=counts, main=main
    )


COLUMNS = (
    Column(key="name", label=gettext_lazy("资源"), cell=_name, value=lambda one: one.name, order=("name", "id")),
    Column(key="number", label=gettext_lazy("编号"), cell=lambda one: one.number, page=False),
    Column(
        key="kind",
        label=gettext_lazy("种类"),
        cell=lambda one: Cell(text=one.kind.label, small=one.kind.parent.label if one.kind.parent else ""),
        value=lambda one: one.kind.label,
    ),
    Column(key="giver", label=gettext_lazy("谁提供"), cell=giver),
    Column(
        key="place",
        label=gettext_lazy("在哪里"),
        cell=lambda one: Cell(text=one.area.name, small=" ".join(p for p in (one.address, one.floor) if p)),
        value=lambda one: " ".join(p for p in (one.area.name, one.address, one.floor) if p),
        order=("area_id", "name", "id"),
    ),
    Column(key="amount", label=gettext_lazy("容量"), cell=amount, order=("capacity", "id"), number=True),
    Column(key="whom", label=gettext_lazy("给谁用"), cell=_whom),
    Column(key="asks", label=gettext_lazy("要同意"), cell=lambda one: said(one.asks_first), shown=False),
    Column(key="serves", label=gettext_lazy("服务范围"), cell=lambda one: one.serves.name, shown=False),
    Column(key="within", label=gettext_lazy("所在阵地"), cell=lambda one: str(one.within or ""), shown=False),
    Column(key="advantage", label=gettext_lazy("优势"), cell=lambda one: one.kind.get_advantage_display(), shown=False),
    Column(key="pool", label=gettext_lazy("党建资源"), cell=lambda one: one.kind.get_pool_display(), shown=False),
    Column(
        key="until",
        label=gettext_lazy("提供到"),
        cell=lambda one: day_of(one.until),
        value=lambda one: iso(one.until),
        shown=False,
    ),
    Column(key="phone", label=gettext_lazy("咨询电话"), cell=lambda one: one.phone, shown=False),
    Column(
        key="new",
        label=gettext_lazy("登记时间"),
        cell=lambda one: moment(one.offered_at),
        value=lambda one: minute(one.offered_at),
        order=NEWEST,
        shown=False,
    ),
    Column(key="state", label=gettext_lazy("状态"), cell=_state, value=lambda one: one.get_state_display()),
)

RESOURCES = register(
    Listing(
        key="resources.resources",
        title=pgettext_lazy("plural", "资源"),
        url_name="admin:resources_resource_changelist",
        row_url=lambda one: reverse("admin:resources_resource_change", args=[one.pk]),
        may_view=lambda user: "view" in resource_abilities(user),
        rows=rows,
        order=NEWEST,
        order_label=gettext_lazy("新的在前"),
        tabs=(
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
            *(Tab(key=state.value, label=state.label, narrow=_in_state(state)) for state in ResourceState),
        ),
        columns=COLUMNS,
        facets=(
            _facet("heading", gettext_lazy("大类"), _headings, "kind__parent__key", main=True),
            _facet("kind", gettext_lazy("种类"), _kinds, "kind__key", main=True),
            PLACE,
            _facet("unit", gettext_lazy("提供单位"), _units, "unit", main=True),
            _facet("advantage", gettext_lazy("资源优势"), choices(Advantage.choices), "kind__advantage"),
            _facet("pool", gettext_lazy("党建资源"), choices(Pool.choices), "kind__pool"),
            _facet("form", gettext_lazy("怎么用"), choices(Form.choices), "kind__form"),
            asks("emergency", gettext_lazy("战时可调用"), Q(emergency=True), gettext_lazy("是"), gettext_lazy("否")),
            asks("people", gettext_lazy("居民可用"), Q(for_people=True), gettext_lazy("是"), gettext_lazy("否")),
            asks("public", gettext_lazy("公开展示"), Q(is_public=True), gettext_lazy("公开"), gettext_lazy("不公开")),
        ),
        search=matching,
        search_hint=gettext_lazy("名称、别名、单位、能做什么"),
        empty_title=gettext_lazy("还没有资源"),
        empty_text=gettext_lazy("街道社区自己的场地、物资可以现在登记；单位也可以自己提供。"),
    )
)
