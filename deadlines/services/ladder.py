"""The chasing ladder: which reminders a running stage has ahead of it, and sending them.

Defaults (``domain``: the street's usage): the working day before, the day itself, one working day after to the
社区书记 or 科室负责人, three after to the 党建办. Leaders are told once a day (``digest``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from deadlines.kinds import DueKind, Preview, Results, register_kind, stage_kind
from deadlines.messages import CHASE_LABEL, PASSED_LABEL
from deadlines.models import ChaseStep, Due, Stage
from deadlines.services.calendar import calendar
from deadlines.services.dues import NewDue, add_dues, drop_dues
from deadlines.states import Audience, DueState, Outcome, Reason, Unit
from deadlines.worktime import Calendar
from notifications.messages import MessageClass
from notifications.services import Letter, queue_many
from people.models import User
from people.services.accounts import holders
from people.states import Role

CHASE, PASSED = "deadlines.chase", "deadlines.passed"
UPWARD = (
    (Role.COMMUNITY_SECRETARY,),
    (Role.SECTION_HEAD,),
    (Role.PARTY_OFFICE,),
)
"""Who is asked when a rung has nobody: the next one above."""


def subject_of(stage: Stage) -> str:
    return f"stage:{stage.pk}"


def schedule(stage: Stage, *, now: datetime, cal: Calendar | None = None, reason: str = "") -> None:
    """Lay out the reminders of ``stage`` from ``now`` on, in place of those laid out before (``reason``: why they go).

    Call in the transaction that starts or moves the stage, with the row locked. What would already be past is left
    out: a promise for today needs no "tomorrow". What was due and is still undone (in somebody's hands, or in a pause
    after a failure) is owed and comes again at once.
    """
    owed: set[int] = set()
    if reason:
        undone = Due.objects.undone().of(subject_of(stage)).filter(kind=CHASE, due_at__lte=Now())
        owed = {params["offset"] for params in undone.values_list("params", flat=True)}
        drop_dues(subject=subject_of(stage), reason=reason)
    add_dues(_rows(stage, now, cal or calendar(), owed))


def _rows(stage: Stage, now: datetime, cal: Calendar, owed: set[int]) -> Iterator[NewDue]:
    common: dict[str, Any] = {"subject": subject_of(stage), "label": stage.label, "area_code": stage.area_code}
    key = f"{stage.pk}:{stage.generation}"
    if stage.breached_at is None:
        yield NewDue(kind=PASSED, due_at=stage.due_at, key=f"passed:{key}", **common)
    for step in ChaseStep.objects.filter(kind=stage.kind, is_active=True):
        when = moment(stage, step.offset, cal)
        if when > now or step.offset in owed:
            params = {"offset": step.offset, "generation": stage.generation}
            when = max(when, now)
            yield NewDue(kind=CHASE, due_at=when, key=f"chase:{key}:{step.offset}", params=params, **common)


def moment(stage: Stage, offset: int, cal: Calendar) -> datetime:
    """When the rung ``offset`` is climbed: as the office opens that working day; a limit in hours at its very end."""
    last = stage.due_on
    if offset == 0 and stage.unit != Unit.WORK_DAYS:
        return stage.due_at
    if offset <= 0 and not cal.is_working(last):
        offset -= 1  # nobody is in on the day itself: the rungs before it move back to days on which somebody is
    return cal.opening(cal.next_working(last, offset) if offset else last)


def chase(dues: Sequence[Due]) -> Results:
    """Send the reminders of ``dues``: one each to everybody of the rung's audience, in the inbox at commit."""
    wanted, stages = foresee(dues), _stages(dues)
    results: dict[int, tuple[DueState, str]] = {}
    letters: list[Letter] = []
    last = _last_rungs(dues, wanted)
    for due in dues:
        preview = wanted.get(due.pk)
        if preview is None:
            results[due.pk] = (DueState.CANCELLED, Reason.STOPPED)
        elif due.params["offset"] < last[due.subject, preview.to]:
            results[due.pk] = (DueState.CANCELLED, Reason.OUTDONE)
        elif preview.people and preview.message:
            letters += _letters(stages[due.subject], due.key, preview.message, preview.people)
        else:
            results[due.pk] = (DueState.MISSED, Reason.NOBODY)
    queue_many(letters)
    return results


def _last_rungs(dues: Sequence[Due], wanted: dict[int, Preview]) -> dict[tuple[str, str], int]:
    """After an outage several rungs of a stage come at once: to the same people only the last of them."""
    last: dict[tuple[str, str], int] = {}
    for due in dues:
        if preview := wanted.get(due.pk):
            rung = (due.subject, preview.to)
            last[rung] = max(last.get(rung, due.params["offset"]), due.params["offset"])
    return last


def _letters(stage: Stage, occurrence: str, message: MessageClass, people: Sequence[User]) -> Iterator[Letter]:
    """To everybody the same words, or to each with what only they may know (the link of a card)."""
    kind = stage_kind(stage.kind)
    if kind is None or kind.secrets is None or not message.secret:
        yield message, occurrence, people
        return
    for user in people:
        own = copy(message)
        own.secrets = dict(kind.secrets(stage, user))
        yield own, occurrence, [user]


def foresee(dues: Sequence[Due]) -> dict[int, Preview]:
    """What ``dues`` would say and to whom, were they done now; those of no interest any more are left out."""
    stages = _stages(dues)
    steps = {(step.kind, step.offset): step for step in ChaseStep.objects.filter(kind__in=_kinds_of(stages))}
    found: dict[int, Preview] = {}
    superiors: dict[tuple[str, str], list[User]] = {}
    for due in dues:
        stage = stages.get(due.subject)
        step = steps.get((stage.kind, due.params["offset"])) if stage else None
        message = _worded(stage, step) if stage and _in_force(stage, due) else None
        if stage is None or step is None or message is None:
            continue
        people = hands(stage) if step.audience == Audience.HANDS else []
        place = (step.audience, stage.area_code)
        if not people and place not in superiors:
            superiors[place] = above(*place)
        found[due.pk] = Preview(message, people or superiors[place], step.audience)
    return found


def _in_force(stage: Stage, due: Due) -> bool:
    """Whether the reminder is of the stage as it runs now: not of an end that moved, and not of yesterday's "today"."""
    past, offset = stage.due_at <= max(timezone.now(), due.due_at), due.params["offset"]
    if due.params.get("generation", stage.generation) != stage.generation:
        return False
    if offset > 0:
        return past
    return not past or stage.unit != Unit.WORK_DAYS


def _worded(stage: Stage | None, step: ChaseStep | None) -> MessageClass | None:
    """The reminder, or None if it is of no interest any more."""
    kind = stage_kind(stage.kind) if stage else None
    if stage is None or step is None or kind is None or not step.is_active or stage.paused_at:
        return None
    return kind.remind(stage, step.offset)


def audience(stage: Stage, which: str) -> list[User]:
    """Who is reminded at a rung; where a rung has nobody, those of the next one above."""
    return (hands(stage) if which == Audience.HANDS else []) or above(which, stage.area_code)


def hands(stage: Stage) -> list[User]:
    """Those who have the thing in hand, as its owner says."""
    kind = stage_kind(stage.kind)
    return [user for user in kind.hands(stage) if user.is_active] if kind else []


def above(which: str, area_code: str) -> list[User]:
    """The superiors of a rung in an area, or of the next rung that has somebody."""
    first = len(UPWARD) - 1 if which == Audience.PARTY_OFFICE else 0
    return next((people for roles in UPWARD[first:] if (people := holders(roles, area_code))), [])


def passed(dues: Sequence[Due]) -> Results:
    """The end of a stage has come and it still runs: a fact, with whoever has it in hand."""
    keys = [int(due.subject.partition(":")[2]) for due in dues]
    running = Stage.objects.running().filter(pk__in=keys, breached_at__isnull=True, due_at__lte=Now())
    held = list(running.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    late = Stage.objects.filter(pk__in=held, paused_at__isnull=True)
    late.update(breached_at=F("due_at"), breached_by=F("holder"))
    return None


def _stages(dues: Sequence[Due]) -> dict[str, Stage]:
    keys = [int(due.subject.partition(":")[2]) for due in dues]
    rows = Stage.objects.filter(pk__in=keys, outcome=Outcome.RUNNING).select_related("holder")
    people: dict[int, User] = {}
    for row in rows:
        if row.holder:  # one object per person, so that their roles are asked for once
            row.holder = people.setdefault(row.holder.pk, row.holder)
    return {subject_of(row): row for row in rows}


def _kinds_of(stages: dict[str, Stage]) -> set[str]:
    return {stage.kind for stage in stages.values()}


register_kind(DueKind(CHASE, label=CHASE_LABEL, handle=chase, grace=timedelta(days=14), preview=foresee))
register_kind(DueKind(PASSED, label=PASSED_LABEL, handle=passed, grace=timedelta(days=3650)))
