"""Tables as offices send them: Excel and CSV, merged cells, formulas, dates as text, headers in another order."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
import zlib
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from alliance.lib.errors import Invalid
from alliance.lib.importing import Column, ImportKind, Place, Plan, importer
from tests.prove.mutants import SHEET, forged
from tests.transfers.tables import opened, xlsx
from transfers import sheets, workbooks
from transfers.cells import GUARD, safe, unguarded
from transfers.matching import Table, as_date, match
from transfers.sheets import read_table

KIND = ImportKind(
    "things",
    label="东西",
    columns=(
        Column("name", "名称", required=True, most=40),
        Column("phone", "手机", as_text=True, also=("电话",)),
        Column("day", "日期", is_date=True),
        Column("kind", "类型", choices=("甲", "乙")),
    ),
    roles=frozenset(),
    natural=lambda row: [row.get("name", "")],
    plan=lambda rows, place: [Plan("new") for _row in rows],
    apply=lambda row, place: None,  # type: ignore[arg-type,return-value]
    revert=lambda subject, before, place: None,
)
PLACE = Place(None, None)
HEAD = ["名称*", "手机", "日期", "类型"]


def _table(content: bytes, name: str = "a.xlsx") -> Table:
    return match(KIND, read_table(name, content), PLACE)


def _values(content: bytes, name: str = "a.xlsx") -> list[dict[str, str]]:
    return [row.values for row in _table(content, name).rows]


def _refused(content: bytes, name: str = "a.xlsx") -> str:
    with pytest.raises(Invalid) as caught:
        _table(content, name)
    return str(caught.value.fields["file"][0])


def test_columns_are_found_by_their_labels_wherever_they_stand() -> None:
    content = xlsx(["城厢街道名单"], ["类 型", "别的", "电话", "名称（必填）"], ["甲", "x", "13800000001", "王桥"], [])
    table = _table(content)
    assert table.rows[0].values == {"kind": "甲", "phone": "13800000001", "name": "王桥"}
    assert table.unused == ["别的"] and table.rows[0].line == 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_csv_in_every_usual_encoding(encoding: str, sign: str) -> None:
    text = sign.join(HEAD) + "\r\n" + sign.join(["杭州（集团）", "'１３８００００ ００01", "2027年1月4日", "甲"])
    assert _values(text.encode(encoding), "a.csv") == [
        {"name": "杭州（集团）", "phone": "1380000 0001", "day": "2027-01-04", "kind": "甲"}
    ]


def test_numbers_dates_and_yes_are_read_as_people_mean_them() -> None:
    content = xlsx(HEAD, ["ＡＢ 厂", 13800000001, datetime(2027, 1, 4), "乙"], ["b", 13800000002.0, 46391, ""])
    first, second = _values(content)
    assert first == {"name": "AB 厂", "phone": "13800000001", "day": "2027-01-04", "kind": "乙"}
    assert second["phone"] == "13800000002" and second["day"] == as_date("46391").isoformat()  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["2027-01-04", "2027/1/4", "2027.1.4", "2027年1月4日", "20270104", "2027-01-04 00:00"])
def test_dates_as_text(text: str) -> None:
    assert as_date(text) == date(2027, 1, 4)


@pytest.mark.parametrize("text", ["2027-02-30", "去年", "27-1-4", "2027-13-01"])
def test_what_is_no_date_is_said_beside_the_row(text: str) -> None:
    row = _table(xlsx(HEAD, ["a", "", text, ""])).rows[0]
    assert row.errors[0][0] == "day" and "不是日期" in row.errors[0][1]


def test_a_formula_is_refused_though_it_has_a_value() -> None:
    row = _table(xlsx(HEAD, ["=A1", "=1+1", "", ""])).rows[0]
    assert [key for key, text in row.errors if "公式" in text] == ["name", "phone"]


def test_merged_cells_are_refused_row_by_row_and_a_merged_title_is_not() -> None:
    book = Workbook()
    sheet: Any = book.active
    for cells in (["名单"], HEAD, ["a", "1", "", ""], [None, "2", "", ""], ["c", "3", "", ""]):
        sheet.append(cells)
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("A3:A4")
    stream = io.BytesIO()
    book.save(stream)
    table = _table(stream.getvalue())
    said = [[text for _key, text in row.errors if "合并" in text] for row in table.rows]
    assert [bool(texts) for texts in said] == [True, True, False]


def test_a_long_number_that_excel_has_rounded_is_refused() -> None:
    assert "Excel已改掉" in _table(xlsx(HEAD, ["a", 913301090123456789, "", ""])).rows[0].errors[0][1]
    content = ",".join(HEAD) + "\na,9.1330109E+17,,"
    assert "Excel已改掉" in _table(content.encode(), "a.csv").rows[0].errors[0][1]


def test_the_example_and_empty_rows_are_left_out_and_twins_are_named() -> None:
    rows = _table(xlsx(HEAD, ["示例（自动忽略） x"], [], ["a"], ["b"], ["a"])).rows
    assert [row.values["name"] for row in rows] == ["a", "b", "a"] and "第4行重复" in rows[2].errors[0][1]


def test_a_word_that_is_not_offered_is_answered_with_those_that_are() -> None:
    assert "甲、乙" in _table(xlsx(HEAD, ["a", "", "", "丙"])).rows[0].errors[0][1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (xlsx(["名称", "名称", "手机"], ["a", "b", "1"]), "出现了两次"),
        (xlsx(["手机", "类型"], ["1", "甲"]), "缺少“名称”"),
        (xlsx(["x", "y"], ["1", "2"]), "没有找到表头"),
        (xlsx(HEAD), "还没有数据"),
        (xlsx(HEAD, *(["a"] for _n in range(5001))), "最多导入5000行"),
        (b"\x00\x01\x02" * 50, "不是表格"),
        (b"<html><table>", "网页"),
    ],
)
def test_files_that_cannot_be_used_say_what_to_do(content: bytes, words: str) -> None:
    assert words in _refused(content, "a.csv")


def test_an_excel_name_over_something_else_is_no_excel_file() -> None:
    assert "内容却不是" in _refused("名称,手机\na,1".encode(), "a.xlsx")


def _with(name: str, part: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO(xlsx(HEAD, ["a", "", "", ""]))
    with zipfile.ZipFile(stream, "a", method) as archive:
        archive.writestr(name, part)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "part", "words"),
    [
        ("xl/vbaProject.bin", b"x", "宏"),
        ("xl/externalLinks/externalLink1.xml", b"<x/>", "连着别的文件"),
        ("xl/media/a.bin", b"\0" * 11_000_000, "太大"),
        ("xl/media/a.bin", b"\0" * 9_000_000, "压缩得不正常"),
        ("xl/x.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "写法不正常"),
        ("xl/x.xml", b"<c/>" * 250_000, "太大"),
        ("xl/x.xml", b"<other>x y</other>" * 50_000, "太大"),
    ],
)
def test_what_a_workbook_may_not_carry(name: str, part: bytes, words: str) -> None:
    assert words in _refused(_with(name, part))


def test_a_sheet_of_a_million_rows_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused by its table of contents: nothing is unpacked, so it costs neither time nor memory."""
    row = b'<row r="1"><c><v>1</v></c></row>'
    content = _with("xl/worksheets/sheet9.xml", row * 1_000_000)
    streams: list[Any] = []
    plain = zlib.decompressobj

    def spy(*given: Any) -> Any:
        streams.append(given)
        return plain(*given)

    monkeypatch.setattr(zlib, "decompressobj", spy)
    assert "太大" in _refused(content)
    assert not streams
    _table(xlsx(HEAD, ["a"]))
    assert streams, "the spy sees what is unpacked"


@pytest.mark.parametrize("name", [SHEET, "xl/media/a.png", "xl/x.xml"])
def test_a_part_that_lies_about_its_size_is_not_unpacked(name: str) -> None:
    content = forged(xlsx(HEAD, ["a"]), name, b"<row/>" * 5_000_000)
    tracemalloc.start()
    try:
        assert "打不开" in _refused(content)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(method: int) -> None:
    assert "压缩得不正常" in _refused(_with("xl/media/a.png", b"x", method))


def test_a_part_that_stands_there_twice_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = _with("xl/workbook.xml", b"<x/>")
    assert "压缩得不正常" in _refused(content)


PICTURE_NAMES = ["xl/worksheets/sheet1.png", "xl/worksheets/sheet1.bin", "xl/sheet1"]


def _renamed(name: str, sheet: bytes) -> bytes:
    """The sheet under another name, to which the workbook leads."""
    before, after = io.BytesIO(xlsx(HEAD, ["a"])), io.BytesIO()
    with zipfile.ZipFile(before) as old, zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part).replace(b"worksheets/sheet1.xml", name[3:].encode())
            new.writestr(name if part == SHEET else part, sheet + content if part == SHEET else content)
    return after.getvalue()


@pytest.mark.parametrize("name", PICTURE_NAMES)
def test_a_sheet_that_is_called_otherwise_is_never_parsed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at goes by the name; so nothing else may reach the parser, wherever the workbook leads."""
    laughs = b'<!DOCTYPE x [<!ENTITY a "b">]>'
    assert "读不出来" in _refused(_renamed(name, laughs))
    assert "写法不正常" in _refused(_renamed("xl/worksheets/other.xml", laughs))
    assert _values(_renamed("xl/worksheets/other.xml", b""))
    monkeypatch.setattr(sheets, "checked_archive", io.BytesIO)  # the control: without the look, it is read
    assert _values(_renamed(name, laughs))


def test_a_picture_beside_the_table_is_let_pass() -> None:
    assert _values(_with("xl/media/a.png", bytes(range(256)) * 100))


def test_empty_rows_are_let_pass_within_reason() -> None:
    table = ",".join(HEAD) + "\na,,,\n"
    assert len(_values((table + "\n" * 15_000 + "b,,,\n").encode(), "a.csv")) == 2
    for row in ("", ",", ",,,,", " "):
        assert "最多导入5000行" in _refused((table + f"{row}\n" * 20_000).encode(), "a.csv")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r", "＝", "＋", "－", "＠", " =", "\u3000="])
def test_what_goes_out_is_never_a_formula_and_comes_back_as_it_was(start: str) -> None:
    text = f"{start}1+1"
    assert safe(text).startswith(GUARD) and unguarded(safe(text)) == text
    sheet = opened(workbooks.table(["a"], [[text]])).worksheets[0]
    assert sheet["A2"].data_type == "s"


def test_without_the_guard_a_text_becomes_a_formula() -> None:
    assert opened(xlsx(["a"], ["=1+1"])).worksheets[0]["A2"].data_type == "f"


def test_plain_texts_and_numbers_go_out_untouched() -> None:
    assert [safe(value) for value in ("王桥", "3-5层", -5, 2.5, None, "")] == ["王桥", "3-5层", -5, 2.5, None, ""]
    assert unguarded("'王") == "'王"


@pytest.mark.parametrize("key", ["areas", "staff", "units", "liaisons", "party"])
def test_templates_are_whole_and_hold_no_formula(key: str, cast: Any) -> None:
    kind = importer(key)
    assert kind is not None
    book = opened(workbooks.template(kind, Place(cast.chengxiang.street, cast.chengxiang.system_admin)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    heads = [cell.value for cell in book["数据"][1]]
    assert [head.rstrip("*") for head in heads] == [str(column.label) for column in kind.columns]
    with pytest.raises(Invalid, match="有几处"):  # the example alone is no data
        stream = io.BytesIO()
        book.save(stream)
        match(kind, read_table("a.xlsx", stream.getvalue()), Place(cast.chengxiang.street, None))
