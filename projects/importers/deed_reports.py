"""Monthly reports of 民生实事 from a table: a line for each item and month. What was reported stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import Invalid, Text
from alliance.lib.importing import ERROR, NEW, SAME, Applied, Column, ImportKind, Place, Plan, Row, Untouchable
from alliance.lib.public_text import Warned, require_seen
from alliance.lib.text import clean
from members.importers.common import Wrong
from members.states import REGISTER_ROLES
from people.querysets import STREET_LENGTH
from projects.importers.figures import day_in
from projects.models import Deed, DeedReport
from projects.services.deed_running import ALREADY, checked_report, report_deed
from projects.states import DeedVerb

COLUMNS = (
    Column("deed", gettext_lazy("实事编号"), required=True, as_text=True, example="SS-CX-20261123-0003", most=40),
    Column(
        "month",
        gettext_lazy("哪个月"),
        required=True,
        as_text=True,
        help=gettext_lazy("写 2026-10"),
        example="2026-10",
        most=20,
    ),
    Column("percent", gettext_lazy("进度（%）"), required=True, example="60", most=5),
    Column(
        "words",
        gettext_lazy("办了什么"),
        required=True,
        help=gettext_lazy("大家看得到，不写个人的姓名和电话"),
        most=300,
    ),
)


def _number(row: Row) -> str:
    return clean(row.get("deed", "")).upper()


def _month(row: Row) -> date | None:
    day = day_in(row.get("month", ""))
    return day.replace(day=1) if day else None


def _percent(row: Row) -> int:
    """-1 where it is no whole number."""
    share = clean(row.get("percent", "")).rstrip("%")
    return int(share) if share.isascii() and share.isdigit() else -1


def _natural(row: Row) -> Sequence[str]:
    return [f"{_number(row)}/{_month(row)}"]


def _rank(row: Row) -> int:
    """Earlier months first: what comes later is not less."""
    month = _month(row)
    return month.year * 12 + month.month if month else 0


class _Known:
    """The items and what was reported of them, for a portion of rows; lines that are new count for those after."""

    def __init__(self, rows: Sequence[Row], place: Place) -> None:
        numbers = {_number(row) for row in rows}
        there = Deed.objects.filter(street_code=place.area.code[:STREET_LENGTH], number__in=numbers)
        self.deeds = {one.number: one for one in there}
        self.reports: dict[int, dict[date, tuple[int, str]]] = {}
        for one in DeedReport.objects.filter(deed__in=there):
            self.reports.setdefault(one.deed_id, {})[one.month] = one.percent, one.words

    def of(self, deed: Deed) -> dict[date, tuple[int, str]]:
        return self.reports.setdefault(deed.pk, {})


def plan(rows: Sequence[Row], place: Place) -> list[Plan]:
    known = _Known(rows, place)
    return [_plan(row, known) for row in rows]


def _plan(row: Row, known: _Known) -> Plan:
    deed, month = known.deeds.get(_number(row)), _month(row)
    title = f"{deed.name if deed else _number(row)} {clean(row.get('month', ''))}"
    wrong = _wrong(row, known)
    if wrong or deed is None or month is None:
        return Plan(ERROR, title, errors=[wrong] if wrong else [])
    if month in known.of(deed):
        return Plan(SAME, title)
    known.of(deed)[month] = _percent(row), ""
    return Plan(NEW, title)


def _wrong(row: Row, known: _Known) -> Wrong | None:
    deed, month = known.deeds.get(_number(row)), _month(row)
    if deed is None:
        return "deed", _("本街道没有“%(value)s”这件民生实事。") % {"value": _number(row)[:20]}
    if deed.workflow.find(deed.state, DeedVerb.REPORT) is None:
        return "deed", _("这一件现在是“%(state)s”，不能这样办。") % {"state": deed.get_state_display()}
    if month is None:
        return "month", _("请写成 2026-10。")
    there = known.of(deed).get(month)
    if there is not None:
        same = there == (_percent(row), " ".join(clean(row.get("words", "")).split()))
        return None if same else ("month", str(ALREADY))
    percents = {when: percent for when, (percent, _words) in known.of(deed).items()}
    try:
        words = checked_report(deed, month, _percent(row), row.get("words", ""), percents, timezone.localdate())
        require_seen([words], seen="")
    except Warned as error:
        return "words", str(error.fields["seen_warnings"][0])
    except Invalid as error:
        key, texts = next(iter(error.fields.items()))
        return key, str(texts[0])
    return None


def apply(row: Row, place: Place) -> Applied:
    known = _Known([row], place)
    deed, month, wrong = known.deeds.get(_number(row)), _month(row), _wrong(row, known)
    if wrong or deed is None or month is None:
        raise Invalid({wrong[0]: [wrong[1]]} if wrong else None)
    if month in known.of(deed):
        return Applied(str(deed.pk), {"made": False})
    report_deed(pk=deed.pk, by=place.by, month=month, percent=_percent(row), words=row.get("words", ""))
    return Applied(str(deed.pk), {"made": True})


def revert(subject: str, before: Mapping[str, Any], place: Place) -> Text | None:
    """What was reported everybody has read: it stays, and is put right where it stands."""
    if not before["made"]:
        return None
    raise Untouchable(_("报过的进度留着，要改请打开那一件改。"))


DEED_REPORTS = ImportKind(
    "deed-reports",
    label=gettext_lazy("民生实事月报"),
    columns=COLUMNS,
    roles=REGISTER_ROLES,
    natural=_natural,
    plan=plan,
    apply=apply,
    revert=revert,
    page=lambda subject: reverse("admin:projects_deed_change", args=[subject]),
    rank=_rank,
    order=56,
    help=[
        gettext_lazy("一行是一件的一个月，进度不能比前一个月低。"),
        gettext_lazy("报过的月份，导入不改；导入的不能撤销，写错了打开那一件改。"),
    ],
)
