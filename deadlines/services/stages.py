"""Time limits that run: started, stopped, paused, resumed, moved. The owner's service calls with its row locked.

Locks are taken in one order: the owner's row, the calendar (shared), the stages. Whoever edits calendar, limits or
ladder holds the calendar alone and may lock stages after it, so nobody here asks for it with a stage in hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotFound, RuleBroken
from deadlines.kinds import stage_kind
from deadlines.models import Stage, StageRule
from deadlines.services.calendar import calendar, hold_calendar
from deadlines.services.dues import drop_dues, move_dues
from deadlines.services.ladder import schedule, subject_of
from deadlines.signals import stage_moved
from deadlines.states import Outcome, Reason, Unit
from deadlines.worktime import Calendar
from people.models import User


def limit_of(kind: str) -> tuple[int, str]:
    """(amount, unit) in force for ``kind``: the street's number, else the declared default."""
    rule = StageRule.objects.filter(pk=kind).first()
    if rule:
        return rule.amount, rule.unit
    declared = stage_kind(kind)
    if declared is None:
        raise NotFound
    return declared.amount, declared.unit


def last_day(kind: str, *, start: datetime | None = None, cal: Calendar | None = None) -> date:
    """The last day of a stage ``kind`` that begins at ``start`` (now): what may be promised. ``cal``: if it is read."""
    ends = (cal or calendar()).due_at(start or timezone.now(), *limit_of(kind))
    return timezone.localdate(ends - timedelta(microseconds=1))


@transaction.atomic(savepoint=False)
def start_stage(
    *,
    kind: str,
    subject: str,
    label: str,
    area_code: str,
    holder: User | None = None,
    url: str = "",
    params: Mapping[str, Any] | None = None,
    due_on: date | None = None,
    started_at: datetime | None = None,
    lay_out_from: datetime | None = None,
    last_at_once: bool = False,
) -> Stage:
    """Start the clock of ``kind`` for ``subject`` and lay out its reminders; started twice it runs once.

    ``lay_out_from``: of a clock that began long ago, only the reminders from that moment on; ``last_at_once``: where
    none is left, the last comes at once.

    The limit is the rule of the kind, or the chosen day ``due_on`` (to its end). A chosen day that is what the rule
    says counts as the rule's, and moves with the calendar.
    """
    running = Stage.objects.running().filter(subject=subject, kind=kind).first()
    if running:
        return running
    hold_calendar()
    now = started_at or timezone.now()
    amount, unit = limit_of(kind)
    cal = calendar()
    due_at = cal.due_at(now, amount, unit)
    chosen = due_on is not None and cal.end_of(due_on) != due_at
    stage = Stage.objects.create(
        kind=kind,
        subject=subject,
        label=label,
        url=url,
        area_code=area_code,
        params=dict(params or {}),
        holder=holder,
        amount=None if chosen else amount,
        unit=Unit.WORK_DAYS if chosen else unit,
        started_at=now,
        counted_from=now,
        due_at=cal.end_of(due_on) if chosen and due_on else due_at,
    )
    schedule(stage, now=lay_out_from or now, cal=cal, last_at_once=last_at_once)
    return stage


def _running(subject: str, kind: str) -> Stage | None:
    rows = Stage.objects.running().filter(subject=subject, kind=kind)
    return rows.select_for_update(of=("self",), no_key=True).first()


@transaction.atomic(savepoint=False)
def stop_stage(*, kind: str, subject: str, void: bool = False, at: datetime | None = None) -> Stage | None:
    """Stop the clock (``at``: now); met or breached becomes a fact. ``void``: the thing ended otherwise.

    None if it does not run.
    """
    hold_calendar()
    stage = _running(subject, kind)
    if stage is None:
        return None
    now = at or timezone.now()
    _note_breach(stage, now)
    late = stage.breached_at is not None
    stage.outcome = Outcome.VOID if void else Outcome.BREACHED if late else Outcome.MET
    stage.stopped_at = now
    stage.paused_at = stage.remaining = None
    stage.save()
    drop_dues(subject=subject_of(stage), reason=Reason.STOPPED)
    return stage


@transaction.atomic
def pause_stage(*, kind: str, subject: str, at: datetime | None = None) -> Stage:
    """Stop the clock for a while (等居民补充; ``at``: since when, if not now). What is left is kept: whole working
    days, or minutes.

    Raises ``NotFound`` (does not run), ``RuleBroken`` (paused already).
    """
    hold_calendar()
    stage = _running(subject, kind)
    if stage is None:
        raise NotFound
    if stage.paused_at:
        raise RuleBroken
    now = at or timezone.now()
    _note_breach(stage, now)
    stage.paused_at = now
    stage.remaining = max(0, _left(stage, now, calendar()))
    stage.save()
    drop_dues(subject=subject_of(stage), reason=Reason.MOVED)
    return stage


def _note_breach(stage: Stage, now: datetime) -> None:
    """The end may have passed without a sweep: a fact, before anything is done to the limit."""
    if stage.breached_at is None and stage.paused_at is None and stage.due_at <= now:
        stage.breached_at, stage.breached_by = stage.due_at, stage.holder


def _left(stage: Stage, now: datetime, cal: Calendar) -> int:
    if stage.unit == Unit.WORK_DAYS:
        return cal.working_days_between(timezone.localdate(now), stage.due_on)
    if stage.unit in (Unit.WORK_HOURS, Unit.WORK_MINUTES):
        return cal.minutes_between(now, stage.due_at)
    return int((stage.due_at - now).total_seconds() // 60)


REST = {Unit.WORK_HOURS: Unit.WORK_MINUTES, Unit.HOURS: Unit.MINUTES}
"""What the rest of a limit is counted in."""


@transaction.atomic
def resume_stage(*, kind: str, subject: str) -> Stage:
    """Let the clock go on with what was left. Raises ``NotFound``, ``RuleBroken`` (not paused)."""
    hold_calendar()
    stage = _running(subject, kind)
    if stage is None:
        raise NotFound
    if stage.paused_at is None or stage.remaining is None:
        raise RuleBroken
    now = timezone.now()
    before = stage.due_at
    if stage.breached_at is None:  # what was late before the pause stays late: a pause does not give time back
        stage.counted_from, stage.amount = now, stage.remaining
        stage.unit = REST.get(Unit(stage.unit), Unit(stage.unit))
        stage.due_at = _counted(stage)
    stage.paused_at = stage.remaining = None
    _moved(stage, before, "resumed", now)
    return stage


def _counted(stage: Stage) -> datetime:
    """The end of a stage whose limit is counted, by the calendar as it is now."""
    return calendar().due_at(stage.counted_from, stage.amount or 0, stage.unit)


@transaction.atomic
def extend_stage(*, kind: str, subject: str, due_on: date) -> Stage:
    """Another last day, as approved. Raises ``NotFound`` (does not run), ``RuleBroken`` (paused: it has none now)."""
    hold_calendar()
    stage = _running(subject, kind)
    if stage is None:
        raise NotFound
    if stage.paused_at:
        raise RuleBroken(_("现在停着钟，恢复以后才能改日子。"))
    before, now = stage.due_at, timezone.now()
    _note_breach(stage, now)
    stage.due_at = calendar().end_of(due_on)
    stage.amount, stage.unit = None, Unit.WORK_DAYS
    _moved(stage, before, "extended", now)
    return stage


@transaction.atomic
def hand_over(*, subject: str, holder: User | None, area_code: str = "") -> int:
    """Whoever has ``subject`` in hand is another person (and place) now; returns how many stages run."""
    changes: dict[str, Any] = {"holder": holder, **({"area_code": area_code} if area_code else {})}
    rows = Stage.objects.running().filter(subject=subject).order_by("pk")
    held = list(rows.select_for_update(of=("self",), no_key=True))
    if area_code:
        move_dues(subjects=[subject_of(stage) for stage in held], area_code=area_code)
    return Stage.objects.filter(pk__in=[stage.pk for stage in held]).update(**changes)


def _moved(stage: Stage, before: datetime, why: str, now: datetime) -> None:
    stage.generation += 1
    stage.save()
    schedule(stage, now=now, reason=Reason.MOVED)
    if stage.due_at != before:
        stage_moved.send(Stage, stage=stage, before=before, why=why)


@transaction.atomic
def recount_stages(keys: Iterable[int], *, why: str = "calendar") -> int:
    """Count running stages again after the calendar or the ladder changed; returns how many end at another moment.

    What is late keeps its end, and nobody is made late: an end that would be past by the new count stays as it was.
    All have their reminders laid out again. Stages that have ended meanwhile are left alone.
    """
    rows = Stage.objects.running().filter(pk__in=list(keys), paused_at__isnull=True)
    _lock_subjects(rows)
    hold_calendar()
    now, moved = timezone.now(), 0
    for stage in rows.select_for_update(of=("self",), no_key=True).order_by("pk"):
        before = stage.due_at
        if stage.amount is not None and stage.breached_at is None and before > now:
            counted = _counted(stage)
            stage.due_at = counted if counted > now else before
        _moved(stage, before, why, now)
        moved += stage.due_at != before
    return moved


def _lock_subjects(rows: QuerySet[Stage]) -> None:
    """Who hears of a moved stage writes to its subject: that is locked first, as the subjects' own services do.

    All the subjects of one owner together, whatever their kinds: the owner locks them in one order.
    """
    by_owner: dict[Callable[[Sequence[str]], None], list[str]] = defaultdict(list)
    for name, subject in rows.order_by("pk").values_list("kind", "subject"):
        if kind := stage_kind(name):
            by_owner[kind.lock].append(subject)
    for lock, subjects in by_owner.items():
        lock(subjects)
