"""From the lines of a file to rows of a kind: the header is found by its labels, cells are named and checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.lib.importing import LANGUAGE, Column, ImportKind, Place, Values
from alliance.lib.text import fold
from transfers.archives import refused
from transfers.cells import GUARD, unguarded
from transfers.sheets import ABOVE, MOST_ROWS, Line, fault_words

EXAMPLE = "示例(自动忽略)"
NAMED = 24
"""So many words of a choice are named where a table is explained."""
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0?0:00(?::00)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"[2-8]\d{4}")
_QUOTES = (GUARD, "’", "‘", "`")


@dataclass
class Read:
    """One row: ``values`` by column key, ``errors`` as (column key, sentence)."""

    line: int
    cells: list[str]
    values: Values
    errors: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """A file that fits the kind. ``unused``: headers that mean nothing here."""

    headers: list[str]
    rows: list[Read]
    unused: list[str]


def match(kind: ImportKind, lines: Sequence[Line], place: Place) -> Table:
    """The rows of ``lines``. Raises ``Invalid`` (no header, a column twice or missing, no rows, too many)."""
    head = _header(kind, lines)
    # A sheet is read some columns further than it is filled: what stands in none of them is no column of the file.
    width = max(_width(line.cells) for line in lines[head:])
    headers = [*lines[head].cells, *[""] * width][:width]
    named = columns_of(kind, headers)
    found = [key for key in named if key]
    for column in kind.columns:
        if found.count(column.key) > 1:
            raise refused(_("表头“%(label)s”出现了两次，请留一个。") % {"label": column.label})
        if column.required and column.key not in found:
            raise refused(_("缺少“%(label)s”这一列。请用下载的模板填。") % {"label": column.label})
    choices = {column.key: choices_of(column, place) for column in kind.columns if column.choices}
    rows = [_read(kind, named, line, choices) for line in lines[head + 1 :] if not _is_example(line)]
    if not rows:
        raise refused(_("表格里还没有数据。请从示例下面一行开始填。"))
    if len(rows) > MOST_ROWS:
        raise refused(_("一次最多导入5000行。请分成几个文件。"))
    _mark_twins(kind, rows)
    unused = [text for text, key in zip(headers, named, strict=True) if text and not key]
    return Table([text[:80] for text in headers], rows, unused[:20])


def _width(cells: Sequence[str]) -> int:
    """Up to the last cell that holds something."""
    return max((place for place, text in enumerate(cells, start=1) if text), default=0)


def columns_of(kind: ImportKind, headers: Sequence[str]) -> list[str]:
    """For each header the key of its column, or an empty text."""
    with translation.override(LANGUAGE):
        known = {_label(word): column.key for column in kind.columns for word in (str(column.label), *column.also)}
    return [known.get(_label(text), "") for text in headers]


def values_of(kind: ImportKind, named: Sequence[str], cells: Sequence[str]) -> Values:
    """The cells by column key, each as its column wants it; what is wrong with them was said when they were read."""
    columns = {column.key: column for column in kind.columns}
    pairs = zip(named, cells, strict=False)
    return {key: _value(columns[key], text)[0] for key, text in pairs if key}


def choices_of(column: Column, place: Place | None) -> list[str]:
    """The words one may choose from; without a place none that hang on it."""
    with translation.override(LANGUAGE):
        if callable(column.choices):
            return [str(word) for word in column.choices(place.by, place.area.code)] if place else []
        return [str(word) for word in column.choices]


def how_to_fill(column: Column, place: Place | None) -> str:
    """What the column wants, and the words to choose from; without a place only those that are the same everywhere."""
    said = [str(column.help)] if column.help else []
    if words := choices_of(column, place) if column.choices else []:
        few = "、".join(words[:NAMED]) + ("…" if len(words) > NAMED else "")
        said.append(_("可以填：%(few)s") % {"few": few})
    elif column.choices:
        said.append(_("从下拉里选"))
    return pgettext("between two hints", "；").join(said)


def as_date(text: str) -> date | None:
    """2027-01-04, 2027/1/4, 2027年1月4日, 20270104 or Excel's own count of days."""
    if found := _DATE.fullmatch(text) or _COMPACT.fullmatch(text):
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            return None
    return date(1899, 12, 30) + timedelta(days=int(text)) if _SERIAL.fullmatch(text) else None


def _label(text: str) -> str:
    plain = unicodedata.normalize("NFKC", str(text))[:80]
    return re.sub(r"\(?必填\)?|[*\s:]", "", plain).lower()


def _header(kind: ImportKind, lines: Sequence[Line]) -> int:
    """Where the header stands: the line among the first that names most columns."""
    best, most = -1, 0
    for place, line in enumerate(lines[:ABOVE]):
        count = sum(bool(key) for key in columns_of(kind, line.cells))
        if count > most:
            best, most = place, count
    if most == 0 or (most == 1 and len(kind.columns) > 2):
        raise refused(_("没有找到表头。请用下载的模板填，第一行的列名不要改。"))
    return best


def _is_example(line: Line) -> bool:
    return any(EXAMPLE in unicodedata.normalize("NFKC", text[:80]) for text in line.cells[:3])


def _read(kind: ImportKind, named: Sequence[str], line: Line, choices: dict[str, list[str]]) -> Read:
    cells = [*line.cells, *[""] * (len(named) - len(line.cells))][: len(named)]
    read = Read(line.number, cells, {})
    columns = {column.key: column for column in kind.columns}
    for spot, key in enumerate(named):
        if not key:
            continue
        column = columns[key]
        if spot in line.faults:
            read.errors.append((key, fault_words(line.faults[spot], column.most)))
        read.values[key], problem = _value(column, cells[spot])
        if spot not in line.faults and (problem := problem or _missing(column, read.values[key], choices.get(key))):
            read.errors.append((key, problem))
    return read


def _value(column: Column, text: str) -> tuple[str, str]:
    """The cell as the column wants it, and what is wrong with it."""
    plain = unguarded(text)
    if column.as_text or column.is_date:
        plain = unicodedata.normalize("NFKC", plain.lstrip("".join(_QUOTES))).strip()
    if column.is_date and plain:
        day = as_date(plain)
        if day is None or not 1900 <= day.year <= 2100:
            return plain, _("“%(value)s”不是日期，请写成2027-01-04这样。") % {"value": plain[:20]}
        return day.isoformat(), ""
    if len(plain) > column.most:
        return plain, _("太长了，最多%(n)d字。") % {"n": column.most}
    return plain, ""


def _missing(column: Column, value: str, choices: list[str] | None) -> str:
    if not value:
        return _("请填写。") if column.required else ""
    if choices is not None and fold(value) not in {fold(word) for word in choices}:
        few = "、".join(choices[:12]) + ("…" if len(choices) > 12 else "")
        return _("没有“%(value)s”。可以填：%(few)s") % {"value": value[:20], "few": few}
    return ""


def _mark_twins(kind: ImportKind, rows: Sequence[Read]) -> None:
    """Of two lines about the same thing the second is an error."""
    seen: dict[str, int] = {}
    for row in rows:
        for key in filter(None, kind.natural(row.values)):
            if key in seen and seen[key] != row.line:
                row.errors.append(("", _("和第%(line)s行重复，请留一行。") % {"line": seen[key]}))
                break
            seen.setdefault(key, row.line)
