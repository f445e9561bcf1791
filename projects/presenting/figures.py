"""Figures over time as a page shows them: the total, a table that is read without the chart, and the chart's data."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.models import Assessment, Indicator, Project, Reading
from projects.services.wording import number
from projects.states import Consequence, Period, Reckon

MOST_POINTS = 400


def of_project(project: Project, *, inside: bool) -> list[dict[str, Any]]:
    """Each indicator with its figures, oldest first. Two queries."""
    rows = list(project.indicators.all() if inside else project.indicators.filter(is_public=True))
    readings: dict[int, list[Reading]] = {row.pk: [] for row in rows}
    for one in Reading.objects.filter(indicator__in=rows).order_by("indicator", "period"):
        readings[one.indicator_id].append(one)
    return [_shown(row, readings[row.pk]) for row in rows]


def _shown(row: Indicator, readings: Sequence[Reading]) -> dict[str, Any]:
    total = reckoned(row, readings)
    return {
        "row": row,
        "total": "" if total is None else grouped(total),
        "target": "" if row.target is None else grouped(row.target),
        "of_target": _share(total, row.target),
        "points": [
            {
                "when": when(row.period, one.period),
                "day": one.period.isoformat(),
                "value": grouped(one.value),
                "plain": number(one.value),
                "note": one.note,
            }
            for one in readings[-MOST_POINTS:]
        ],
        "draws": len(readings) > 1,
    }


def grouped(amount: Decimal) -> str:
    """40,000, 98.5: as ``number``, with the thousands apart, for pages; papers keep it plain."""
    written = f"{amount:,f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def reckoned(row: Indicator, readings: Sequence[Reading]) -> Decimal | None:
    """What the figures come to; None without any."""
    if not readings:
        return None
    if row.reckon == Reckon.LAST:
        return readings[-1].value
    total = sum((one.value for one in readings), Decimal(0))
    if row.reckon == Reckon.SUM:
        return total
    return (total / len(readings)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _share(total: Decimal | None, target: Decimal | None) -> int | None:
    """Of the target, in whole hundredths; more than all of it is said so."""
    return int(total * 100 / target) if total is not None and target else None


def when(period: str, day: Any) -> str:
    """2026年10月, 2026年第4季度, 2026年, or the day."""
    if period == Period.YEAR:
        return _("%(year)d年") % {"year": day.year}
    if period == Period.QUARTER:
        return _("%(year)d年第%(n)d季度") % {"year": day.year, "n": (day.month - 1) // 3 + 1}
    if period == Period.MONTH:
        return date_format(day, pgettext("month as a Django date format", "Y年n月"))
    return date_format(day, pgettext("day as a Django date format", "Y年n月j日"))


def assessments_of(project: Project, *, inside: bool = True) -> list[dict[str, Any]]:
    """Newest first, with their measures; what was put right is said to have been. For others: where they are public,
    those that stand."""
    if not inside and not project.assessments_public:
        return []
    prefetch_related_objects([project], "assessments__scores")
    rows = list(project.assessments.all())
    mended = {one.replaces_id for one in rows}
    return [
        {
            "row": one,
            "total": number(one.total),
            "consequence": Consequence(one.consequence).label,
            "tone": assessment_tone(one),
            "gone": one.pk in mended,
            "scores": [
                {"name": score.name, "weight": score.weight, "points": number(score.points), "evidence": score.evidence}
                for score in one.scores.all()
            ],
        }
        for one in rows
        if inside or one.pk not in mended
    ]


def assessment_tone(one: Assessment) -> str:
    good = (Consequence.PRAISE, Consequence.REWARD, Consequence.KEEP)
    return "ok" if one.consequence in good else "warn"
