"""Figures of projects from a table: a line for each indicator and period. What stands is never overwritten."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import DomainError, Invalid, Text
from alliance.lib.importing import ERROR, NEW, SAME, Applied, Column, ImportKind, Place, Plan, Row, Untouchable
from alliance.lib.text import clean, fold
from people.querysets import STREET_LENGTH
from people.states import Role
from projects.models import Indicator, Reading
from projects.services.fields import NO_AMOUNT, amount_of
from projects.services.figures import first_day, record_reading, take_back_reading
from projects.services.wording import number
from projects.states import ProjectState

ROLES = frozenset({Role.STREET_STAFF, Role.SECTION_HEAD, Role.PARTY_OFFICE})
_DAY = re.compile(r"^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?$")

COLUMNS = (
    Column("project", gettext_lazy("项目编号"), required=True, as_text=True, example="XM-CX-20261123-0001", most=40),
    Column("indicator", gettext_lazy("指标"), required=True, example=gettext_lazy("助餐"), most=40),
    Column(
        "period",
        gettext_lazy("哪一期"),
        required=True,
        as_text=True,
        help=gettext_lazy("写 2026-10 或 2026-10-15；按季的写那一季里的一个月"),
        example="2026-10",
        most=20,
    ),
    Column("value", gettext_lazy("数字"), required=True, as_text=True, example="8100", most=20),
    Column("note", gettext_lazy("说明"), most=120),
)


def day_in(text: str) -> date | None:
    """The first day that ``2026``, ``2026-10``, ``2026年10月`` or ``2026-10-15`` names."""
    match = _DAY.match(clean(text).split(" ")[0])
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None


def _natural(row: Row) -> Sequence[str]:
    return ["/".join(fold(row.get(key, "")) for key in ("project", "indicator", "period"))]


class _Known:
    """Indicators and what stands already, for a portion of rows."""

    def __init__(self, rows: Sequence[Row], place: Place) -> None:
        street = place.area.code[:STREET_LENGTH]
        named = {clean(row["project"]).upper() for row in rows}
        there = Indicator.objects.filter(project__street_code=street, project__number__in=named)
        self.indicators = {
            (one.project.number, fold(one.name)): one for one in there.select_related("project").order_by("pk")
        }
        days = {period for row in rows if (period := self.period(row))}
        readings = Reading.objects.filter(indicator__in=self.indicators.values(), period__in=days)
        self.values: dict[tuple[int, date], Decimal] = {
            (pk, period): value for pk, period, value in readings.values_list("indicator_id", "period", "value")
        }

    def indicator(self, row: Row) -> Indicator | None:
        return self.indicators.get((clean(row["project"]).upper(), fold(row["indicator"])))

    def period(self, row: Row) -> date | None:
        day, indicator = day_in(row["period"]), self.indicator(row)
        return first_day(indicator.period, day) if day and indicator else None


def plan(rows: Sequence[Row], place: Place) -> list[Plan]:
    known = _Known(rows, place)
    seen: set[tuple[int, date]] = set()
    return [_once(row, _plan(row, known), known, seen) for row in rows]


def _once(row: Row, planned: Plan, known: _Known, seen: set[tuple[int, date]]) -> Plan:
    """A second line of the same period of an indicator, however it is written (2026-10, 2026-10-15), is said to be."""
    indicator, period = known.indicator(row), known.period(row)
    if indicator is None or period is None or planned.outcome == ERROR:
        return planned
    if (indicator.pk, period) in seen:
        return Plan(ERROR, planned.title, errors=[("period", _("同一期前面已有一行。"))])
    seen.add((indicator.pk, period))
    return planned


def _plan(row: Row, known: _Known) -> Plan:
    title = f"{clean(row['project'])} {clean(row['indicator'])} {clean(row['period'])}"
    wrong = _wrong(row, known)
    if wrong is not None:
        return Plan(ERROR, title, errors=[wrong])
    indicator, period = known.indicator(row), known.period(row)
    there = known.values.get((indicator.pk, period)) if indicator and period else None
    if there is None:
        return Plan(NEW, title)
    if there == amount_of(row["value"]):
        return Plan(SAME, title)
    said = _("这一期已经记了%(value)s，导入不改。要改，请到项目里改。") % {"value": number(there)}
    return Plan(ERROR, title, errors=[("value", said)])


def _wrong(row: Row, known: _Known) -> tuple[str, Text] | None:
    indicator, day = known.indicator(row), day_in(row["period"])
    if indicator is None:
        return "indicator", _("本街道没有这个项目，或者项目里没有这个指标。")
    if day is None:
        return "period", _("请写成 2026-10 或 2026-10-15。")
    if indicator.project.state not in (ProjectState.RUNNING, ProjectState.DONE):
        return "project", _("项目还没有实施，或者终止了，不能记数字。")
    start = first_day(indicator.period, indicator.project.starts_on)
    if day > timezone.localdate() or first_day(indicator.period, day) < start:
        return "period", _("要在项目开始以后、今天以前。")
    if amount_of(row["value"]) is None:
        return "value", NO_AMOUNT
    return None


def apply(row: Row, place: Place) -> Applied:
    known = _Known([row], place)
    indicator, day, wrong = known.indicator(row), day_in(row["period"]), _wrong(row, known)
    if wrong is not None or indicator is None or day is None:
        raise Invalid({wrong[0]: [wrong[1]]} if wrong else None)
    made = record_reading(
        pk=indicator.project_id,
        by=place.by,
        indicator=indicator.pk,
        day=day,
        value=row["value"],
        note=row.get("note", ""),
    )
    return Applied(str(made.pk), {"version": made.version if made.just_made else 0})


def revert(subject: str, before: Mapping[str, Any], place: Place) -> Text | None:
    """Nobody has changed it since: it goes; what had been there before the import stays."""
    if not before["version"]:
        return None
    try:
        take_back_reading(reading=int(subject), by=place.by, version=before["version"])
    except DomainError as error:
        raise Untouchable(_("导入之后有人改过，没有撤销。")) from error
    return None


def _page(subject: str) -> str:
    found = Reading.objects.filter(pk=int(subject)).values_list("indicator__project_id", flat=True).first()
    return reverse("admin:projects_project_change", args=[found]) if found else ""


FIGURES = ImportKind(
    "project-figures",
    label=gettext_lazy("项目数字"),
    columns=COLUMNS,
    roles=ROLES,
    natural=_natural,
    plan=plan,
    apply=apply,
    revert=revert,
    page=_page,
    order=50,
    help=[
        gettext_lazy("一行是一个指标的一期。已经有数字的，导入不改。"),
        gettext_lazy("指标先在项目页面上建好。"),
    ],
)
