"""Importing a file: taken in and looked at, confirmed or dropped, taken back. The rows are written by a worker."""

from __future__ import annotations

import hashlib
import json

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.importing import LANGUAGE, ImportKind, Place, importer
from alliance.lib.privacy import blind_index
from alliance.lib.text import clean
from alliance.lib.wake import wake
from audit.services import record
from audit.states import Action
from people.models import Area, User
from people.services.limits import count, refuse_after, take
from transfers.matching import Read, Table, match
from transfers.models import ImportBatch, ImportRow
from transfers.permissions import batch_abilities, may_import
from transfers.sheets import read_table
from transfers.states import BatchState, Mode, Outcome, Result

TASK = "transfers.work"
HOUR = 3600
UPLOADS, TRIES = 30, 120
"""Files an hour per person: those that were read, and those that were sent."""
_TOO_MANY = _("一小时最多传%(n)d个文件，已经传满了。")
PORTION = 500


def start_import(*, by: User, kind: str, area: Area, name: str, content: bytes) -> ImportBatch:
    """Read a file and put its rows on record; a worker then looks what each would do. Nothing is registered yet.

    Raises ``NotFound`` (no such kind), ``NotAllowed``, ``TooMany`` and ``Invalid`` with a sentence about the file.
    """
    declared = _kind(kind)
    if not may_import(by, declared, area.code):
        raise NotAllowed
    # A file that cannot be read is no import; but reading is work, so that tries have a limit of their own.
    refuse_after("import-upload", str(by.pk), limit=UPLOADS, seconds=HOUR, message=_TOO_MANY % {"n": UPLOADS})
    take("import-try", str(by.pk), limit=TRIES, seconds=HOUR, message=_TOO_MANY % {"n": TRIES})
    table = match(declared, read_table(name, content), Place(area, by))
    count("import-upload", str(by.pk), seconds=HOUR)
    return _store(declared, table, by=by, area=area, name=name, digest=hashlib.sha256(content).hexdigest())


@transaction.atomic
def _store(kind: ImportKind, table: Table, *, by: User, area: Area, name: str, digest: str) -> ImportBatch:
    batch = ImportBatch.objects.create(
        kind=kind.key,
        area=area,
        by=by,
        acted_by=by,
        file_name=clean(name)[-120:] or "-",
        digest=digest,
        language=get_language() or LANGUAGE,
        headers=table.headers,
        total=len(table.rows),
    )
    for start in range(0, len(table.rows), PORTION):
        ImportRow.objects.bulk_create(_row(batch, kind, read) for read in table.rows[start : start + PORTION])
    wake(TASK)
    return batch


def _row(batch: ImportBatch, kind: ImportKind, read: Read) -> ImportRow:
    row = ImportRow(batch=batch, line=read.line, rank=kind.rank(read.values), cells=json.dumps(read.cells))
    called = "" if read.errors else kind.called(read.values)
    row.key_index = key_index(called) if called else ""
    if read.errors:
        row.outcome, row.found = Outcome.ERROR, json.dumps({"errors": read.errors})
    return row


def key_index(key: str) -> str:
    """How a row of the file is found by what others call it."""
    return blind_index("import-row", key)


@transaction.atomic
def confirm_import(*, pk: int, by: User, mode: str) -> ImportBatch:
    """Import what was looked at; ``mode`` says what is done with what is registered already.

    Raises ``NotFound``, ``RuleBroken`` (not looked at yet, or imported already), ``Invalid`` (no such mode).
    """
    batch = _held(pk, by, "apply", _("这份文件已经导入过，或还没核对完。"))
    if mode not in Mode.values:
        raise Invalid({"mode": [_("请选已登记的怎么办。")]})
    batch.mode = mode
    _go(batch, BatchState.APPLYING, by)
    _record(Action.IMPORTED, batch, by)
    return batch


@transaction.atomic
def drop_import(*, pk: int, by: User) -> ImportBatch:
    """Leave it: nothing is imported, and what the file said is forgotten. Raises ``NotFound``, ``RuleBroken``."""
    batch = _held(pk, by, "drop", _("这份文件已经导入了，可以撤销。"))
    batch.state, batch.acted_by, batch.ended_at, batch.leased_until = BatchState.DROPPED, by, Now(), None
    batch.attempts += 1  # a worker that is at it finds that it is no longer its turn
    batch.purged_at = Now()
    batch.save()
    ImportRow.objects.filter(batch=batch).delete()
    batch.refresh_from_db()
    return batch


@transaction.atomic
def undo_import(*, pk: int, by: User) -> ImportBatch:
    """Take back what was imported, as far as nobody has touched it since.

    Raises ``NotFound``, ``RuleBroken`` (not imported, taken back already, or more than thirty days ago).
    """
    batch = _held(pk, by, "undo", _("这份文件没有导入，或已经不能撤销。"))
    _go(batch, BatchState.UNDOING, by)
    _record(Action.IMPORT_UNDONE, batch, by)
    return batch


def _held(pk: int, by: User, verb: str, refusal: object) -> ImportBatch:
    batch: ImportBatch = ImportBatch.objects.visible_to(by).locked(pk)
    able = batch_abilities(by, batch)
    if "view" not in able:
        raise NotAllowed
    if verb not in able:
        raise RuleBroken(str(refusal))
    return batch


def _go(batch: ImportBatch, state: str, by: User) -> None:
    batch.state, batch.acted_by, batch.done, batch.leased_until, batch.deaths = state, by, 0, None, 0
    batch.language = get_language() or LANGUAGE
    batch.save()
    wake(TASK)


def _kind(key: str) -> ImportKind:
    kind = importer(key)
    if kind is None:
        raise NotFound
    return kind


def _record(action: Action, batch: ImportBatch, by: User) -> None:
    """What file, what kind, how many rows; nothing of what it says."""
    params = {"kind": batch.kind, "rows": batch.total, "mode": batch.mode}
    record(action, actor=by, subject=f"import:{batch.pk}", area_code=batch.area_id, params=params)


def counted(batch: ImportBatch) -> dict[str, int]:
    """How many rows ended how: by ``Outcome`` and, as ``result.…``, by ``Result``."""
    counts: dict[str, int] = {}
    for outcome, result in batch.rows.values_list("outcome", "result"):
        counts[outcome or "waiting"] = counts.get(outcome or "waiting", 0) + 1
        if result != Result.OPEN:
            counts[f"result_{result}"] = counts.get(f"result_{result}", 0) + 1
    return counts
