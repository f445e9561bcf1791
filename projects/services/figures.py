"""Figures over time: what is counted, and the figure of each period, which stands once whoever sends it.

Locks: the project; the figure of a period is decided by its constraint (docs/locking.md).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotFound, RuleBroken
from alliance.lib.public_text import require_seen
from alliance.lib.text import clean
from people.models import User
from projects.models import Indicator, Project, Reading
from projects.services.fields import NO_AMOUNT, Errors, amount_of, too_long
from projects.services.project_held import hold_project
from projects.services.wording import number
from projects.states import Period, ProjectVerb, Reckon

MOST_INDICATORS = 12


@transaction.atomic
def set_indicator(
    *,
    pk: int,
    by: User,
    version: int | None,
    name: str,
    measure: str,
    period: str = Period.MONTH,
    reckon: str = Reckon.SUM,
    target: Any = None,
    is_public: bool | None = None,
    indicator: int | None = None,
) -> Indicator:
    """A new indicator of the project, or ``indicator`` with other words; the period stays once there are figures.

    Raises as ``hold_project``; ``NotFound`` (no such indicator), ``Invalid``.
    """
    row = hold_project(pk, by, ProjectVerb.EDIT, version)
    found = _indicator(row, indicator) if indicator is not None else Indicator(project=row)
    values = _checked(name, measure, period, reckon, target)
    if found.pk and found.period != values["period"] and found.readings.exists():
        raise Invalid({"period": [_("已经有数字了，多久记一次不能再改。")]})
    others = row.indicators.exclude(pk=found.pk)
    if others.filter(name=values["name"]).exists():
        raise Invalid({"name": [_("这个项目已有同名的指标。")]})
    if not found.pk and others.count() >= MOST_INDICATORS:
        raise Invalid({"name": [_("指标最多%(n)d个。") % {"n": MOST_INDICATORS}]})
    shown = found.is_public if is_public is None else is_public
    for field, value in {**values, "is_public": shown}.items():
        setattr(found, field, value)
    found.position = found.position if found.pk else others.count() + 1
    found.save()
    row.move_to(ProjectVerb.EDIT, actor=by, params={"indicator": found.name})
    return found


def _checked(name: str, measure: str, period: str, reckon: str, target: Any) -> dict[str, Any]:
    errors: Errors = {}
    found: dict[str, Any] = {"name": clean(name), "measure": clean(measure), "period": period, "reckon": reckon}
    if not 0 < len(found["name"]) <= 40:
        errors["name"] = [_("请写指标的名称，例如“助餐”。") if not found["name"] else too_long(40)]
    if not 0 < len(found["measure"]) <= 10:
        errors["measure"] = [_("请写单位，例如“人次”。")]
    if period not in Period.values:
        errors["period"] = [_("请选多久记一次。")]
    if reckon not in Reckon.values:
        errors["reckon"] = [_("请选总数怎么算。")]
    found["target"] = None
    if target is not None and target != "":
        found["target"] = amount_of(target)
        if found["target"] is None:
            errors["target"] = [NO_AMOUNT]
    if errors:
        raise Invalid(errors)
    return found


def first_day(period: str, day: date) -> date:
    """By which day the period of ``day`` is known."""
    if period == Period.DAY:
        return day
    if period == Period.YEAR:
        return day.replace(month=1, day=1)
    if period == Period.QUARTER:
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(day=1)


@transaction.atomic
def record_reading(
    *,
    pk: int,
    by: User,
    indicator: int,
    day: date,
    value: Any,
    note: str = "",
    version: int | None = None,
    seen_warnings: str = "",
) -> Reading:
    """The figure of the period in which ``day`` lies. The same one again changes nothing; another one needs
    ``version``: that of the figure as it was seen. The history says what stood before.

    Raises as ``hold_project``; ``NotFound`` (no such indicator), ``RuleBroken`` (there is another figure already),
    ``Conflict`` (it was changed meanwhile), ``Invalid`` (``Warned``: the note looks personal, unless
    ``seen_warnings``).
    """
    row = hold_project(pk, by, ProjectVerb.MEASURE, None)
    found = _indicator(row, indicator)
    figure, said = amount_of(value), " ".join(clean(note).split())
    errors: Errors = {}
    if figure is None:
        errors["value"] = [NO_AMOUNT]
    period = first_day(found.period, day)
    if day > timezone.localdate() or period < first_day(found.period, row.starts_on):
        errors["day"] = [_("请选项目开始以后、今天以前的一天。")]
    if len(said) > 120:
        errors["note"] = [too_long(120)]
    if errors or figure is None:
        raise Invalid(errors)
    require_seen([said], seen=seen_warnings)
    there = Reading.objects.filter(indicator=found, period=period).first()
    if there is None:
        if version is not None:
            raise Conflict
        return _first(row, found, period, figure, said, by)
    return _again(row, there, figure, said, by, version)


def _first(row: Project, indicator: Indicator, period: date, figure: Decimal, note: str, by: User) -> Reading:
    """The project is held, so nobody else is writing; the constraint says the same."""
    made = Reading(indicator=indicator, period=period, value=figure, note=note, by=by)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise RuleBroken(_("这一期已经有数字了。")) from error
    made.just_made = True
    _noted(row, by, made, "")
    return made


def _again(row: Project, there: Reading, figure: Decimal, note: str, by: User, version: int | None) -> Reading:
    if version is None:
        if there.value == figure and note in ("", there.note):
            return there
        what = {"value": number(there.value)}
        raise RuleBroken(_("这一期已经记了%(value)s。要改，请打开那一条改。") % what)
    if version != there.version:
        raise Conflict
    before = number(there.value)
    there.value, there.note, there.by, there.at = figure, note, by, timezone.now()
    there.version += 1
    there.save(update_fields=["value", "note", "by", "at", "version"])
    _noted(row, by, there, before)
    return there


def _noted(row: Project, by: User, reading: Reading, before: str) -> None:
    """In the history, without making others' open forms stale: figures come every day."""
    params = {
        "indicator": reading.indicator.name,
        "period": reading.period.isoformat(),
        "value": number(reading.value),
        **({"before": before} if before else {}),
    }
    row.write_event(verb=ProjectVerb.MEASURE, actor=by, source=row.state, target=row.state, note="", params=params)


@transaction.atomic
def take_back_reading(*, reading: int, by: User, version: int) -> None:
    """A figure that an import brought goes with it, unless somebody has changed it since.

    Raises as ``hold_project``; ``NotFound``, ``Conflict``.
    """
    found = Reading.objects.select_related("indicator").filter(pk=reading).first()
    if found is None:
        raise NotFound
    row = hold_project(found.indicator.project_id, by, ProjectVerb.MEASURE, None)
    if not Reading.objects.filter(pk=reading, version=version).exists():
        raise Conflict
    params = {"indicator": found.indicator.name, "period": found.period.isoformat(), "before": number(found.value)}
    found.delete()
    row.write_event(verb=ProjectVerb.MEASURE, actor=by, source=row.state, target=row.state, note="", params=params)


def _indicator(row: Project, pk: int) -> Indicator:
    found: Any = row.indicators.filter(pk=pk).first()
    if found is None:
        raise NotFound
    one: Indicator = found
    return one
