"""Writing Excel files: the template one fills in, and the lines that have to be mended."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from alliance.lib.importing import LANGUAGE, Column, ImportKind, Place
from transfers.cells import safe
from transfers.matching import EXAMPLE, choices_of, how_to_fill
from transfers.sheets import DATA_SHEET, MOST_ROWS

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HELP_SHEET, WORDS_SHEET = "填写说明", "字典"
_HEAD = PatternFill("solid", fgColor="FFF3E6E4")
_GREY = Font(color="FF8A8A8A", italic=True)
_TEXT = "@"


def template(kind: ImportKind, place: Place) -> bytes:
    """An empty table of ``kind``: how to fill it in, the table, and hidden words for its drop-downs."""
    with translation.override(LANGUAGE):
        return _template(kind, place)


def _template(kind: ImportKind, place: Place) -> bytes:
    book = Workbook()
    help_sheet, data, words = book.active, book.create_sheet(DATA_SHEET), book.create_sheet(WORDS_SHEET)
    _help(help_sheet, kind, place)
    words.sheet_state = "hidden"
    for number, column in enumerate(kind.columns, start=1):
        _column(data, number, column)
        if column.choices and (choices := choices_of(column, place)):
            _drop_down(data, words, number, str(column.label), choices)
    data.freeze_panes = "A2"
    book.active = 1
    help_sheet.sheet_view.tabSelected = False
    return _bytes(book)


def table(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = DATA_SHEET) -> bytes:
    """A plain table whose cells are texts that no spreadsheet runs."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.append([safe(text) for text in headers])
    for row in rows:
        sheet.append([safe(value) for value in row])
    return _bytes(book)


def _help(sheet: Any, kind: ImportKind, place: Place) -> None:
    sheet.title = HELP_SHEET
    general = (
        _("请在“数据”这一页填写，一行一条。列名不要改，顺序可以换；带 * 的必填。"),
        _("第2行是示例，导入时自动忽略，可以删掉。一次最多5000行。"),
        _("日期写成2027-01-04。电话和代码的列已设成文本，请照原样填。不要用公式，不要合并单元格。"),
        _("上传后先核对，看过再导入；导入后30天内可以撤销。"),
    )
    for text in (str(kind.label), *general, *map(str, kind.help), ""):
        sheet.append([safe(text)])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append([_("列"), _("必填"), _("怎么填"), _("例子")])
    for column in kind.columns:
        required = _("是") if column.required else ""
        sheet.append([safe(str(part)) for part in (column.label, required, how_to_fill(column, place), column.example)])
    for letter, width in (("A", 24), ("B", 8), ("C", 60), ("D", 30)):
        sheet.column_dimensions[letter].width = width
    for cell in sheet["C"]:
        cell.alignment = Alignment(wrap_text=cell.row > sheet.max_row - len(kind.columns), vertical="top")
    sheet.sheet_view.showGridLines = False


def _column(sheet: Any, number: int, column: Column) -> None:
    letter = get_column_letter(number)
    label, example = str(column.label), str(column.example)
    head = sheet.cell(1, number, safe(f"{label}*" if column.required else label))
    head.font, head.fill, head.alignment = Font(bold=True), _HEAD, Alignment(vertical="center")
    shown = f"{EXAMPLE} {example}" if number == 1 else example
    sample = sheet.cell(2, number, safe(shown))
    sample.font = _GREY
    sheet.column_dimensions[letter].width = max(12, min(40, 2 * max(len(label), len(shown)) + 2))
    if column.as_text or column.is_date:
        sheet.column_dimensions[letter].number_format = _TEXT
        sample.number_format = _TEXT


def _drop_down(data: Any, words: Any, number: int, label: str, choices: Sequence[str]) -> None:
    letter = get_column_letter(number)
    for line, word in enumerate((label, *choices), start=1):
        words.cell(line, number, safe(word))
    rule = DataValidation(type="list", formula1=f"'{WORDS_SHEET}'!${letter}$2:${letter}${len(choices) + 1}")
    rule.allow_blank, rule.showErrorMessage = True, True
    rule.errorTitle, rule.error = label[:30], _("请从下拉里选。")
    rule.add(f"{letter}3:{letter}{MOST_ROWS + 2}")
    data.add_data_validation(rule)


def _bytes(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
