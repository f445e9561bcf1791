"""What a portion does with its rows: look at them, write them, take them back.

A row that is refused is a savepoint taken back and a sentence on record; the others go on. Rows that are all new are
first tried together, where their kind can: a few statements for all instead of a dozen for each.
"""

from __future__ import annotations

import json
import time
from typing import Any

import structlog
from django.db import DatabaseError, OperationalError, transaction

from alliance.lib.errors import Busy, DomainError, Invalid, Text
from alliance.lib.importing import Applied, ImportKind, Place, Plan, Untouchable
from people.models import User
from transfers import words
from transfers.matching import columns_of, values_of
from transfers.models import ImportBatch, ImportRow
from transfers.services.importing import key_index
from transfers.states import Mode, Outcome, Result

PORTION_SECONDS = 1.5
_log = structlog.get_logger("tongxin.transfers")


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


def look(work: Work, rows: list[ImportRow]) -> int:
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


def write(work: Work, rows: list[ImportRow]) -> int:
    """Import ``rows``, as many as the time of a portion allows. What has changed since it was looked at is not."""
    values = {row.pk: work.values(row) for row in rows}
    wanted = [row for row in rows if _is_wanted(work, row)]
    plans = dict(
        zip((row.pk for row in wanted), work.kind.plan([values[r.pk] for r in wanted], work.place), strict=True)
    )
    made = _write_new(work, [row for row in wanted if plans[row.pk].outcome == row.outcome == Outcome.NEW], values)
    began = time.monotonic()
    handled: list[ImportRow] = []
    # What is written already is noted whatever the time; the others as far as it reaches.
    for row in sorted(rows, key=lambda row: row.pk not in made):
        if row.pk not in made and handled and time.monotonic() - began > PORTION_SECONDS:
            break
        if row.pk not in plans:
            row.result = Result.FAILED if row.outcome == Outcome.ERROR else Result.SKIPPED
        elif row.pk in made:
            _done(row, made[row.pk])
        else:
            _write_one(work, row, values[row.pk], plans[row.pk])
        row.cells = _without_secrets(work, row)
        handled.append(row)
    _keep(handled, "result", "found", "subject", "before", "cells")
    return len(handled)


def _write_new(work: Work, rows: list[ImportRow], values: dict[int, dict[str, str]]) -> dict[int, Applied]:
    """What was made of new ``rows`` together, by key; nothing if one of them was refused: then each goes by itself."""
    if work.kind.apply_new is None or len(rows) < 2:
        return {}
    try:
        with transaction.atomic():
            made = work.kind.apply_new([values[row.pk] for row in rows], work.place)
    except (Busy, OperationalError):
        raise
    except (DomainError, DatabaseError, ArithmeticError, LookupError, TypeError, ValueError):
        return {}
    return dict(zip((row.pk for row in rows), made, strict=True))


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
        _done(row, applied)


def _done(row: ImportRow, applied: Applied) -> None:
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


def take_back(work: Work, rows: list[ImportRow]) -> int:
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
