"""The worker's side: rows are looked at, written and taken back in portions, each a transaction of its own.

1. A batch is leased with ``SKIP LOCKED`` and the attempt is counted, committed.
2. Each portion holds the batch's row, finds that the attempt is still ours, does its rows and notes how far it came,
   in one transaction: whatever a killed worker did of a portion is undone with it, and the next one goes on there.
3. A row that is refused is a savepoint taken back and a sentence on record; the others go on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from alliance.lib.errors import Busy, DomainError, Invalid, Text
from alliance.lib.http import DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE
from alliance.lib.importing import ImportKind, Place, Plan, Untouchable, importer
from alliance.lib.wake import wake
from people.models import User
from transfers import words
from transfers.matching import columns_of, values_of
from transfers.models import ImportBatch, ImportRow
from transfers.services.importing import TASK, counted, key_index
from transfers.states import BatchState, Mode, Outcome, Result

LEASE = timedelta(seconds=90)
"""Longer than a portion may take: an idle transaction ends after 60 seconds."""
PAUSE = timedelta(seconds=30)
RUN_SECONDS = 45
PORTION_SECONDS = 1.5
LOOKED_AT, WRITTEN = 500, 100
MOST_DEATHS = 5
WAITED = "Busy"
"""In ``last_error``: a lock was not to be had. That is nobody's death, however often it happens."""
KIND_LOCK = 7265401
"""First half of the advisory lock of one kind in one place; the second half is a hash of them."""

_log = structlog.get_logger("tongxin.transfers")
Portion = Callable[["Work", list[ImportRow]], int]


class Overtaken(Exception):
    """The batch is in other hands, or was dropped."""


class Work:
    """One batch in our hands."""

    def __init__(self, batch: ImportBatch, kind: ImportKind) -> None:
        self.batch, self.kind, self.attempt, self.state = batch, kind, batch.attempts, batch.state
        self.named = columns_of(kind, batch.headers)
        # Asked afresh: a role that has ended since is no longer there.
        by = User.objects.get(pk=batch.acted_by_id or batch.by_id)
        self.place = Place(batch.area, by, self._in_file)

    def _in_file(self, key: str) -> bool:
        rows = ImportRow.objects.filter(batch=self.batch, key_index=key_index(key))
        return rows.exclude(outcome=Outcome.ERROR).exists()

    def values(self, row: ImportRow) -> dict[str, str]:
        return values_of(self.kind, self.named, json.loads(row.cells))


def work_all() -> int:
    """Go on with whatever is unfinished until nothing is or a task's time is used up; returns how many portions."""
    started, portions = time.monotonic(), 0
    while (left := RUN_SECONDS - (time.monotonic() - started)) > 0:
        batch = _take()
        if batch is None:
            return portions
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
        return list(rows.filter(outcome=Outcome.WAITING).order_by("rank", "line")[:LOOKED_AT]), _look
    if work.state == BatchState.APPLYING:
        return list(rows.filter(result=Result.OPEN).order_by("rank", "line")[:WRITTEN]), _write
    # What was made last is taken back first: what needs another goes before it.
    return list(rows.filter(result=Result.DONE).order_by("-rank", "-line")[:WRITTEN]), _take_back


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


def _look(work: Work, rows: list[ImportRow]) -> int:
    """What each row would do."""
    plans = work.kind.plan([work.values(row) for row in rows], work.place)
    for row, plan in zip(rows, plans, strict=True):
        row.outcome, row.found = plan.outcome, _found(plan)
    _keep(rows, "outcome", "found")
    return len(rows)


def _keep(rows: list[ImportRow], *columns: str) -> None:
    """Write ``columns`` of rows that are there: plain values, where ``bulk_update`` builds a CASE for each."""
    ImportRow.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=list(columns))


def _found(plan: Plan) -> str:
    errors = [(key, str(text)) for key, text in plan.errors]
    return json.dumps({"title": plan.title, "changes": list(plan.changes), "errors": errors})


def _write(work: Work, rows: list[ImportRow]) -> int:
    """Import ``rows``, as many as the time of a portion allows. What has changed since it was looked at is not."""
    values = {row.pk: work.values(row) for row in rows}
    wanted = [row for row in rows if _is_wanted(work, row)]
    plans = dict(
        zip((row.pk for row in wanted), work.kind.plan([values[r.pk] for r in wanted], work.place), strict=True)
    )
    began, handled = time.monotonic(), []
    for row in rows:
        if row.pk not in plans:
            row.result = Result.FAILED if row.outcome == Outcome.ERROR else Result.SKIPPED
        else:
            _write_one(work, row, values[row.pk], plans[row.pk])
        row.cells = _without_secrets(work, row)
        handled.append(row)
        if time.monotonic() - began > PORTION_SECONDS:
            break
    _keep(handled, "result", "found", "subject", "before", "cells")
    return len(handled)


def _is_wanted(work: Work, row: ImportRow) -> bool:
    return row.outcome == Outcome.NEW or (row.outcome == Outcome.CHANGED and work.batch.mode == Mode.UPDATE)


def _write_one(work: Work, row: ImportRow, values: dict[str, str], plan: Plan) -> None:
    if plan.outcome == Outcome.SAME:
        row.result = Result.SKIPPED
        return
    if plan.outcome != row.outcome or (row.outcome == Outcome.CHANGED and _found(plan) != row.found):
        _failed(row, plan.errors or [("", words.moved())])
        return
    try:
        with transaction.atomic():
            applied = work.kind.apply(values, work.place)
    except Invalid as error:
        named = [(key, str(text)) for key, texts in error.fields.items() for text in texts]
        _failed(row, named or [("", str(error.message))])
    except Busy:
        raise
    except DomainError as error:
        _failed(row, [("", str(error.message))])
    except OperationalError:
        raise  # the database is away or busy: the whole portion comes again
    except (DatabaseError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        # Without the message: it may say what the row said.
        _log.error("import_row_failed", batch=work.batch.pk, line=row.line, error=type(error).__name__)
        _failed(row, [("", words.fault())])
    else:
        row.result, row.subject, row.before = Result.DONE, applied.subject, json.dumps(applied.before)


def _failed(row: ImportRow, errors: Any) -> None:
    found = json.loads(row.found or "{}")
    found["errors"] = [(key, str(text)) for key, text in errors]
    row.result, row.found = Result.FAILED, json.dumps(found)


def _without_secrets(work: Work, row: ImportRow) -> str:
    """The row's cells without what nobody may read again."""
    secret = {column.key for column in work.kind.columns if column.secret}
    cells = json.loads(row.cells)
    return json.dumps(["" if key in secret else text for key, text in zip(work.named, cells, strict=False)])


def _take_back(work: Work, rows: list[ImportRow]) -> int:
    """Take rows back as far as nobody has touched what they made."""
    before = {row.pk: json.loads(row.before or "{}") for row in rows}
    work.kind.survey([(row.subject, before[row.pk]) for row in rows], work.place)
    began, handled = time.monotonic(), []
    for row in rows:
        try:
            with transaction.atomic():
                left = work.kind.revert(row.subject, before[row.pk], work.place)
            _said(row, Result.LEFT if left else Result.UNDONE, left)
        except (Untouchable, DomainError) as error:
            if isinstance(error, Busy):
                raise
            _said(row, Result.KEPT, str(error.args[0]) if error.args else words.touched())
        handled.append(row)
        if time.monotonic() - began > PORTION_SECONDS:
            break
    _keep(handled, "result", "found")
    return len(handled)


def _said(row: ImportRow, result: str, text: Text | None) -> None:
    found = json.loads(row.found or "{}")
    found["errors"] = [("", str(text))] if text else []
    row.result, row.found = result, json.dumps(found)
