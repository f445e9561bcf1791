"""A list of 160 units with two bad rows: looked at, imported, mended, found by its sounds, taken back."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Doors

pytestmark = pytest.mark.browser
COUNT = 160


def _names() -> list[str]:
    numbers = "甲乙丙丁戊己庚辛壬癸"
    return [f"银杏{numbers[number // 16]}{numbers[number % 10]}路{number}号学校" for number in range(COUNT)]


def _list(folder: Path) -> Path:
    """160 units; one of a kind that there is not, one with a code that does not check."""
    from tests.transfers.tables import unit_row, unit_table

    rows = [unit_row(number, name=name) for number, name in enumerate(_names())]
    rows[40][2], rows[90][3] = "饭店", "91350100M000100Y44"
    path = folder / "名单.xlsx"
    path.write_bytes(unit_table(*rows))
    return path


def _send(page: Page, path: Path) -> None:
    page.goto("/admin/import/units/")
    page.get_by_label("文件").set_input_files(path)
    page.get_by_role("button", name="上传核对").click()
    expect(page.get_by_role("heading", name="正在逐行核对，还没有写入")).to_be_visible()


def _work() -> None:
    """The worker's turns, as many as a busy machine needs; the page asks by itself and hears of it."""
    from transfers.models import ImportBatch
    from transfers.services.working import work_all

    while ImportBatch.objects.unfinished().exists():
        work_all()


def _look_at(page: Page, path: Path, found: str) -> None:
    _send(page, path)
    _work()
    expect(page.get_by_text(found)).to_be_visible()


def _import(page: Page, count: int) -> None:
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_role("heading", name="正在导入")).to_be_visible()
    _work()
    expect(page.get_by_role("link", name=f"已导入 {count}")).to_be_visible()


def _mended(page: Page, folder: Path) -> Path:
    """The two bad lines as the page hands them out, put right."""
    with page.expect_download() as download:
        page.get_by_role("button", name="下载有错的行").click()
    book = load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    sheet = book.worksheets[0]
    assert sheet.max_row == 3
    sheet["C2"], sheet["D3"] = "学校", ""
    book.save(folder / "改好的.xlsx")
    return folder / "改好的.xlsx"


def _take_back(page: Page, name: str) -> None:
    page.goto("/admin/import/")
    page.get_by_role("link", name=name).first.click()
    page.get_by_text("撤销这次导入").click()
    page.get_by_role("button", name="确认撤销").click()
    expect(page.get_by_role("heading", name="正在撤销")).to_be_visible()
    _work()
    expect(page.get_by_role("link", name="已拿掉或改回")).to_be_visible()


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_list_comes_in_is_mended_found_and_taken_back(doors: Doors, screen: dict[str, Any], tmp_path: Path) -> None:
    from members.models import MemberUnit

    page, before = doors.open(screen, who=doors.site.cast.chengxiang.clerk), MemberUnit.objects.count()
    _look_at(page, _list(tmp_path), "新增158行，有变化0行，没有变化0行，有错2行。")
    expect(page.get_by_text("没有“饭店”")).to_be_visible()
    mended = _mended(page, tmp_path)
    _import(page, 158)
    _look_at(page, mended, "新增2行，有变化0行，没有变化0行，有错0行。")
    _import(page, 2)
    assert MemberUnit.objects.count() == before + COUNT

    page.goto("/admin/members/memberunit/?q=yxbjl40")
    expect(page.get_by_role("link", name=_names()[40]).first).to_be_visible()

    _take_back(page, "改好的.xlsx")
    _take_back(page, "名单.xlsx")
    assert MemberUnit.objects.count() == before
