"""The chasing ladder: which reminders a running stage has ahead of it, and who is reminded (sent by ``chasing``).

Defaults (``domain``: the street's usage): the working day before, the day itself, one working day after to the
社区书记 or 科室负责人, three after to the 党建办. Leaders are told once a day (``digest``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models.functions import Now

from deadlines.kinds import stage_kind
from deadlines.models import ChaseStep, Due, Stage
from deadlines.services.calendar import calendar
from deadlines.services.dues import NewDue, add_dues, drop_dues
from deadlines.states import Audience, Unit
from deadlines.worktime import Calendar
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


def chase_key(stage: Stage, offset: int) -> str:
    """The key of a rung of ``stage`` as it runs now."""
    return f"chase:{stage.pk}:{stage.generation}:{offset}"


def reminders_of(stage: Stage) -> list[str]:
    """Every occurrence under which ``stage`` may have been reminded of, however often it moved."""
    offsets = list(ChaseStep.objects.filter(kind=stage.kind).values_list("offset", flat=True))
    times = range(stage.generation + 1)
    return [f"chase:{stage.pk}:{generation}:{offset}" for generation in times for offset in offsets]


def schedule(
    stage: Stage, *, now: datetime, cal: Calendar | None = None, reason: str = "", last_at_once: bool = False
) -> None:
    """Lay out the reminders of ``stage`` from ``now`` on, in place of those laid out before (``reason``: why they go).

    Call in the transaction that starts or moves the stage, with the row locked. What would already be past is left
    out: a promise for today needs no "tomorrow". What was due and is still undone (in somebody's hands, or in a pause
    after a failure) is owed and comes again at once. ``last_at_once``: where all would be past, so is the last one.
    """
    owed: set[int] = set()
    if reason:
        undone = Due.objects.undone().of(subject_of(stage)).filter(kind=CHASE, due_at__lte=Now())
        owed = {params["offset"] for params in undone.values_list("params", flat=True)}
        drop_dues(subject=subject_of(stage), reason=reason)
    cal = cal or calendar()
    steps = list(ChaseStep.objects.filter(kind=stage.kind, is_active=True).order_by("offset"))
    rungs = [(step.offset, moment(stage, step.offset, cal)) for step in steps]
    if last_at_once and rungs and all(when <= now for _offset, when in rungs):
        owed.add(rungs[-1][0])
    add_dues(_rows(stage, now, rungs, owed))


def _rows(stage: Stage, now: datetime, rungs: Sequence[tuple[int, datetime]], owed: set[int]) -> Iterator[NewDue]:
    common: dict[str, Any] = {"subject": subject_of(stage), "label": stage.label, "area_code": stage.area_code}
    if stage.breached_at is None:
        key = f"passed:{stage.pk}:{stage.generation}"
        yield NewDue(kind=PASSED, due_at=stage.due_at, key=key, **common)
    for offset, when in rungs:
        if when > now or offset in owed:
            params = {"offset": offset, "generation": stage.generation}
            due_at = when if when > now else None
            yield NewDue(kind=CHASE, due_at=due_at, key=chase_key(stage, offset), params=params, **common)


def moment(stage: Stage, offset: int, cal: Calendar) -> datetime:
    """When the rung ``offset`` is climbed: as the office opens that working day; a limit in hours at its very end."""
    last = stage.due_on
    if offset == 0 and stage.unit != Unit.WORK_DAYS:
        return stage.due_at
    if offset <= 0 and not cal.is_working(last):
        offset -= 1  # nobody is in on the day itself: the rungs before it move back to days on which somebody is
    return cal.opening(cal.next_working(last, offset) if offset else last)


def hands(stage: Stage) -> list[User]:
    """Those who have the thing in hand, as its owner says."""
    kind = stage_kind(stage.kind)
    return [user for user in kind.hands(stage) if user.is_active] if kind else []


def above(which: str, area_code: str, spared: Collection[int | None] = ()) -> list[User]:
    """The superiors of a rung in an area without those ``spared``, or of the next rung that has somebody."""
    first = len(UPWARD) - 1 if which == Audience.PARTY_OFFICE else 0
    rungs = ([user for user in holders(roles, area_code) if user.pk not in spared] for roles in UPWARD[first:])
    return next((people for people in rungs if people), [])
