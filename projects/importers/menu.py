"""The service menu of a year from a table: a line for each service. One that is known is changed where the line says
otherwise; what the table does not name stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import Conflict, DomainError, Text
from alliance.lib.importing import (
    CHANGED,
    ERROR,
    NEW,
    SAME,
    Applied,
    Column,
    ImportKind,
    Place,
    Plan,
    Row,
    Untouchable,
    chosen,
    label_in_table,
)
from alliance.lib.text import clean, fold
from members.importers.common import MOVED, NO, YES, Wrong, differences, yes_no
from members.models import Alliance
from members.states import REGISTER_ROLES
from people.querysets import STREET_LENGTH
from projects.importers.figures import day_in
from projects.models import MenuItem
from projects.services.menu import AHEAD, FIRST_YEAR, MOST_ITEMS, save_menu_item
from projects.states import MenuKind


def _alliances(area_code: str) -> list[Alliance]:
    return list(Alliance.objects.filter(street_code=area_code[:STREET_LENGTH]).order_by("pk"))


COLUMNS = (
    Column(
        "alliance",
        gettext_lazy("联盟"),
        required=True,
        help=gettext_lazy("联盟的全称"),
        choices=lambda by, code: [one.name for one in _alliances(code)],
    ),
    Column("year", gettext_lazy("年度"), required=True, example="2026", most=4),
    Column(
        "kind",
        gettext_lazy("类别"),
        required=True,
        choices=lambda by, code: [label_in_table(one.label) for one in MenuKind],
    ),
    Column("name", gettext_lazy("服务"), required=True, example=gettext_lazy("健康义诊"), most=30),
    Column("words", gettext_lazy("做什么"), help=gettext_lazy("一句话"), most=200),
    Column("is_active", gettext_lazy("在用"), choices=(YES, NO), help=gettext_lazy("空着就是在用")),
)


def _natural(row: Row) -> Sequence[str]:
    return ["/".join(fold(row.get(key, "")) for key in ("alliance", "year", "name"))]


def _year(row: Row) -> int:
    day = day_in(row.get("year", ""))
    return day.year if day else 0


class _Known:
    """What there is already, for a portion of rows."""

    def __init__(self, rows: Sequence[Row], place: Place) -> None:
        self.alliances = {fold(one.name): one for one in _alliances(place.area.code)}
        years = {_year(row) for row in rows}
        self.items: dict[tuple[int, int], dict[str, MenuItem]] = {}
        for one in MenuItem.objects.filter(alliance__in=self.alliances.values(), year__in=years):
            self.items.setdefault((one.alliance_id, one.year), {})[one.name] = one

    def alliance(self, row: Row) -> Alliance | None:
        return self.alliances.get(fold(row.get("alliance", "")))

    def menu(self, row: Row) -> dict[str, MenuItem]:
        """The items of the row's year, by their names; empty where the alliance is not known."""
        found = self.alliance(row)
        return self.items.get((found.pk, _year(row)), {}) if found else {}

    def item(self, row: Row) -> MenuItem | None:
        return self.menu(row).get(clean(row["name"]))


def _now(one: MenuItem) -> dict[str, str]:
    """As it stands, as a table would have it."""
    return {"kind": one.kind, "words": one.words, "is_active": yes_no(one.is_active)}


def _said(row: Row) -> dict[str, str]:
    flag = fold(row.get("is_active", ""))
    words, kind = clean(row.get("words", "")), chosen(MenuKind, row.get("kind", ""))
    return {"kind": kind, "words": words, "is_active": flag and yes_no(flag == YES)}


def _typed(said: Mapping[str, str], there: MenuItem | None) -> dict[str, Any]:
    """What the service takes; empty cells change nothing."""
    now = _now(there) if there else {"kind": "", "words": "", "is_active": YES}
    whole = {name: said[name] or now[name] for name in now}
    return {**whole, "is_active": whole["is_active"] == YES}


def plan(rows: Sequence[Row], place: Place) -> list[Plan]:
    known = _Known(rows, place)
    more: dict[tuple[int, int], int] = {}
    """How many the lines so far add to a menu."""
    return [_plan(row, known, more) for row in rows]


def _plan(row: Row, known: _Known, more: dict[tuple[int, int], int]) -> Plan:
    title, there, alliance = f"{clean(row.get('year', ''))} {clean(row['name'])}", known.item(row), known.alliance(row)
    if wrong := _wrong(row, known):
        return Plan(ERROR, title, errors=[wrong])
    assert alliance is not None  # noqa: S101  # ``_wrong`` has looked
    if there is None:
        at = alliance.pk, _year(row)
        more[at] = more.get(at, 0) + 1
        if len(known.menu(row)) + more[at] > MOST_ITEMS:
            return Plan(ERROR, title, errors=[("name", _("菜单最多%(n)d项。") % {"n": MOST_ITEMS})])
        return Plan(NEW, title)
    changes = [(key, _shown(key, now), _shown(key, said)) for key, now, said in differences(_now(there), _said(row))]
    return Plan(CHANGED if changes else SAME, title, changes)


def _shown(key: str, text: str) -> str:
    return label_in_table(MenuKind(text).label) if key == "kind" else text


def _wrong(row: Row, known: _Known) -> Wrong | None:
    if known.alliance(row) is None:
        return "alliance", _("没有“%(value)s”这个联盟。") % {"value": row.get("alliance", "")[:20]}
    if not FIRST_YEAR <= _year(row) <= timezone.localdate().year + AHEAD:
        return "year", _("请核对年份。")
    if not chosen(MenuKind, row.get("kind", "")):
        return "kind", _("请选必选还是自选。")
    return None


def apply(row: Row, place: Place) -> Applied:
    known = _Known([row], place)
    there, alliance = known.item(row), known.alliance(row)
    said = _said(row)
    if there is not None and not differences(_now(there), said):
        return Applied(str(there.pk), {"version": 0, "was": None})
    at: Any = {"alliance": alliance.pk if alliance else 0, "year": _year(row), "by": place.by}
    at |= {"name": clean(row["name"]), **_typed(said, there)}
    if there is None:
        made = save_menu_item(**at)
        return Applied(str(made.pk), {"version": made.version, "was": None})
    try:
        made = save_menu_item(**at, item=there.pk, version=there.version)
    except Conflict as error:
        raise Conflict(MOVED) from error
    return Applied(str(made.pk), {"version": made.version, "was": _now(there)})


def revert(subject: str, before: Mapping[str, Any], place: Place) -> Text | None:
    """Nobody has touched it since: what was changed is as it was; what was new is out of use, its sign-ups stay."""
    version, was = before["version"], before["was"]
    if not version:
        return None
    row = MenuItem.objects.filter(pk=int(subject)).first()
    if row is None:
        raise Untouchable(_("导入之后有人改过，没有撤销。"))
    said = _typed(was, None) if was else {"kind": row.kind, "words": row.words, "is_active": False}
    at: Any = {"alliance": row.alliance_id, "year": row.year, "by": place.by, "name": row.name}
    try:
        save_menu_item(**at, **said, item=row.pk, version=version)
    except DomainError as error:
        raise Untouchable(_("导入之后有人改过，没有撤销。")) from error
    return None if was else _("停用了，已经报名的留着。")


MENU = ImportKind(
    "service-menu",
    label=gettext_lazy("服务菜单"),
    columns=COLUMNS,
    roles=REGISTER_ROLES,
    natural=_natural,
    plan=plan,
    apply=apply,
    revert=revert,
    page=lambda subject: reverse("admin:projects_menuitem_change", args=[subject]),
    order=52,
    help=[
        gettext_lazy("一行是一项服务，一年最多20项；这一年的菜单还没打开的，导入就是打开。"),
        gettext_lazy("同一个联盟、同一年、同样名称的认作同一项；空着的格子不改，表里没有的留着。"),
    ],
)
