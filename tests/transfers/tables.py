"""Tables as offices send them, and an import from the file to the end."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook, load_workbook

from people.models import Area, User
from transfers.models import ImportBatch, ImportRow
from transfers.services.importing import confirm_import, start_import
from transfers.services.working import work_all
from transfers.states import Mode

UNIT_HEAD = ["单位名称*", "简称", "类型*", "统一社会信用代码", "所在地*", "公开展示", "加入联盟", "备注"]


def xlsx(*rows: list[Any], title: str = "数据") -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def unit_row(number: int, **changes: str) -> list[str]:
    """A unit of 城厢."""
    row = {
        "name": f"第{number}小学",
        "short": "",
        "kind": "学校",
        "uscc": "",
        "area": "万寿桥社区",
        "public": "",
        "alliance": "",
        "note": "",
    }
    return list({**row, **changes}.values())


def unit_table(*rows: list[str]) -> bytes:
    return xlsx(UNIT_HEAD, *rows)


def upload(by: User, area: Area, content: bytes, kind: str = "units", name: str = "名单.xlsx") -> ImportBatch:
    """The file as it stands after the dry run."""
    batch = start_import(by=by, kind=kind, area=area, name=name, content=content)
    work_all()
    batch.refresh_from_db()
    return batch


def carry_out(batch: ImportBatch, by: User, mode: str = Mode.UPDATE) -> ImportBatch:
    """The batch as it stands after the import."""
    confirm_import(pk=batch.pk, by=by, mode=mode)
    work_all()
    batch.refresh_from_db()
    return batch


def outcomes(batch: ImportBatch) -> dict[int, str]:
    return dict(ImportRow.objects.filter(batch=batch).values_list("line", "outcome"))


def results(batch: ImportBatch) -> dict[int, str]:
    return dict(ImportRow.objects.filter(batch=batch).values_list("line", "result"))


def said(batch: ImportBatch, line: int) -> str:
    """Everything that is said beside a row."""
    import json

    found = json.loads(ImportRow.objects.get(batch=batch, line=line).found or "{}")
    return " ".join(text for _key, text in found.get("errors", []))


def opened(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))
