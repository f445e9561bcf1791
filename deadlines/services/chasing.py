"""Climbing the ladder: what becomes of every rung that has come, and the reminders that are sent.

After an outage several rungs come at once. Of those to the same audience the last is sent and the others are outdone
by it. One that came before the end and is found after it says what is true now: that it is late. It is sent only where
none before it went out; else its moment is missed, and listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from copy import copy
from datetime import timedelta

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from deadlines.kinds import DueKind, Preview, Results, register_kind, stage_kind
from deadlines.messages import CHASE_LABEL, PASSED_LABEL
from deadlines.models import ChaseStep, Due, Stage
from deadlines.services.ladder import CHASE, PASSED, above, chase_key, hands, subject_of
from deadlines.states import Audience, DueState, Outcome, Reason, Unit
from notifications.messages import MessageClass
from notifications.services import Letter, queue_many
from people.models import User

End = tuple[DueState, str]
Steps = dict[tuple[str, int], ChaseStep]
Superiors = dict[tuple[str, str, frozenset[int | None]], list[User]]
SENT, COME, ELSE = "sent", "come", "else"
"""What became of a rung: its reminder is out; its moment is here, whoever has it in hand; it is to come, or ended."""
STOPPED: End = (DueState.CANCELLED, Reason.STOPPED)
MOVED: End = (DueState.CANCELLED, Reason.MOVED)
OUTDONE: End = (DueState.CANCELLED, Reason.OUTDONE)
TOO_LATE: End = (DueState.MISSED, Reason.TOO_LATE)
NOBODY: End = (DueState.MISSED, Reason.NOBODY)


def chase(dues: Sequence[Due]) -> Results:
    """Send the reminders of ``dues``: one each to everybody of the rung's audience, in the inbox at commit."""
    stages = _stages(dues)
    results: dict[int, End] = {}
    letters: list[Letter] = []
    for due, found in _judged(dues, stages, dues):
        if not isinstance(found, Preview):
            results[due.pk] = found
        elif found.people and found.message:
            letters += _letters(stages[due.subject], due.key, found.message, found.people)
        else:
            results[due.pk] = NOBODY
    queue_many(letters)
    return results


def foresee(dues: Sequence[Due]) -> dict[int, Preview]:
    """What ``dues`` would say and to whom, were they done now; those of no interest any more are left out."""
    come = [due for due in dues if due.due_at <= timezone.now()]
    judged = _judged(dues, _stages(dues), come)
    return {due.pk: found for due, found in judged if isinstance(found, Preview)}


def _judged(dues: Sequence[Due], stages: dict[str, Stage], come: Sequence[Due]) -> Iterator[tuple[Due, Preview | End]]:
    """What each of ``dues`` sends, or how it ends without; those that have ``come`` are seen beside one another."""
    kinds = {stage.kind for stage in stages.values()}
    steps = {(step.kind, step.offset): step for step in ChaseStep.objects.filter(kind__in=kinds, is_active=True)}
    beside = _beside({due.subject for due in come}, stages, steps)
    superiors: Superiors = {}
    for due in dues:
        stage = stages.get(due.subject)
        step = steps.get((stage.kind, due.params["offset"])) if stage else None
        if stage is None or step is None or stage.paused_at:
            yield due, STOPPED
            continue
        same = _same_audience(step, steps, beside.get(due.subject, {}))
        kind = stage_kind(stage.kind)
        message = kind.remind(stage, step.offset, step.audience) if kind else None
        end = _end(due, stage, step.offset, same) or (None if message else STOPPED)
        yield due, end or Preview(message, _people(stage, step.audience, superiors), step.audience)


def _end(due: Due, stage: Stage, offset: int, same: dict[int, str]) -> End | None:
    """Why the rung is not climbed, if it is not. ``same``: what became of the rungs to the same audience."""
    however_late = due.params.get("however_late")
    past = stage.due_at <= max(timezone.now(), due.due_at)
    is_older = due.params.get("generation", stage.generation) != stage.generation
    if (is_older and (not however_late or offset in same)) or (offset > 0 and not past):
        return MOVED
    if any(other > offset and mark != ELSE for other, mark in same.items()):
        return OUTDONE
    told = any(other < offset and mark == SENT for other, mark in same.items())
    stale = past and offset <= 0 and stage.unit == Unit.WORK_DAYS
    return TOO_LATE if stale and told and not however_late else None


def _beside(subjects: set[str], stages: dict[str, Stage], steps: Steps) -> dict[str, dict[int, str]]:
    """What became of every rung of stages as they run now, looked up by key: by stage and rung."""
    rungs = {
        chase_key(stage, offset): (subject, offset)
        for subject in subjects
        if (stage := stages.get(subject))
        for kind, offset in steps
        if kind == stage.kind
    }
    found: dict[str, dict[int, str]] = defaultdict(dict)
    is_due = Q(state=DueState.WAITING, due_at__lte=Now())
    mark = Case(When(state=DueState.DONE, then=Value(SENT)), When(is_due, then=Value(COME)), default=Value(ELSE))
    for key, became in Due.objects.filter(key__in=rungs).values_list("key", mark) if rungs else ():
        subject, offset = rungs[key]
        found[subject][offset] = became
    return found


def _same_audience(step: ChaseStep, steps: Steps, marks: dict[int, str]) -> dict[int, str]:
    return {offset: mark for offset, mark in marks.items() if steps[step.kind, offset].audience == step.audience}


def _people(stage: Stage, which: str, superiors: Superiors) -> Sequence[User]:
    """Who is reminded at a rung; where a rung has nobody, those of the next one above. Nobody is asked as a superior
    to look after what they have in hand themselves.
    """
    people = hands(stage) if which == Audience.HANDS else []
    kind = stage_kind(stage.kind)
    spared = {*kind.spared(stage), stage.holder_id} if kind and not people else ()
    place = (which, stage.area_code, frozenset(spared))
    if not people and place not in superiors:
        superiors[place] = above(*place)
    return people or superiors[place]


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


def _stages(dues: Sequence[Due]) -> dict[str, Stage]:
    keys = [int(due.subject.partition(":")[2]) for due in dues]
    rows = Stage.objects.filter(pk__in=keys, outcome=Outcome.RUNNING).select_related("holder")
    people: dict[int, User] = {}
    for row in rows:
        if row.holder:  # one object per person, so that their roles are asked for once
            row.holder = people.setdefault(row.holder.pk, row.holder)
    return {subject_of(row): row for row in rows}


def passed(dues: Sequence[Due]) -> Results:
    """The end of a stage has come and it still runs: a fact, with whoever has it in hand."""
    keys = [int(due.subject.partition(":")[2]) for due in dues]
    running = Stage.objects.running().filter(pk__in=keys, breached_at__isnull=True, due_at__lte=Now())
    held = list(running.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    late = Stage.objects.filter(pk__in=held, paused_at__isnull=True)
    late.update(breached_at=F("due_at"), breached_by=F("holder"))
    return None


register_kind(DueKind(CHASE, label=CHASE_LABEL, handle=chase, grace=timedelta(days=14), preview=foresee))
register_kind(DueKind(PASSED, label=PASSED_LABEL, handle=passed, grace=timedelta(days=3650)))
