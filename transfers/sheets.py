"""Reading a table as offices send it: .xlsx, or CSV in UTF-8 or GBK. Gives texts, and what is wrong with a cell."""

from __future__ import annotations

import csv
import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from typing import IO, Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import range_boundaries

from alliance.lib.errors import Invalid
from alliance.lib.text import clean
from transfers.archives import checked_archive, refused

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 5000
MOST_COLUMNS = 60
MOST_CHARACTERS = 2000
ABOVE = 10
"""Lines that may stand above the first row of data: a title, the header, the example."""
DATA_SHEET = "数据"
FORMULA, MERGED, BROKEN, LONG, ROUNDED = "formula", "merged", "broken", "long", "rounded"
IS_FORMULA = "="
"""What is read of a cell that is a formula."""
_OLE = b"\xd0\xcf\x11\xe0"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+\d{2}")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]{0,80}?ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")


@dataclass
class Line:
    """One row of the table. ``faults`` names cells (by place) that cannot be read as they are."""

    number: int
    cells: list[str]
    faults: dict[int, str] = field(default_factory=dict)


def fault_words(fault: str, most: int) -> str:
    """What to do about a cell that cannot be read, in a column that holds ``most`` characters."""
    return {
        FORMULA: _("这里是公式。请复制后“粘贴为数值”。"),
        MERGED: _("这里的单元格合并了。请取消合并，每一行都填上。"),
        BROKEN: _("这里是Excel算不出来的值，请改成文字。"),
        LONG: _("太长了，最多%(n)d字。") % {"n": most},
        ROUNDED: _("数字太长，Excel已改掉了后几位。请把这一列设成“文本”，再照原样填。"),
    }[fault]


def read_table(name: str, content: bytes) -> list[Line]:
    """The lines of the first sheet that holds data (the one called 数据), empty ones left out.

    Raises ``Invalid`` with a sentence for whoever sent the file.
    """
    if len(content) > MOST_BYTES:
        raise refused(_("文件超过10MB。请删掉用不着的内容，或分成几个文件。"))
    if not content.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise refused(_("文件是空的。"))
    if content.startswith(_OLE):
        raise refused(_("这是旧版.xls，或有密码的文件。请去掉密码，另存为.xlsx再传。"))
    if content.startswith(b"PK"):
        lines = _workbook(checked_archive(content))
    elif name.lower().endswith((".xlsx", ".xlsm", ".xls")):
        raise refused(_("文件名写的是Excel，内容却不是。请用Excel或WPS打开，另存为.xlsx再传。"))
    else:
        lines = _separated(_decoded(content))
    found = list(islice(lines, MOST_ROWS + ABOVE + 1))
    if len(found) > MOST_ROWS + ABOVE:
        raise refused(_("一次最多导入5000行。请分成几个文件。"))
    return found


# --- Excel -----------------------------------------------------------------------------------------------------------


def _workbook(archive: IO[bytes]) -> Iterator[Line]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl does not support is of no interest here
            book = openpyxl.load_workbook(archive, read_only=True, keep_links=False)
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            named = [sheet for sheet in sheets if sheet.title.strip() == DATA_SHEET]
            sheet = (named or sheets)[0]
            merged = _merged(book, sheet)
            # A list: whatever a damaged sheet raises is raised here.
            return iter(list(islice(_rows(sheet, merged), MOST_ROWS + ABOVE + 1)))
    except Invalid:
        raise
    except Exception as error:  # a damaged part may raise anything
        raise refused(_("表格读不出来，可能损坏了。请用Excel或WPS打开，另存为.xlsx再传。")) from error


def _merged(book: Any, sheet: Any) -> list[tuple[int, int, int, int]]:
    """Ranges of merged cells: (first column, first row, last column, last row). Reading row by row hides them."""
    part = book._archive.read(sheet._worksheet_path)
    return [range_boundaries(found.decode()) for found in _MERGE.findall(part)[:2000]]


def _rows(sheet: Any, merged: list[tuple[int, int, int, int]]) -> Iterator[Line]:
    sheet.reset_dimensions()  # what a file says of its own size may be anything
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        _require_few(number)
        line = Line(number, [])
        for place, cell in enumerate(row):
            text, fault = _text(cell)
            line.cells.append(text)
            if fault:
                line.faults[place] = fault
        if any(line.cells) or line.faults:
            # Only rows that hold something: a merge far below the data is nobody's concern.
            for first, top, last, bottom in merged:
                if top <= number <= bottom and bottom > top:
                    line.faults.update(dict.fromkeys(range(first - 1, min(last, len(row))), MERGED))
            yield line


def _require_few(number: int) -> None:
    """Empty rows between are let pass, within reason."""
    if number > MOST_ROWS * 4:
        raise refused(_("一次最多导入5000行。请分成几个文件。"))


def _text(cell: Any) -> tuple[str, str]:
    value, kind = cell.value, getattr(cell, "data_type", "")
    if value is None:
        return "", ""
    if kind == "f":
        return IS_FORMULA, FORMULA
    if kind == "e":
        return str(value)[:20], BROKEN
    if isinstance(value, bool):
        return (_("是") if value else _("否")), ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else f"{value:%Y-%m-%d %H:%M}", ""
    if isinstance(value, date):
        return value.isoformat(), ""
    if isinstance(value, int | float):
        return _number(value)
    return _tidy(str(value))


def _number(value: float) -> tuple[str, str]:
    if value != value or value in (float("inf"), float("-inf")):
        return "", BROKEN
    text = str(int(value)) if value == int(value) else repr(value)
    return text, ROUNDED if abs(value) >= 1e15 else ""


# --- CSV -------------------------------------------------------------------------------------------------------------


def _decoded(content: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with one, else the GBK of Chinese spreadsheets."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    if b"\0" in content:
        raise refused(_("这不是表格文件。请传.xlsx或.csv。"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
        if text.count("\ufffd") > len(text) // 100:
            raise refused(_("这不是表格文件，或编码认不出来。请用Excel打开，另存为.xlsx再传。")) from None
    if text[:1000].lstrip()[:15].lower().startswith(("<html", "<!doctype", "<?xml", "%pdf", "{\\rtf")):
        raise refused(_("这是网页或文档，不是表格。请用Excel或WPS打开，另存为.xlsx再传。"))
    return text


def _separated(text: str) -> Iterator[Line]:
    head = text[:4000].partition("\n")[0]
    signs = sorted(",\t;，", key=lambda sign: -head.count(sign))
    plain = text.replace("\0", "").replace("，", ",") if signs[0] == "，" else text.replace("\0", "")
    reader = csv.reader(_lines(plain), delimiter="," if signs[0] == "，" else signs[0])
    rows: Iterable[list[str]] = reader
    try:
        for number, row in enumerate(rows, start=1):
            _require_few(number)
            line = Line(reader.line_num, [])
            for place, value in enumerate(row[:MOST_COLUMNS]):
                tidy, fault = _tidy(value)
                fault = ROUNDED if _SCIENTIFIC.fullmatch(tidy) else FORMULA if tidy.startswith("=") else fault
                line.cells.append(tidy)
                if fault:
                    line.faults[place] = fault
            if any(line.cells):
                yield line
    except csv.Error as error:
        raise refused(_("表格读不出来，可能损坏了。请用Excel或WPS打开，另存为.xlsx再传。")) from error


def _lines(text: str) -> Iterator[str]:
    """Line by line with its end, as it is wanted: a reader that stops early has not copied the rest."""
    return (found[0] for found in _LINE.finditer(text) if found[0])


def _tidy(text: str) -> tuple[str, str]:
    """Trimmed, NFKC but for Chinese punctuation, which belongs to names: 杭州（集团）."""
    if len(text) > MOST_CHARACTERS:
        return clean(text[:20]) + "…", LONG
    if text.isascii():
        return clean(text), ""
    parts = re.split("([（），：；！？。、“”‘’《》【】—…～·])", text)
    return clean(
        "".join(part if place % 2 else unicodedata.normalize("NFKC", part) for place, part in enumerate(parts))
    ), ""
