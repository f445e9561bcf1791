"""服务菜单 of one's alliances: who signed up for what, where nobody has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from alliance.lib.listing import Cell, Column, Facet, Listing, Options, Rows, Tab, by_column, equals, register
from alliance.lib.search import words_of
from members.listings.common import alliances, asks
from people.models import Area
from people.states import Level
from projects.models import MenuItem
from projects.permissions import menu_abilities
from projects.services.menu import cover
from projects.states import MenuKind


def _rows(user: Any) -> Rows:
    return MenuItem.objects.kept_by(user).select_related("alliance")


def _covered(found: list[Any], _user: Any) -> None:
    """Who does it and where nobody does, for all rows of a page at once."""
    streets = {row.alliance.area_id for row in found}
    narrow = Q(pk__in=[])
    for code in streets:
        narrow |= Q(code__startswith=code)
    areas = list(Area.objects.filter(narrow, level=Level.COMMUNITY).order_by("code"))
    by_alliance: dict[str, list[Any]] = {}
    for row in found:
        by_alliance.setdefault(row.alliance.area_id, []).append(row)
    units = {one.item.pk: one for one in cover(found, areas)}
    for code, rows in by_alliance.items():
        for row in rows:
            known = units[row.pk]
            row.units = [sign_up.unit.name for sign_up in known.units]
            row.gaps = [area.name for area in known.gaps if area.pk.startswith(code)]


def _of_kind(kind: str) -> Callable[[Rows, Any], Rows]:
    return lambda found, _user: found.filter(kind=kind)


def _years(user: Any) -> Options:
    there = MenuItem.objects.kept_by(user).order_by("-year").values_list("year", flat=True).distinct()
    return [(str(year), str(year)) for year in there]


def _said(found: Rows, term: str) -> Rows:
    for word in words_of(term):
        found = found.filter(Q(name__icontains=word) | Q(words__icontains=word))
    return found


def _units(one: Any) -> Cell:
    n = len(one.units)
    return Cell(
        text=ngettext("%(n)d家", "%(n)d家", n) % {"n": n} if n else _("还没有"), small=_("、").join(one.units[:3])
    )


def _gaps(one: Any) -> Cell:
    if not one.gaps:
        return Cell(text=_("都有"))
    n = len(one.gaps)
    said = ngettext("%(n)d个社区没有", "%(n)d个社区没有", n) % {"n": n}
    return Cell(text=said, small=_("、").join(one.gaps[:3]))


def _state(one: Any) -> Cell:
    return Cell(text=_("在用"), tone="done") if one.is_active else Cell(text=_("停用"), tone="off")


def _pick(key: str, label: Any, any_label: Any, options: Any) -> Facet:
    return Facet(
        key=key,
        label=label,
        any_label=any_label,
        options=options,
        narrow=equals(key),
        counts=by_column(key),
        main=True,
    )


MENU = register(
    Listing(
        key="projects.menu",
        title=pgettext_lazy("plural", "服务菜单"),
        url_name="admin:projects_menuitem_changelist",
        row_url=lambda one: reverse("admin:projects_menuitem_change", args=[one.pk]),
        may_view=lambda user: "view" in menu_abilities(user),
        rows=_rows,
        prepare=_covered,
        order=("-year", "position", "id"),
        order_label=gettext_lazy("新的在前"),
        tabs=(
            Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
            *(Tab(key=kind.value, label=kind.label, narrow=_of_kind(kind)) for kind in MenuKind),
        ),
        columns=(
            Column(
                key="name",
                label=gettext_lazy("服务"),
                cell=lambda one: Cell(text=one.name, small=one.words),
                value=lambda one: one.name,
            ),
            Column(key="kind", label=gettext_lazy("类别"), cell=lambda one: one.get_kind_display()),
            Column(key="year", label=gettext_lazy("年度"), cell=lambda one: str(one.year)),
            Column(key="alliance", label=gettext_lazy("党建联盟"), cell=lambda one: one.alliance.name),
            Column(
                key="units",
                label=gettext_lazy("谁报了"),
                cell=_units,
                value=lambda one: _("、").join(one.units),
            ),
            Column(key="gaps", label=gettext_lazy("哪里没有"), cell=_gaps, value=lambda one: _("、").join(one.gaps)),
            Column(key="state", label=gettext_lazy("状态"), cell=_state, value=lambda one: _state(one).text),
        ),
        facets=(
            _pick("alliance", gettext_lazy("党建联盟"), gettext_lazy("全部联盟"), alliances),
            _pick("year", gettext_lazy("年度"), gettext_lazy("年度：不限"), _years),
            asks("active", gettext_lazy("在用"), Q(is_active=True), gettext_lazy("在用"), gettext_lazy("停用")),
        ),
        search=_said,
        search_hint=gettext_lazy("服务的名称"),
        empty_title=gettext_lazy("还没有服务菜单"),
        empty_text=gettext_lazy("打开这一年的菜单，单位就可以报名。"),
    )
)
