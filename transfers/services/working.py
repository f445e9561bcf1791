"""The worker's side: rows are looked at, written and taken back in portions, each a transaction of its own.

1. A batch is leased with ``SKIP LOCKED`` and the attempt is counted, committed.
2. Each portion holds the batch's row, finds that the attempt is still ours, does its rows and notes how far it came,
   in one transaction: whatever a killed worker did of a portion is undone with it, and the next one goes on there.
What is done with the rows of a portion stands in ``rows``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import translation

from alliance.lib.errors import Busy
from alliance.lib.http import DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE
from alliance.lib.importing import ImportKind, importer
from alliance.lib.wake import wake
from transfers.models import ImportBatch, ImportRow
from transfers.services.importing import TASK, counted
from transfers.services.rows import Work, look, take_back, write
from transfers.states import BatchState, Outcome, Result

LEASE = timedelta(seconds=90)
"""Longer than a portion may take: an idle transaction ends after 60 seconds."""
PAUSE = timedelta(seconds=30)
RUN_SECONDS = 45
LOOKED_AT, WRITTEN = 500, 100
MOST_DEATHS = 5
WAITED = "Busy"
"""In ``last_error``: a lock was not to be had. That is nobody's death, however often it happens."""
KIND_LOCK = 7265401
"""First half of the advisory lock of one kind in one place; the second half is a hash of them."""

_log = structlog.get_logger("tongxin.transfers")
Portion = Callable[[Work, list[ImportRow]], int]


class Overtaken(Exception):
    """The batch is in other hands, or was dropped."""


def work_all() -> int:
    """Go on with whatever is unfinished until nothing is or a task's time is used up; returns how many portions."""
    started, portions = time.monotonic(), 0
    while (left := RUN_SECONDS - (time.monotonic() - started)) > 0:
        batch = _take()
        if batch is None:
            return portions
        with translation.override(batch.language):  # what is said beside the rows is read by whoever sent them
            portions += _work(batch, time.monotonic() + left)
    wake(TASK)
    return portions


def _take() -> ImportBatch | None:
    """The oldest unfinished import that nobody has in hand, leased."""
    with transaction.atomic(durable=True):
        free = ImportBatch.objects.unfinished().exclude(leased_until__gt=Now()).order_by("id")
        batch = free.select_for_update(skip_locked=True, of=("self",), no_key=True).select_related("area").first()
        if batch is None:
            return None
        waited = batch.last_error == WAITED
        deaths = batch.deaths + (batch.leased_until is not None and not waited)
        if deaths > MOST_DEATHS:
            ImportBatch.objects.filter(pk=batch.pk).update(
                state=BatchState.FAILED, ended_at=Now(), leased_until=None, counts=counted(batch)
            )
            _log.error("import_failed", batch=batch.pk, error=batch.last_error)
            return None
        batch.attempts += 1
        ImportBatch.objects.filter(pk=batch.pk).update(
            leased_until=Now() + LEASE,
            attempts=batch.attempts,
            deaths=deaths,
            last_error="" if waited else batch.last_error,
        )
    return batch


def _work(batch: ImportBatch, until: float) -> int:
    kind = importer(batch.kind)
    if kind is None:
        ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.FAILED, ended_at=Now(), leased_until=None)
        return 0
    portions, work = 0, Work(batch, kind)
    try:
        while time.monotonic() < until:
            if not _portion(work):
                return portions
            portions += 1
        mine = ImportBatch.objects.filter(pk=batch.pk, attempts=work.attempt)
        mine.update(leased_until=None)
    except Overtaken:
        pass
    except Exception as error:  # whatever it was: it comes again after a pause, a few times
        why = WAITED if _is_wait(error) else type(error).__name__[:120]
        if why != WAITED:
            _log.error("import_interrupted", batch=batch.pk, error=why, exc_info=error)
        mine = ImportBatch.objects.filter(pk=batch.pk, attempts=work.attempt)
        mine.update(leased_until=Now() + PAUSE, last_error=why)
    return portions


def _is_wait(error: Exception) -> bool:
    """Whether somebody else held what was needed."""
    code = getattr(error.__cause__, "pgcode", None)
    return isinstance(error, Busy) or code in (LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED)


def _portion(work: Work) -> bool:
    """One portion; whether there may be more."""
    with transaction.atomic(durable=True):
        batch = ImportBatch.objects.unfinished().filter(pk=work.batch.pk, attempts=work.attempt, state=work.state)
        held = batch.select_for_update(of=("self",), no_key=True).first()
        if held is None:
            raise Overtaken
        if work.state != BatchState.PLANNING:
            hold_kind(work.kind, work.batch.area_id)
        rows, do = _next(work)
        if not rows:
            _finish(work)
            return False
        done = do(work, rows)
        batch.update(done=F("done") + done, leased_until=Now() + LEASE, deaths=0)
    return True


def hold_kind(kind: ImportKind, area_code: str) -> None:
    """Until the transaction ends nobody else imports or takes back this kind there.

    Two files that name the same unit would each find it unregistered: what is not there yet has no row to lock.
    """
    place = f"{kind.key}:{area_code[: min(kind.levels)]}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [KIND_LOCK, place])


def _next(work: Work) -> tuple[list[ImportRow], Portion]:
    rows = ImportRow.objects.filter(batch=work.batch)
    if work.state == BatchState.PLANNING:
        return list(rows.filter(outcome=Outcome.WAITING).order_by("rank", "line")[:LOOKED_AT]), look
    if work.state == BatchState.APPLYING:
        return list(rows.filter(result=Result.OPEN).order_by("rank", "line")[:WRITTEN]), write
    # What was made last is taken back first: what needs another goes before it.
    return list(rows.filter(result=Result.DONE).order_by("-rank", "-line")[:WRITTEN]), take_back


def _finish(work: Work) -> None:
    ends = {
        BatchState.PLANNING: BatchState.READY,
        BatchState.APPLYING: BatchState.DONE,
        BatchState.UNDOING: BatchState.UNDONE,
    }
    moments: dict[str, Any] = {} if work.state == BatchState.PLANNING else {"ended_at": Now()}
    if work.state == BatchState.APPLYING:
        moments["applied_at"] = Now()
    ImportBatch.objects.filter(pk=work.batch.pk).update(
        state=ends[BatchState(work.state)], leased_until=None, deaths=0, counts=counted(work.batch), **moments
    )
