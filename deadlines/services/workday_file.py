"""Reading a list of working days as offices write it: pure, no rows."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from alliance.lib.text import clean

NAME_LENGTH = 30
MOST_LINES = 5000
YEARS = range(2000, 2101)
_WORKING = {
    **dict.fromkeys(("是", "1", "班", "上班", "上", "调休上班", "y", "yes", "true"), True),
    **dict.fromkeys(("否", "0", "休", "休息", "放假", "假", "n", "no", "false"), False),
}
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?(?:\s+0?0:00(?::00)?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
Row = tuple[date, bool, str]


@dataclass(frozen=True)
class Read:
    """The days of a file; ``errors`` has a sentence for every line that cannot be used."""

    rows: tuple[Row, ...]
    errors: tuple[str, ...]


def decoded(content: str | bytes) -> str:
    """``content`` as text: UTF-8 with or without BOM, UTF-16 with one, else the GBK of Chinese spreadsheets."""
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def read_days(content: str | bytes) -> Read:
    """The days of a CSV with the columns 日期, 上班 and 说明; a header is skipped."""
    rows: list[Row] = []
    errors: list[str] = []
    seen: dict[date, int] = {}
    for line, cells in _lines(decoded(content)):
        try:
            row = _row(cells)
        except ValueError as error:
            errors.append(_("第%(line)s行：%(error)s") % {"line": line, "error": error})
            continue
        if row[0] in seen:
            text = _("第%(line)s行：这一天在第%(first)s行已经有了。")
            errors.append(text % {"line": line, "first": seen[row[0]]})
            continue
        seen[row[0]] = line
        rows.append(row)
    if not rows and not errors:
        errors.append(_("文件里没有日期。每行写一天：日期,上班,说明。"))
    return Read(tuple(rows), tuple(errors))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells, empty lines and the header left out."""
    first = text.lstrip().partition("\n")[0].replace("，", ",")
    separator = next((sign for sign in ("\t", ";") if sign in first and "," not in first), ",")
    plain = text.replace("，", ",").replace("\0", "")
    reader = csv.reader(io.StringIO(plain, newline=""), delimiter=separator)
    begun = False
    for raw in reader:
        cells = [clean(unicodedata.normalize("NFKC", cell)) for cell in raw]
        if not any(cells):
            continue
        if not begun and ("日期" in cells[0] or cells[0].lower() in ("date", "day")):
            begun = True
            continue
        begun = True
        yield reader.line_num, cells
        if reader.line_num > MOST_LINES:
            return


def _row(cells: list[str]) -> Row:
    """Raises ``ValueError`` with a sentence for whoever wrote the file."""
    day = _day(cells[0])
    word = cells[1].lower() if len(cells) > 1 else ""
    if word not in _WORKING:
        raise ValueError(_("“上班”一列请写是或否，现在是“%(value)s”。") % {"value": word[:20]})
    name = cells[2] if len(cells) > 2 else ""
    if len(name) > NAME_LENGTH:
        raise ValueError(_("说明请不要超过%(most)s个字。") % {"most": NAME_LENGTH})
    return day, _WORKING[word], name


def _day(text: str) -> date:
    match = _DATE.fullmatch(text) or _COMPACT.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        day = date(*map(int, match.groups()))
    except ValueError:
        raise ValueError(_("“%(value)s”不是日期，请写成2027-01-04这样。") % {"value": text[:20]}) from None
    if day.year not in YEARS:
        raise ValueError(_("“%(value)s”不在2000年到2100年之间。") % {"value": text[:20]})
    return day
