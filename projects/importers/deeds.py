"""Candidates of 民生实事 from a table: proposed as if typed in; one that is known stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import DomainError, Invalid, Text
from alliance.lib.importing import (
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
from members.importers.common import Wrong, area_names, area_of, no_area, units_named
from members.states import REGISTER_ROLES
from people.querysets import STREET_LENGTH
from projects.importers.figures import day_in
from projects.models import Deed
from projects.services.deeds import checked_deed, leave_out_deed, propose_deed
from projects.services.project_fields import leaders
from projects.states import DeedField, DeedSource, DeedState

COLUMNS = (
    Column("name", gettext_lazy("名称"), required=True, example=gettext_lazy("加装电梯20台"), most=40),
    Column("year", gettext_lazy("年度"), required=True, example="2026", most=4),
    Column("area", gettext_lazy("所在地"), required=True, help=gettext_lazy("街道或社区"), choices=area_names),
    Column("words", gettext_lazy("做什么"), required=True, help=gettext_lazy("不写个人的姓名和电话"), most=500),
    Column("goal", gettext_lazy("年度目标"), required=True, help=gettext_lazy("能数出来的"), most=200),
    Column("field", gettext_lazy("类别"), required=True, choices=lambda by, code: _labels(DeedField)),
    Column("source", gettext_lazy("谁提出的"), required=True, choices=lambda by, code: _labels(DeedSource)),
    Column("unit", gettext_lazy("责任单位"), help=gettext_lazy("联盟单位的全称；空着就是街道社区自己办"), most=80),
    Column("leader", gettext_lazy("牵头领导"), help=gettext_lazy("本街道领导的姓名"), most=40),
)


def _labels(known: Any) -> list[str]:
    return [label_in_table(one.label) for one in known]


def _natural(row: Row) -> Sequence[str]:
    return ["/".join(fold(row.get(key, "")) for key in ("year", "name", "area"))]


class _Known:
    """What there is already, for a portion of rows."""

    def __init__(self, rows: Sequence[Row], place: Place) -> None:
        street = place.area.code[:STREET_LENGTH]
        there = Deed.objects.filter(street_code=street, name__in={clean(row["name"]) for row in rows})
        there = there.exclude(state=DeedState.LEFT_OUT)
        self.deeds = {(one.year, one.name, one.area_id): one for one in there.order_by("-pk")}
        self.units = units_named([row.get("unit", "") for row in rows], street)
        self.leaders: dict[str, list[int]] = {}
        for one in leaders(street):
            self.leaders.setdefault(one.name, []).append(one.pk)

    def unit(self, row: Row) -> int | None:
        found = self.units.get(fold(row.get("unit", ""))[:80], [])
        return found[0].pk if len(found) == 1 else None

    def leader(self, row: Row) -> int | None:
        found = self.leaders.get(clean(row.get("leader", "")), [])
        return found[0] if len(found) == 1 else None

    def deed(self, row: Row, place: Place) -> Deed | None:
        area = area_of(row["area"], place)
        return self.deeds.get((_year(row), clean(row["name"]), area.pk if area else ""))


def _year(row: Row) -> int:
    day = day_in(row.get("year", ""))
    return day.year if day else 0


def _typed(row: Row, known: _Known) -> dict[str, Any]:
    return {
        **{name: clean(row.get(name, "")) for name in ("name", "words", "goal")},
        "field": chosen(DeedField, row.get("field", "")),
        "source": chosen(DeedSource, row.get("source", "")),
        "unit": known.unit(row),
        "leader": known.leader(row),
    }


def _wrong(row: Row, place: Place, known: _Known) -> Wrong | None:
    area = area_of(row["area"], place)
    if area is None:
        return no_area(row["area"])
    if not 2011 <= _year(row) <= timezone.localdate().year + 1:
        return "year", _("请核对年份。")
    for name, found in (("unit", known.unit(row)), ("leader", known.leader(row))):
        if clean(row.get(name, "")) and found is None:
            return name, _("本街道没有“%(value)s”，或者不止一个。") % {"value": clean(row[name])[:20]}
    try:
        checked_deed(_typed(row, known), area.pk)
    except Invalid as error:
        key, texts = next(iter(error.fields.items()))
        return key, str(texts[0])
    return None


def plan(rows: Sequence[Row], place: Place) -> list[Plan]:
    known = place.memo["known"] = _Known(rows, place)
    found = []
    for row in rows:
        title = f"{clean(row.get('year', ''))} {clean(row['name'])}"
        if wrong := _wrong(row, place, known):
            found.append(Plan(ERROR, title, errors=[wrong]))
        else:
            found.append(Plan(SAME if known.deed(row, place) else NEW, title))
    return found


def apply(row: Row, place: Place) -> Applied:
    known = _Known([row], place)
    if wrong := _wrong(row, place, known):
        raise Invalid({wrong[0]: [wrong[1]]})
    if there := known.deed(row, place):
        return Applied(str(there.pk), {"version": 0})
    area: Any = area_of(row["area"], place)
    typed = _typed(row, known)
    made = propose_deed(client_key=uuid4(), by=place.by, area=area.pk, year=_year(row), **typed)
    return Applied(str(made.pk), {"version": made.version})


def revert(subject: str, before: Mapping[str, Any], place: Place) -> Text | None:
    """Nobody has touched it since: it is left out, its number stays; what had been there before the import stays."""
    if not before["version"]:
        return None
    try:
        leave_out_deed(pk=int(subject), by=place.by, version=before["version"], words=_("导入撤销了"))
    except DomainError as error:
        raise Untouchable(_("导入之后有人改过，没有撤销。")) from error
    return _("记为不入选，编号和经过留着。")


DEEDS = ImportKind(
    "deeds",
    label=gettext_lazy("民生实事候选"),
    columns=COLUMNS,
    roles=REGISTER_ROLES,
    natural=_natural,
    plan=plan,
    apply=apply,
    revert=revert,
    page=lambda subject: reverse("admin:projects_deed_change", args=[subject]),
    order=55,
    help=[
        gettext_lazy("一行是一件候选，导入后再初筛、论证。"),
        gettext_lazy("同一年、同一个地方、同样名称的认作同一件，导入不改；不入选的不算。"),
    ],
)
