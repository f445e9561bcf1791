"""The chasing ladder: which reminders a running stage has ahead of it, and who is reminded (sent by ``chasing``).

Defaults (``domain``: the street's usage): the working day before, the day itself, one working day after to the
社区书记 or 科室负责人, three after to the 党建办. Leaders are told once a day (``digest``).
"""

from __future__ import annotations

from collections.abc import Iterator
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
    if stage.breached_at is None:
        key = f"passed:{stage.pk}:{stage.generation}"
        yield NewDue(kind=PASSED, due_at=stage.due_at, key=key, **common)
    for step in ChaseStep.objects.filter(kind=stage.kind, is_active=True):
        when = moment(stage, step.offset, cal)
        if when > now or step.offset in owed:
            params = {"offset": step.offset, "generation": stage.generation}
            due_at = when if when > now else None
            yield NewDue(kind=CHASE, due_at=due_at, key=chase_key(stage, step.offset), params=params, **common)


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


def above(which: str, area_code: str) -> list[User]:
    """The superiors of a rung in an area, or of the next rung that has somebody."""
    first = len(UPWARD) - 1 if which == Audience.PARTY_OFFICE else 0
    return next((people for roles in UPWARD[first:] if (people := holders(roles, area_code))), [])
