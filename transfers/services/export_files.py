"""The worker's side of exports: the list is run again as the person who asked, written row by row, kept a day.

1. An export is leased with ``SKIP LOCKED`` and the attempt counted, committed: a killed worker's comes again.
2. Rows are read in pages by keyset, so that memory stays small whatever the list is long, and no row stands twice.
3. Ready is said only if the attempt is still ours; the file of anybody else's attempt is thrown away.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import IO, Any

import structlog
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from alliance.lib.errors import DomainError
from alliance.lib.importing import LANGUAGE
from alliance.lib.listing import Cell, Column, Reading, find, read
from people.models import User
from transfers.cells import safe
from transfers.models import Export
from transfers.services.exporting import KEPT, MOST_ROWS
from transfers.states import ExportKind, ExportState

LEASE = timedelta(seconds=330)
"""Longer than a task may run."""
RUN_SECONDS = 45
PORTION = 500
MOST_ATTEMPTS = 4
FOLDER = "exports"
Line = list[Any]

_log = structlog.get_logger("tongxin.transfers")


class Overtaken(Exception):
    """The export is in other hands."""


def export_all() -> int:
    """Write what was asked for until nothing is left or a task's time is used up; returns how many were ended."""
    started, ended = time.monotonic(), 0
    while time.monotonic() - started < RUN_SECONDS:
        export = _take()
        if export is None:
            break
        ended += _write(export)
    return ended


def _take() -> Export | None:
    """The oldest unfinished export that nobody has in hand, leased; those that kill whoever writes them fail."""
    with transaction.atomic(durable=True):
        free = Export.objects.unfinished().exclude(leased_until__gt=Now()).order_by("made_at", "pk")
        export = free.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
        if export is None:
            return None
        if export.attempts >= MOST_ATTEMPTS:
            Export.objects.filter(pk=export.pk).update(
                state=ExportState.FAILED, ended_at=Now(), leased_until=None, query=""
            )
            _log.error("export_failed", export=str(export.pk), error=export.last_error)
            return None
        export.attempts += 1
        held = Export.objects.filter(pk=export.pk)
        held.update(leased_until=Now() + LEASE, attempts=export.attempts, done=0)
    return export


def _write(export: Export) -> int:
    mine = Export.objects.unfinished().filter(pk=export.pk, attempts=export.attempts)
    try:
        name = _file_of(export, mine)
    except Overtaken:
        return 0
    except DomainError as error:
        # The role has ended, or the list is gone: it will not be otherwise the next time.
        return mine.update(
            state=ExportState.FAILED, ended_at=Now(), leased_until=None, query="", last_error=type(error).__name__
        )
    except Exception as error:  # whatever it was: it comes again, a few times
        _log.error("export_interrupted", export=str(export.pk), error=type(error).__name__, exc_info=error)
        return 0 * mine.update(leased_until=None, last_error=type(error).__name__[:120])
    ready = mine.update(state=ExportState.READY, ended_at=Now(), leased_until=None, file=name, roles=export.roles)
    if not ready:
        default_storage.delete(name)
    return ready


def _file_of(export: Export, mine: Any) -> str:
    """Write the file and put it into the storage; returns its name there."""
    # Asked afresh: a role that has ended since is no longer there.
    by = User.objects.get(pk=export.by_id)
    export.roles = sorted(by.roles)
    suffix = f".{export.kind}"
    with translation.override(LANGUAGE), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export{suffix}"
        lines = _lines(export, by, mine)
        with path.open("wb") as file:
            (_as_csv if export.kind == ExportKind.CSV else _as_xlsx)(lines, file)
        with path.open("rb") as file:
            return default_storage.save(f"{FOLDER}/{export.pk}-{export.attempts}{suffix}", File(file))


def _lines(export: Export, by: User, mine: Any) -> Iterator[Line]:
    """Heading, rows, and who made it when. Raises ``NotAllowed`` where the list or the phones are theirs no more."""
    listing = find(export.listing)
    chosen = read(listing, json.loads(export.query))
    reading = Reading(listing, by, chosen)
    unmasked = export.unmasked and listing.may_unmask(by)
    columns = [column for column in listing.columns if column.key in export.columns]
    values = [_value_of(column, by, unmasked) for column in columns]
    yield [_("序号"), *(str(column.label) for column in columns)]
    number = 0
    for row in _rows(reading, mine):
        number += 1
        yield [number, *(safe(value(row)) for value in values)]
    yield []
    yield from ([text] for text in _foot(export, by, number, unmasked))


def _rows(reading: Reading, mine: Any) -> Iterator[Any]:
    """All rows, page by page, noting how far it came; no more than one file takes.

    One that is moved further down while the file is written, such as a need whose clock stopped, stands in it once.
    """
    cursor, done, seen = "", 0, set[Any]()
    while done < MOST_ROWS:
        rows, cursor = reading.slice(cursor, min(PORTION, MOST_ROWS - done))
        yield from (row for row in rows if row.pk not in seen)
        seen.update(row.pk for row in rows)
        done = len(seen)
        if not mine.update(done=done, leased_until=Now() + LEASE):
            raise Overtaken
        if not cursor:
            return


def _value_of(column: Column, by: User, unmasked: bool) -> Callable[[Any], Any]:
    """What a file gets of a row: unmasked where that was asked for and may be, else masked."""
    if unmasked and column.open_value is not None:
        open_value = column.open_value
        return lambda row: open_value(row, by)
    return column.value or (lambda row: _text(column.cell(row)))


def _text(cell: Cell | str) -> str:
    return cell.text if isinstance(cell, Cell) else str(cell)


def _foot(export: Export, by: User, number: int, unmasked: bool) -> Iterator[str]:
    when = timezone.localtime()
    facts = {"who": by.name, "day": f"{when:%Y-%m-%d %H:%M}", "n": number}
    yield str(safe(_("填报人：%(who)s　导出时间：%(day)s　共%(n)d条") % facts))
    if unmasked:
        yield _("含完整的姓名和电话，只用于所写的用途，用完请删除。")
        yield str(safe(_("用途：%(why)s") % {"why": export.reason}))


def _as_csv(lines: Iterator[Line], file: IO[bytes]) -> None:
    """With a byte order mark: without it Excel takes Chinese for something else."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    csv.writer(text).writerows(lines)
    text.flush()
    text.detach()


def _as_xlsx(lines: Iterator[Line], file: IO[bytes]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("数据"))
    sheet.freeze_panes = "B2"
    head = next(lines)
    sheet.column_dimensions["A"].width = 7
    for place, label in enumerate(head[1:], start=2):
        sheet.column_dimensions[get_column_letter(place)].width = max(12, min(40, 3 * len(label) + 6))
    cells = [WriteOnlyCell(sheet, value=safe(label)) for label in head]
    for cell in cells:
        cell.font = Font(bold=True)
    sheet.append(cells)
    for line in lines:
        sheet.append(line)
    book.save(file)


def purge_exports() -> int:
    """Throw away files after a day, and what nobody knows of any more; returns how many exports. The rows stay."""
    old = Export.objects.filter(gone_at__isnull=True, made_at__lt=Now() - KEPT)
    with transaction.atomic():
        held = list(old.order_by("made_at").select_for_update(skip_locked=True, of=("self",), no_key=True)[:PORTION])
        names = [export.file for export in held if export.file]
        rows = Export.objects.filter(pk__in=[export.pk for export in held])
        # Whoever still writes one is overtaken: its attempt is not the row's any more.
        rows.update(
            state=ExportState.GONE, gone_at=Now(), file="", query="", leased_until=None, attempts=F("attempts") + 1
        )
        transaction.on_commit(partial(_delete, names))
    _sweep()
    return len(held)


def _delete(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _sweep() -> None:
    """Files without a row that leads to them: a worker died in between, or a deletion was missed."""
    with suppress(FileNotFoundError):
        _folders, names = default_storage.listdir(FOLDER)
        known = set(Export.objects.exclude(file="").values_list("file", flat=True))
        before = timezone.now() - LEASE
        for name in names:
            path = f"{FOLDER}/{name}"
            with suppress(FileNotFoundError):
                if path not in known and default_storage.get_modified_time(path) < before:
                    default_storage.delete(path)
