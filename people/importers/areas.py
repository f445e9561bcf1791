"""Areas by their official codes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import RuleBroken
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
)
from alliance.lib.text import clean
from people.models import Area
from people.models.areas import CODE
from people.services.area_register import level_of, parent_code, register_area, remove_area
from people.states import Level, Role

OWN = (Level.GRID, Level.COMPOUND)
COLUMNS = (
    Column(
        "code",
        gettext_lazy("区划代码"),
        required=True,
        as_text=True,
        most=24,
        example="330109001048",
        help=gettext_lazy("街道9位，社区12位；网格和小区在社区代码后加“-”和3位，如330109001048-001"),
        also=("代码", "code"),
    ),
    Column("name", gettext_lazy("名称"), required=True, most=60, example=gettext_lazy("某某社区"), also=("name",)),
    Column(
        "level",
        gettext_lazy("层级"),
        choices=[level.label for level in (Level.STREET, Level.COMMUNITY, *OWN)],
        help=gettext_lazy("街道和社区可以不填，按代码位数认"),
        also=("level",),
    ),
)


def _natural(row: Row) -> Sequence[str]:
    return [row.get("code", "")]


def _level(row: Row) -> str:
    return level_of(row["code"]) or chosen(Level, row.get("level", ""))


def _wrong(row: Row, place: Place, known: Mapping[str, Area]) -> tuple[str, str] | None:
    code = row["code"]
    if not re.fullmatch(CODE, code):
        return "code", _("区划代码应为4、6、9或12位数字；社区以下每级再加“-”和3位数字或大写字母。")
    if Role.SYSTEM_ADMIN not in place.by.roles_at(code) or not code.startswith(place.area.code):
        return "code", _("这个代码不在您管的区域里。")
    if "-" in code and _level(row) not in OWN:
        return "level", _("社区以下请写明是网格还是小区。")
    above = parent_code(code)
    if above and above not in known and not place.in_file(above):
        return "code", _("还没有上级%(code)s，请先导入上级，或放在同一个文件里。") % {"code": above}
    return None


def plan(rows: Sequence[Row], place: Place) -> list[Plan]:
    codes = {row["code"] for row in rows}
    known = Area.objects.in_bulk(codes | {parent_code(code) for code in codes})
    plans = []
    for row in rows:
        area, name = known.get(row["code"]), clean(row["name"])
        if wrong := _wrong(row, place, known):
            plans.append(Plan(ERROR, name, errors=[wrong]))
        elif area is None:
            plans.append(Plan(NEW, name))
        elif area.name != name:
            plans.append(Plan(CHANGED, area.name, [("name", area.name, name)]))
        else:
            plans.append(Plan(SAME, name))
    return plans


def apply(row: Row, place: Place) -> Applied:
    before = Area.objects.filter(pk=row["code"]).values_list("name", flat=True).first()
    area = register_area(code=row["code"], name=row["name"], level=_level(row), by=place.by)
    return Applied(area.code, {"was": before, "now": area.name})


def revert(subject: str, before: Mapping[str, Any], place: Place) -> None:
    area = Area.objects.filter(pk=subject).first()
    if area is None:
        return
    if area.name != before["now"]:
        raise Untouchable(_("导入之后有人改过，没有撤销。"))
    if before["was"] is None:
        try:
            remove_area(code=subject, by=place.by)
        except RuleBroken as error:
            raise Untouchable(str(error.message)) from error
    else:
        register_area(code=subject, name=before["was"], level=area.level, by=place.by)


AREAS = ImportKind(
    "areas",
    label=gettext_lazy("区域"),
    columns=COLUMNS,
    roles=frozenset({Role.SYSTEM_ADMIN}),
    natural=_natural,
    called=lambda row: row.get("code", ""),
    plan=plan,
    apply=apply,
    revert=revert,
    rank=lambda row: len(row.get("code", "")[:60]),
    levels=frozenset({4, 6, 9}),
    order=50,
    help=[gettext_lazy("按国家统计用区划代码。新加的区域不会马上对居民开通。")],
)
