"""Do what is due: lease, commit, handle and end in one transaction. Safe in any number of processes.

1. A batch is leased with ``SKIP LOCKED`` and the attempt is counted, committed: who dies now leaves a trace.
2. The kind's handler runs, and its dues are ended, in one transaction. Ending names the attempt that is ours; if one
   of the dues has meanwhile been cancelled or taken over, nothing is ended and everything the handler did is undone.
3. Handlers lock their subjects **before** the dues are ended, as the services do that cancel dues: one order, no
   deadlock. A lease instead of a held lock is what makes this order possible.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from deadlines.kinds import DueKind, due_kind
from deadlines.models import Due
from deadlines.services.dues import end_dues
from deadlines.services.heartbeat import beat
from deadlines.states import DueState, Reason

BATCH = 500
LEASE_SECONDS = 330
"""Longer than a task may run (300 s): whoever still works on a due holds its lease."""
RUN_SECONDS = 45
"""Less than the minute between two ticks, so that after a long absence messages get their turn as well."""
BACK_OFF = (60, 300, 1800, 7200, 43_200)
"""Seconds before the second, third … attempt; a sixth failure is the last."""
MAX_ATTEMPTS = len(BACK_OFF) + 1
HEARTBEAT = "sweep"
INTERRUPTED = Q(last_error=Reason.INTERRUPTED)
"""Written with the lease and overwritten by whatever the attempt ends in, so that it stays only if we die."""

_log = structlog.get_logger("tongxin.deadlines")


class Overtaken(Exception):
    """A due of ours was ended or taken over by somebody else while we worked on it."""


def sweep_all() -> int:
    """Sweep until nothing is due or a task's time is used up; returns how many dues were ended."""
    started, total = time.monotonic(), 0
    while time.monotonic() - started < RUN_SECONDS:
        taken, ended = sweep()
        total += ended
        if not taken:
            break
    beat(HEARTBEAT)
    return total


def sweep(limit: int = BATCH) -> tuple[int, int]:
    """Handle at most ``limit`` due rows; returns how many were taken and how many ended. Not within a transaction."""
    groups: dict[str, list[Due]] = defaultdict(list)
    # Whoever died over a batch may have died of one of its rows: those come again one by one, after all others.
    rows = _take(~INTERRUPTED, limit) or _take(INTERRUPTED, 1)
    for row in rows:
        groups[row.kind].append(row)
    return len(rows), sum(_run(name, group) for name, group in groups.items())


def _take(which: Q, limit: int) -> list[Due]:
    age = ExpressionWrapper(Now() - F("due_at"), output_field=DurationField())
    with transaction.atomic(durable=True):
        due = Due.objects.due().filter(which).annotate(age=age).order_by("due_at", "id")
        rows = list(due.select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit])
        worn_out = [row.pk for row in rows if row.attempts >= MAX_ATTEMPTS]
        if worn_out:
            end_dues(Due.objects.filter(pk__in=worn_out), DueState.FAILED, Reason.INTERRUPTED)
        rows = [row for row in rows if row.attempts < MAX_ATTEMPTS]
        taken = Due.objects.filter(pk__in=[row.pk for row in rows])
        lease = Now() + timedelta(seconds=LEASE_SECONDS)
        taken.update(leased_until=lease, attempts=F("attempts") + 1, last_error=Reason.INTERRUPTED)
    for row in rows:
        row.attempts += 1
    return rows


def _run(name: str, rows: list[Due]) -> int:
    kind = due_kind(name)
    if kind is None:
        return _settle_alone(rows, DueState.FAILED, Reason.NO_HANDLER)
    late = [row for row in rows if _too_late(row, kind)]
    fresh = [row for row in rows if not _too_late(row, kind)]
    ended = _settle_alone(late, DueState.MISSED, Reason.TOO_LATE) if late else 0
    if kind.alone:
        return ended + _each(kind, fresh)
    return ended + (_handle(kind, fresh) if fresh else 0)


def _too_late(row: Due, kind: DueKind) -> bool:
    age: timedelta = row.age  # type: ignore[attr-defined]  # annotated in _take
    return age > kind.grace and not row.params.get("however_late")


def _handle(kind: DueKind, rows: Sequence[Due]) -> int:
    """Handle and end ``rows`` together; if anything goes wrong, each by itself, so that one cannot stop the others."""
    try:
        with transaction.atomic(durable=True):
            results = dict(kind.handle(rows) or {})
            by_end: dict[tuple[str, str], list[Due]] = defaultdict(list)
            for row in rows:
                by_end[results.get(row.pk, (DueState.DONE, ""))].append(row)
            _settle(rows, by_end)
    except Overtaken:
        return _each(kind, rows) if len(rows) > 1 else 0
    except Exception as error:  # a handler may raise what it likes; the others' dues must go on
        if len(rows) > 1:
            return _each(kind, rows)
        return _again(rows[0], error)
    return len(rows)


def _each(kind: DueKind, rows: Sequence[Due]) -> int:
    return sum(_handle(kind, [row]) for row in rows)


def _settle(rows: Sequence[Due], by_end: dict[tuple[str, str], list[Due]]) -> None:
    """End ``rows``, all of them or none. Raises ``Overtaken``."""
    attempts = {row.pk: row.attempts for row in rows}
    held = Due.objects.undone().filter(pk__in=attempts).select_for_update(of=("self",), no_key=True).order_by("pk")
    if dict(held.values_list("pk", "attempts")) != attempts:
        raise Overtaken
    for (state, reason), group in by_end.items():
        mine = Due.objects.filter(pk__in=[row.pk for row in group])
        mine.update(state=state, last_error=reason, ended_at=Now(), leased_until=None)


def _settle_alone(rows: Sequence[Due], state: str, reason: str) -> int:
    """End ``rows`` without a handler, those of them that are still ours."""
    ended = 0
    with transaction.atomic(durable=True):
        for attempts in {row.attempts for row in rows}:
            keys = [row.pk for row in rows if row.attempts == attempts]
            ended += end_dues(Due.objects.undone().filter(pk__in=keys, attempts=attempts), state, reason)
    return ended


def _again(row: Due, error: Exception) -> int:
    """Put ``row`` back with a pause; after the last attempt it has failed, where a human sees it."""
    reason = type(error).__name__[:120]
    _log.error("due_failed", due_id=row.pk, kind=row.kind, attempts=row.attempts, error=reason, exc_info=error)
    mine = Due.objects.undone().filter(pk=row.pk, attempts=row.attempts)
    if row.attempts >= MAX_ATTEMPTS:
        return mine.update(state=DueState.FAILED, last_error=reason, ended_at=Now(), leased_until=None)
    # The lease is kept as the pause: ``due_at`` stays what it was, so that the age of what is undone stays honest.
    pause = timedelta(seconds=BACK_OFF[row.attempts - 1])
    mine.update(leased_until=Now() + pause, last_error=reason)
    return 0
