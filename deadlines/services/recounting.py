"""After a decree: limits that run are counted again, in portions, each a due of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from deadlines.kinds import DueKind, Results, register_kind
from deadlines.messages import RECOUNT_LABEL
from deadlines.models import Due, Stage
from deadlines.services.dues import NewDue, add_dues, wake_sweep
from deadlines.services.stages import recount_stages

RECOUNT = "deadlines.recount"
PORTION = 100
LADDER = timedelta(days=120)
"""How long after its end a limit may still have reminders ahead."""


@transaction.atomic
def recount_from(first: date, *, kind: str = "", why: str = "calendar", late: bool = True) -> int:
    """Have all running limits that reach to ``first`` or beyond counted again; returns how many that are.

    ``kind``: only those (``why`` is then ``limit``: its limit or its ladder was edited). What is late already keeps its
    end, and has its reminders laid out again (not so with ``late=False``). The sweep does the work, in portions.
    """
    rows = Stage.objects.running().filter(paused_at__isnull=True)
    if not late:
        rows = rows.filter(breached_at__isnull=True)
    if first > date.min + LADDER:
        rows = rows.filter(due_at__gte=datetime.combine(first - LADDER, time(), timezone.get_current_timezone()))
    if kind:
        rows = rows.filter(kind=kind)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    run = uuid4().hex
    add_dues(
        NewDue(
            kind=RECOUNT,
            subject=f"recount:{run}",
            due_at=None,
            key=f"recount:{run}:{number}",
            params={"stages": list(portion), "why": why},
        )
        for number, portion in enumerate(_portions(keys))
    )
    if keys:
        wake_sweep()
    return len(keys)


def reaching(first: date) -> int:
    """How many running limits that are counted end on ``first`` or later: those that another calendar may move."""
    rows = Stage.objects.running().filter(paused_at__isnull=True, breached_at__isnull=True, amount__isnull=False)
    if first > date.min + LADDER:
        rows = rows.filter(due_at__gte=datetime.combine(first, time(), timezone.get_current_timezone()))
    return rows.count()


def _portions(keys: list[int]) -> Sequence[list[int]]:
    return [keys[start : start + PORTION] for start in range(0, len(keys), PORTION)]


def recount(dues: Sequence[Due]) -> Results:
    """Count the stages of ``dues`` again."""
    for due in dues:
        recount_stages(due.params["stages"], why=due.params.get("why", "calendar"))
    return None


register_kind(DueKind(RECOUNT, label=RECOUNT_LABEL, handle=recount, grace=timedelta(days=3650), alone=True))
