"""Seed configuration: the state's calendar as far as it is announced, and usual office hours.

Idempotent; never overwrites what a street has changed.
"""

from __future__ import annotations

from datetime import date
from functools import cache

from chinese_calendar.constants import Holiday, holidays, in_lieu_days, workdays
from django.db.models import Count, Exists
from django.db.models.functions import ExtractYear

from deadlines.kinds import stage_kinds
from deadlines.models import ChaseStep, StageRule, WorkDay, WorkPeriod
from deadlines.services.calendar import set_days, year_days
from deadlines.worktime import OFFICE_HOURS, SATURDAY

FIRST_YEAR = 2024
NATIONAL_DAY = 10
NAMES = {
    Holiday.new_years_day.value: "元旦",
    Holiday.spring_festival.value: "春节",
    Holiday.tomb_sweeping_day.value: "清明节",
    Holiday.labour_day.value: "劳动节",
    Holiday.dragon_boat_festival.value: "端午节",
    Holiday.national_day.value: "国庆节",
    Holiday.mid_autumn_festival.value: "中秋节",
}
Row = tuple[date, bool, str]


def official(day: date) -> Row:
    """The day as announced by the State Council: holidays and the weekend days worked in exchange by name."""
    if day in holidays or day in in_lieu_days:
        name = holidays.get(day) or in_lieu_days[day]
        return day, False, NAMES.get(name, "放假")
    if day in workdays:
        return day, True, f"{NAMES.get(workdays[day], '')}调休"
    return day, day.weekday() < SATURDAY, ""


@cache
def official_years() -> dict[int, tuple[Row, ...]]:
    """Every day of every year announced as a whole: one that reaches its National Day."""
    years = {day.year for day in holidays if day.month == NATIONAL_DAY and day.year >= FIRST_YEAR}
    return {year: tuple(official(day) for day in year_days(year)) for year in sorted(years)}


def load_calendar_defaults() -> None:
    """Add the announced days that have no row, and office hours where there are none. One query if all is there."""
    years = WorkDay.objects.order_by().values(year=ExtractYear("day"))
    found = years.annotate(days=Count("pk"), hours=Exists(WorkPeriod.objects.all()))
    counts = {row["year"]: row["days"] for row in found}
    missing = [year for year, days in official_years().items() if counts.get(year, 0) < len(days)]
    if missing:
        _add(missing, first_time=not counts)
    if not any(row["hours"] for row in found) and not WorkPeriod.objects.exists():
        WorkPeriod.objects.bulk_create(WorkPeriod(starts=starts, ends=ends) for starts, ends in OFFICE_HOURS)


def _add(years: list[int], *, first_time: bool) -> None:
    there = set(WorkDay.objects.filter(day__year__in=years).values_list("day", flat=True))
    rows = [row for year in years for row in official_years()[year] if row[0] not in there]
    if first_time:
        # Nothing runs yet that could move, and the first configuration is nobody's change.
        WorkDay.objects.bulk_create(
            (WorkDay(day=day, working=working, name=name) for day, working, name in rows), ignore_conflicts=True
        )
    else:
        set_days(by=None, rows=rows)


def load_ladder_defaults() -> None:
    """Write down the limit and the ladder of every declared stage that has none yet."""
    known = set(StageRule.objects.values_list("kind", flat=True))
    fresh = [kind for kind in stage_kinds() if kind.name not in known]
    StageRule.objects.bulk_create(
        [StageRule(kind=kind.name, amount=kind.amount, unit=kind.unit) for kind in fresh], ignore_conflicts=True
    )
    ChaseStep.objects.bulk_create(
        [
            ChaseStep(kind=kind.name, offset=offset, audience=audience)
            for kind in fresh
            for offset, audience in kind.steps
        ],
        ignore_conflicts=True,
    )
