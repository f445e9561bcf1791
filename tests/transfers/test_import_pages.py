"""导入 in the workbench: template, upload, preview, result, undo; for whom."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from members.models import Liaison, MemberUnit
from tests.cast import BACKEND, Cast
from tests.transfers.tables import carry_out, opened, unit_row, unit_table, upload, xlsx
from transfers.models import ImportBatch
from transfers.services.working import work_all

KIND = "/admin/import/units/"


def _client(user: object) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)  # type: ignore[arg-type]
    return client


def _send(client: Client, content: bytes, name: str = "名单.xlsx", area: str = "330109001", url: str = KIND) -> object:
    return client.post(url, {"area": area, "file": SimpleUploadedFile(name, content)})


def _bytes(response: object) -> bytes:
    return b"".join(response) if getattr(response, "streaming", False) else response.content  # type: ignore[attr-defined,call-overload,no-any-return]


def test_the_template_goes_out_and_comes_in_again_filled(cast: Cast) -> None:
    client = _client(cast.chengxiang.clerk)
    response = client.get(KIND + "template/")
    book = opened(_bytes(response))
    assert book.sheetnames == ["填写说明", "数据", "字典"] and book["字典"].sheet_state == "hidden"
    sheet = book["数据"]
    heads = [cell.value for cell in sheet[1]]
    assert heads[0] == "单位名称*" and "示例(自动忽略)" in sheet["A2"].value
    code = heads.index("统一社会信用代码") + 1
    assert sheet.column_dimensions["ABCDEFGHI"[code - 1]].number_format == "@"
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert any("字典" in formula for formula in lists.values()) and "万寿桥社区" in [c.value for c in book["字典"]["E"]]
    sheet.append(["第1小学", "", "学校", "", "万寿桥社区", "", "", "", ""])
    import io

    stream = io.BytesIO()
    book.save(stream)
    response = _send(client, stream.getvalue())
    assert response.status_code == 302  # type: ignore[attr-defined]
    work_all()
    assert ImportBatch.objects.get().counts == {"new": 1}


def test_from_the_upload_to_the_undo_in_the_workbench(cast: Cast) -> None:
    client = _client(cast.chengxiang.clerk)
    url = _send(client, unit_table(unit_row(1), unit_row(2, kind="饭店"))).headers["Location"]  # type: ignore[attr-defined]
    page = client.get(url)
    assert "正在逐行核对" in page.content.decode() and client.get(url + "progress/").status_code == 200
    work_all()
    assert client.get(url + "progress/").headers["HX-Refresh"] == "true"
    page = client.get(url).content.decode()
    assert "新增1行" in page and "有错1行" in page and "没有“饭店”" in page
    assert "第1小学" in client.get(url + "?show=new").content.decode()
    assert client.post(url + "apply/", {"mode": "update"}).status_code == 302
    work_all()
    page = client.get(url + "?show=done").content.decode()
    assert "已导入" in page and "撤销这次导入" in page and MemberUnit.objects.filter(name="第1小学").exists()
    assert client.post(url + "undo/").status_code == 302
    work_all()
    assert "已撤销" in client.get(url).content.decode() and not MemberUnit.objects.filter(name="第1小学").exists()
    assert "名单.xlsx" in client.get(reverse("admin:transfer_imports")).content.decode()


def test_bad_lines_come_back_as_a_file_that_can_be_mended_and_sent_again(cast: Cast) -> None:
    client = _client(cast.chengxiang.clerk)
    batch = upload(cast.chengxiang.clerk, cast.chengxiang.street, unit_table(unit_row(1), unit_row(2, kind="=1+1")))
    sheet = opened(_bytes(client.post(f"/admin/import/{batch.pk}/errors/"))).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][-3:] == ["行号", "字段", "原因"] and rows[1][0] == "第2小学" and rows[1][-3:-1] == ["3", "类型"]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert AuditEntry.objects.filter(action="download", subject=f"import:{batch.pk}").exists()
    rows[1][2] = "学校"
    mended = upload(cast.chengxiang.clerk, cast.chengxiang.street, xlsx(*rows))
    assert mended.counts == {"new": 1}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        (b"hello", "没有找到表头"),
        (b"PK\x03\x04 nonsense", "打不开"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "旧版.xls"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_beside_the_field(cast: Cast, content: bytes, words: str) -> None:
    response = _send(_client(cast.chengxiang.clerk), content, name="a.csv")
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert words in response.content.decode()  # type: ignore[attr-defined]


def test_another_street_and_other_offices_find_nothing(cast: Cast) -> None:
    here = cast.chengxiang
    batch = carry_out(upload(here.clerk, here.street, unit_table(unit_row(1), unit_row(2, kind="x"))), here.clerk)
    for person in (cast.xiasha.clerk, here.worker, here.system_admin):
        client = _client(person)
        for tail in ("", "progress/"):
            assert client.get(f"/admin/import/{batch.pk}/{tail}").status_code == 404
        for tail in ("apply/", "drop/", "undo/", "errors/"):
            assert client.post(f"/admin/import/{batch.pk}/{tail}", {"mode": "update"}).status_code == 404
    # Another street's code in the form is no choice at all.
    assert _send(_client(cast.xiasha.clerk), unit_table(unit_row(1))).status_code == 422  # type: ignore[attr-defined]
    assert _client(here.worker).get(KIND).status_code == 403
    assert _client(here.worker).get("/admin/import/").status_code == 403
    assert _client(here.clerk).get("/admin/import/nothing/").status_code == 404


def test_each_office_is_offered_what_it_keeps(cast: Cast) -> None:
    def offered(user: object) -> list[str]:
        return re.findall(r'href="/admin/import/([a-z]+)/"', _client(user).get("/admin/import/").content.decode())

    assert offered(cast.chengxiang.clerk) == ["units", "liaisons", "party"]
    assert offered(cast.chengxiang.system_admin) == ["staff", "areas"]


def test_a_liaison_of_a_list_gets_a_seat_and_loses_it_with_the_list(cast: Cast) -> None:
    clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
    carry_out(upload(clerk, street, unit_table(unit_row(1), unit_row(2))), clerk)
    head = ["单位*", "姓名*", "手机*", "职务"]
    rows = [
        ["第1小学", "王某", "13800009901", "主任"],
        ["第2小学", "李某", "1380000990", ""],
        ["没有的", "张某", "13800009903"],
    ]
    batch = upload(clerk, street, xlsx(head, *rows), kind="liaisons")
    assert batch.counts == {"new": 1, "error": 2}
    carry_out(batch, clerk)
    seat = Liaison.objects.get(name="王某")
    assert seat.unit.name == "第1小学" and seat.ends_on is None
    again = upload(clerk, street, xlsx(head, *rows), kind="liaisons")
    assert again.counts == {"same": 1, "error": 2}
    _client(clerk).post(f"/admin/import/{batch.pk}/undo/")
    work_all()
    seat.refresh_from_db()
    assert seat.ends_on == seat.starts_on
