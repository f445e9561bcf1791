"""Time limits and reminders: one set for all streets, kept by administrators of a district or wider."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound
from audit.services import home_area, record
from audit.states import Action
from deadlines.kinds import StageKind, stage_kind
from deadlines.models import ChaseStep, Stage, StageRule
from deadlines.permissions import limit_abilities
from deadlines.services.calendar import calendar, hold_calendar_alone
from deadlines.services.recounting import recount_from
from deadlines.states import Audience, Unit
from people.models import User

MOST = {
    Unit.MINUTES: 30_000,
    Unit.HOURS: 5000,
    Unit.WORK_MINUTES: 30_000,
    Unit.WORK_HOURS: 1500,
    Unit.WORK_DAYS: 240,
}
"""About a year of each: the calendar is not written down further."""
FIRST, LAST = -20, 60
MOST_STEPS = 12


@dataclass(frozen=True)
class Step:
    """One rung as wanted: so many working days before (−) or after the last day, to whom, whether it is used."""

    offset: int
    audience: str
    is_active: bool = True


@dataclass(frozen=True)
class Saved:
    """The rule as it is now, and how many running limits are counted again."""

    rule: StageRule
    recounted: int


def running_of(kind: str) -> int:
    """How many limits of ``kind`` run and would be counted again; none of a kind whose day has been promised."""
    declared = stage_kind(kind)
    return 0 if declared is None or declared.promised else _open(kind).count()


def _open(kind: str) -> QuerySet[Stage]:
    """What runs, is not paused and not yet late: what is late stays late."""
    rows: QuerySet[Stage] = Stage.objects.running().filter(kind=kind, paused_at__isnull=True, breached_at__isnull=True)
    return rows


@transaction.atomic
def save_limit(*, by: User, kind: str, amount: int, unit: str, version: int, running: bool = True) -> Saved:
    """How long ``kind`` may take from now on. ``running``: what runs by the old number is counted by the new one too.

    A day that somebody chose stays, and nobody is made late by an edit: where the new end would already be past, the
    old one holds. Raises ``NotAllowed``, ``NotFound`` (no such stage), ``Invalid``, ``Conflict``.
    """
    declared = _require(by, kind)
    if unit not in Unit.values:
        raise Invalid({"unit": [_("请选时限的单位。")]})
    if unit not in declared.units:
        allowed = _("、").join(str(Unit(name).label) for name in Unit.values if name in declared.units)
        raise Invalid({"unit": [_("这个环节的时限按%(units)s算。") % {"units": allowed}]})
    most = min(MOST[Unit(unit)], declared.most)
    if not 0 < amount <= most:
        text = _("时限请填1到%(most)s之间的数。") % {"most": most}
        raise Invalid({"amount": [text]})
    rule = _rule(kind, version)
    before = (rule.amount, rule.unit)
    if before == (amount, unit):
        return Saved(rule, 0)
    rule.amount, rule.unit = amount, unit
    _save(rule)
    running = running and not declared.promised
    if running:
        _move(kind, before, (amount, unit))
    recounted = recount_from(date.min, kind=kind, why="limit", late=False) if running else 0
    params = {"from": f"{before[0]} {before[1]}", "to": f"{amount} {unit}", "count": recounted}
    record(Action.LIMIT_CHANGED, actor=by, subject=kind, area_code=home_area(by), params=params)
    return Saved(rule, recounted)


def _move(kind: str, before: tuple[int, str], after: tuple[int, str]) -> None:
    """Give the running stages that count by ``before`` from their start the limit ``after``."""
    rows = _open(kind).filter(amount=before[0], unit=before[1], counted_from=F("started_at"))
    held = rows.select_for_update(of=("self",), no_key=True).order_by("pk")
    now, cal = timezone.now(), calendar()
    keys = [pk for pk, start in held.values_list("pk", "counted_from") if cal.due_at(start, *after) > now]
    Stage.objects.filter(pk__in=keys).update(amount=after[0], unit=after[1])


@transaction.atomic
def save_steps(*, by: User, kind: str, steps: Iterable[Step], version: int) -> Saved:
    """Who is reminded when, in place of the rungs there are; reminders of what runs are laid out again.

    Raises ``NotAllowed``, ``NotFound`` (no such stage), ``Invalid``, ``Conflict``.
    """
    declared = _require(by, kind)
    wanted = sorted(steps, key=lambda step: step.offset)
    _check(wanted, needed=bool(declared.steps))
    rule = _rule(kind, version)
    rows = ChaseStep.objects.filter(kind=kind).order_by("offset")
    before = [Step(row.offset, row.audience, row.is_active) for row in rows]
    if before == wanted:
        return Saved(rule, 0)
    rows.delete()
    ChaseStep.objects.bulk_create(
        ChaseStep(kind=kind, offset=step.offset, audience=step.audience, is_active=step.is_active) for step in wanted
    )
    _save(rule)
    recounted = recount_from(date.min, kind=kind, why="limit")
    params = {"from": _line(before), "to": _line(wanted), "count": recounted}
    record(Action.LIMIT_CHANGED, actor=by, subject=kind, area_code=home_area(by), params=params)
    return Saved(rule, recounted)


def _check(steps: Sequence[Step], *, needed: bool) -> None:
    """``needed``: a limit that runs must remind somebody; one that is only asked about has no rungs."""
    offsets = [step.offset for step in steps]
    if any(not FIRST <= offset <= LAST for offset in offsets):
        raise Invalid({"steps": [_("天数请填%(first)s到%(last)s之间的数。") % {"first": FIRST, "last": LAST}]})
    if len(set(offsets)) < len(offsets):
        raise Invalid({"steps": [_("同一天只能有一级提醒，请改掉重复的天数。")]})
    if any(step.audience not in Audience.values for step in steps):
        raise Invalid({"steps": [_("请选提醒谁。")]})
    if needed and not any(step.is_active for step in steps):
        raise Invalid({"steps": [_("至少要有一级启用的提醒，不然到期没有人知道。")]})
    if len(steps) > MOST_STEPS:
        raise Invalid({"steps": [_("提醒最多%(most)s级。") % {"most": MOST_STEPS}]})


def _require(by: User, kind: str) -> StageKind:
    if "change" not in limit_abilities(by):
        raise NotAllowed
    declared = stage_kind(kind)
    if declared is None:
        raise NotFound
    return declared


def _rule(kind: str, version: int) -> StageRule:
    """The rule, locked, if it still is what the form showed. Nobody counts by it until it is saved."""
    hold_calendar_alone()
    rule: StageRule = StageRule.objects.locked(kind)
    if rule.version != version:
        raise Conflict
    return rule


def _save(rule: StageRule) -> None:
    rule.version += 1
    rule.save(update_fields=["amount", "unit", "version"])


def _line(steps: Sequence[Step]) -> str:
    return " ".join(f"{step.offset:+d}:{step.audience}{'' if step.is_active else ':off'}" for step in steps)
