"""What an import looks like: how far it is, what it found, row by row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.importing import Column, ImportKind, importer, label_in_table
from alliance.lib.privacy import mask_phone
from transfers.matching import columns_of, values_of
from transfers.models import ImportBatch, ImportRow
from transfers.sheets import IS_FORMULA
from transfers.states import BatchState, Outcome, Result

PAGE, FIRST = 50, 5
"""Rows of a page, and of each ending where all are shown side by side."""
TONES = {
    Outcome.ERROR: "late",
    Outcome.CHANGED: "warn",
    Outcome.NEW: "ok",
    Result.FAILED: "late",
    Result.KEPT: "warn",
    Result.LEFT: "warn",
    Result.DONE: "ok",
}
LOOKED = (Outcome.ERROR, Outcome.CHANGED, Outcome.NEW, Outcome.SAME)
STANDS = (Result.DONE, Result.LEFT, Result.KEPT)
ENDED = (Result.FAILED, Result.KEPT, Result.LEFT, Result.DONE, Result.UNDONE, Result.SKIPPED)
BUSY = {
    BatchState.PLANNING: gettext_lazy("正在逐行核对，还没有写入"),
    BatchState.APPLYING: gettext_lazy("正在导入"),
    BatchState.UNDOING: gettext_lazy("正在撤销"),
}


@dataclass(frozen=True)
class Shown:
    """One row: what it is about, what would change, what is wrong; of a new one, what the file says of it.

    ``url`` leads to what it made, where that stands."""

    line: int
    title: str
    changes: Sequence[tuple[str, str, str]]
    errors: Sequence[tuple[str, str]]
    facts: Sequence[tuple[str, str]] = ()
    url: str = ""


@dataclass(frozen=True)
class Group:
    """The first rows of one ending. ``more``: how many are not among them."""

    tab: dict[str, Any]
    rows: Sequence[Shown]
    more: int


def kind_label(batch: ImportBatch) -> str:
    kind = importer(batch.kind)
    return str(kind.label) if kind else batch.kind


def progress(batch: ImportBatch) -> dict[str, Any]:
    """How far a worker is."""
    return {
        "batch": batch,
        "words": BUSY.get(BatchState(batch.state), ""),
        "done": min(batch.done, batch.total),
        "url": reverse("admin:transfer_import_progress", args=[batch.pk]),
    }


def is_looked_at(batch: ImportBatch) -> bool:
    """Whether what was found is shown (else what became of it)."""
    return batch.state in (BatchState.READY, BatchState.PLANNING)


def tabs(batch: ImportBatch, chosen: str) -> list[dict[str, Any]]:
    """One tab per ending that occurs, the worst first."""
    looked, counts = is_looked_at(batch), batch.counts
    names: Sequence[Any] = LOOKED if looked else ENDED
    found = [(name, counts.get(name if looked else f"result_{name}", 0)) for name in names]
    return [
        {"label": name.label, "count": count, "tone": TONES.get(name, ""), "key": name.value, "on": name == chosen}
        for name, count in found
        if count
    ]


def groups_of(batch: ImportBatch) -> list[Group]:
    """Before anything is written: the first rows of every ending side by side."""
    column, found = "outcome" if is_looked_at(batch) else "result", []
    for tab in tabs(batch, ""):
        rows = _shown(batch, batch.rows.filter(**{column: tab["key"]}).order_by("line")[:FIRST])
        found.append(Group(tab, rows, max(0, tab["count"] - len(rows))))
    return found


def tab_of(batch: ImportBatch, asked: str) -> str:
    """The tab to show: the one asked for, else the first there is."""
    keys = [tab["key"] for tab in tabs(batch, "")]
    return asked if asked in keys else (keys[0] if keys else "")


def rows_of(batch: ImportBatch, tab: str, after: int) -> tuple[list[Shown], int]:
    """The rows of a tab behind line ``after``, and the line after which the next page begins (0: none)."""
    column = "outcome" if is_looked_at(batch) else "result"
    rows = list(batch.rows.filter(line__gt=after, **{column: tab}).order_by("line")[: PAGE + 1])
    shown = _shown(batch, rows[:PAGE])
    return shown, rows[PAGE - 1].line if len(rows) > PAGE else 0


def _shown(batch: ImportBatch, rows: Iterable[ImportRow]) -> list[Shown]:
    kind = importer(batch.kind)
    columns = {column.key: column for column in kind.columns} if kind else {}
    shown = []
    for row in rows:
        found = json.loads(row.found or "{}")
        changes = [(_label(columns, key), old, new) for key, old, new in found.get("changes", [])]
        errors = [_beside(columns, key, text) for key, text in found.get("errors", [])]
        title = found.get("title") or _first(row, kind, batch)
        facts = _facts(row, kind, batch, title) if row.outcome == Outcome.NEW and not row.result else []
        url = kind.page(row.subject) if kind and row.subject and row.result in STANDS else ""
        shown.append(Shown(row.line, title, changes, errors, facts, url))
    return shown


def _label(columns: Mapping[str, Column], key: str) -> str:
    return str(columns[key].label) if key in columns else key


def _beside(columns: Mapping[str, Column], key: str, text: str) -> tuple[str, str]:
    """The column and what is wrong with it; a sentence that begins with the column's name says it once."""
    column = columns.get(key)
    if column is None or text.startswith((str(column.label), label_in_table(column.label))):
        return "", text
    return str(column.label), text


def _cells(row: ImportRow, kind: ImportKind, batch: ImportBatch) -> list[tuple[Column, str]]:
    """What the file says of a row, without what nobody may read again and what cannot be read; phones masked."""
    columns = {column.key: column for column in kind.columns}
    values = values_of(kind, columns_of(kind, batch.headers), json.loads(row.cells or "[]"))
    open_cells = [(columns[key], text) for key, text in values.items() if text and not columns[key].secret]
    readable = [(column, text) for column, text in open_cells if text != IS_FORMULA]
    return [(column, mask_phone(text) if column.masked else text) for column, text in readable]


def _facts(row: ImportRow, kind: ImportKind | None, batch: ImportBatch, title: str) -> list[tuple[str, str]]:
    """What would be registered, but for what the title says already."""
    said = title.split(" · ")
    return [
        (str(column.label), text) for column, text in (_cells(row, kind, batch) if kind else []) if text not in said
    ]


def _first(row: ImportRow, kind: ImportKind | None, batch: ImportBatch) -> str:
    """The first cells of a row that could not be looked at; where its name is not among them, with their column."""
    cells = _cells(row, kind, batch) if kind else []
    if kind is None or not cells:
        return ""
    column, text = cells[0]
    if column.key != kind.columns[0].key:
        return _("%(label)s：%(value)s") % {"label": column.label, "value": text[:20]}
    return " · ".join(text[:20] for _column, text in cells[:2])


def mended_rows(batch: ImportBatch) -> tuple[list[str], list[list[str]]]:
    """The lines that have to be mended, as they were sent, with 行号, 字段 and 原因."""
    kind = importer(batch.kind)
    labels = {column.key: str(column.label) for column in kind.columns} if kind else {}
    secret = {column.key for column in kind.columns if column.secret} if kind else set()
    named = columns_of(kind, batch.headers) if kind else []
    lines = []
    for row in bad_rows(batch).iterator(500):
        cells = ["" if key in secret else text for key, text in zip(named, json.loads(row.cells), strict=False)]
        errors = json.loads(row.found or "{}").get("errors", [])
        fields = "；".join(labels.get(key, "") for key, _text in errors if key)
        lines.append([*cells, str(row.line), fields, "；".join(text for _key, text in errors)])
    return [*batch.headers, _("行号"), _("字段"), _("原因")], lines


def reasons_of(batch: ImportBatch, rows: Iterable[ImportRow]) -> list[dict[str, Any]]:
    """Line, column and reason of rows that were not imported; nothing of what they say."""
    kind = importer(batch.kind)
    labels = {column.key: str(column.label) for column in kind.columns} if kind else {}
    reasons = []
    for row in rows:
        for key, text in json.loads(row.found or "{}").get("errors", []):
            reasons.append({"line": row.line, "field": labels.get(key, ""), "message": text})
    return reasons


def bad_rows(batch: ImportBatch) -> QuerySet[ImportRow]:
    if is_looked_at(batch):
        return batch.rows.filter(outcome=Outcome.ERROR).order_by("line")
    return batch.rows.filter(result__in=[Result.FAILED, Result.KEPT]).order_by("line")


def has_bad_rows(batch: ImportBatch) -> bool:
    counts = batch.counts
    return bool(counts.get("error", 0) + counts.get("result_failed", 0) + counts.get("result_kept", 0))
