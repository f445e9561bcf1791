"""导入 in the workbench: template, upload, preview, result, undo; for whom."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from members.models import Alliance, Liaison, MemberUnit
from tests.cast import BACKEND, Cast
from tests.transfers.tables import UNIT_HEAD, carry_out, opened, unit_row, unit_table, upload, xlsx
from transfers import words as sentences
from transfers.models import ImportBatch
from transfers.services import importing
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


def _text(response: Any) -> str:
    """The page as it is read, a blank for every run of blanks."""
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


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
    assert "导入了1行，1行有错没有导入。" in page and "撤销这次导入" in page
    assert MemberUnit.objects.filter(name="第1小学").exists()
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


def test_the_reason_stands_beside_the_last_filled_column(cast: Cast) -> None:
    clerk = cast.chengxiang.clerk
    batch = upload(clerk, cast.chengxiang.street, unit_table(unit_row(1, kind="没有"), unit_row(2)))
    rows = list(opened(_bytes(_client(clerk).post(f"/admin/import/{batch.pk}/errors/"))).active.values)
    assert list(rows[0]) == [*UNIT_HEAD, "行号", "字段", "原因"]
    assert rows[1][0] == "第1小学" and "没有" in str(rows[1][-1]) and rows[1][-3] == "2"


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
        return re.findall(r'href="/admin/import/([a-z-]+)/"', _client(user).get("/admin/import/").content.decode())

    assert offered(cast.chengxiang.clerk) == [
        "units",
        "liaisons",
        "party",
        "resources",
        "agreements",
        "projects",
        "project-milestones",
        "project-figures",
        "project-assessments",
        "service-menu",
        "project-stories",
        "deeds",
        "deed-reports",
    ]
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


def test_before_anything_is_written_a_bit_of_everything_is_shown(cast: Cast, alliance: Alliance) -> None:
    """New rows with what would be registered, changed ones from what to what, wrong ones with what is wrong, once."""
    here = cast.chengxiang
    carry_out(upload(here.clerk, here.street, unit_table(unit_row(1, note="原来"), unit_row(2))), here.clerk)
    rows = [unit_row(1, note="后来"), unit_row(2), unit_row(3, alliance="平常心党建联盟"), unit_row(4, uscc="123")]
    more = [unit_row(number) for number in range(5, 12)]
    batch = upload(here.clerk, here.street, unit_table(*rows, *more))
    page = _text(_client(here.clerk).get(f"/admin/import/{batch.pk}/"))
    assert "新增8行，有变化1行，没有变化1行，有错1行" in page
    assert re.findall(r'id="ending-(\w+)"', page) == ["error", "changed", "new", "same"]
    assert re.search(r'备注：<span class="old">原来</span> → <span class="new">后来</span>', page)
    assert "<span>类型：学校</span><span>所在地：万寿桥社区</span><span>加入联盟：平常心党建联盟</span>" in page
    assert '<p class="why">统一社会信用代码应为18位，现在是3位。</p>' in page
    assert [f"第{number}小学" in page for number in (5, 8, 9)] == [True, True, False] and "还有3行" in page
    assert "第9小学" in _text(_client(here.clerk).get(f"/admin/import/{batch.pk}/?show=new"))


def test_a_row_whose_name_is_a_formula_is_not_called_by_it(cast: Cast) -> None:
    here = cast.chengxiang
    batch = upload(here.clerk, here.street, unit_table(unit_row(1, name="=A1"), unit_row(2, short="长" * 2001)))
    page = _text(_client(here.clerk).get(f"/admin/import/{batch.pk}/"))
    assert "<b>类型：学校</b>" in page and "单位名称：</span>" not in page and "<b>=" not in page
    assert "简称：太长了，最多30字" in page and "最多2000" not in page and "长" * 31 not in page


def test_a_preview_masks_phones_and_keeps_first_passwords_to_itself(cast: Cast) -> None:
    here = cast.chengxiang
    head = ["用户名*", "姓名*", "角色*", "区域*", "手机", "初始密码"]
    line = ["wangfang", "王芳", "社工", "万寿桥社区", "13800007001", "Xin-Ma-Tou-2027"]
    batch = upload(here.system_admin, here.street, xlsx(head, line), "staff")
    page = _text(_client(here.system_admin).get(f"/admin/import/{batch.pk}/"))
    assert "手机：138****7001" in page and "用户名：wangfang" in page
    assert "13800007001" not in page and "Xin-Ma-Tou" not in page


def test_every_choice_is_named_where_a_table_is_explained(cast: Cast) -> None:
    client = _client(cast.chengxiang.clerk)
    page = _text(client.get(KIND))
    assert "可以填：" in page and "民营企业" in page and "万寿桥社区" in page
    sheet = opened(_bytes(client.get(KIND + "template/")))["填写说明"]
    said = {str(row[0].value): str(row[2].value) for row in sheet.iter_rows(min_col=1, max_col=3)}
    assert "民营企业" in said["类型"] and "万寿桥社区" in said["所在地"] and said["公开展示"].endswith("可以填：是、否")


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (
            {"new": 4, "error": 3, "same": 1, "result_done": 4, "result_failed": 3, "result_skipped": 1},
            ["导入了4行", "3行有错没有导入", "1行没有变化"],
        ),
        ({"changed": 2, "same": 1, "result_skipped": 3}, ["1行没有变化", "2行照您选的跳过了"]),
        (
            {"new": 6, "result_undone": 2, "result_left": 3, "result_kept": 1},
            ["拿掉或改回2行", "3行留下登记、已退出", "1行没有撤销"],
        ),
        ({"new": 3}, []),
    ],
)
def test_what_became_of_an_import_is_one_sentence(counts: dict[str, int], said: list[str]) -> None:
    assert sentences.ended(counts) == ("，".join(said) + "。" if said else "")


def test_who_sends_too_many_files_reads_how_many_and_until_when(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = _client(cast.chengxiang.clerk)
    monkeypatch.setattr(importing, "UPLOADS", 2)
    monkeypatch.setattr(importing, "TRIES", 6)
    for _try in range(2):
        assert _send(client, b"hello", name="a.csv").status_code == 422  # type: ignore[attr-defined]
    for number in range(2):
        assert _send(client, unit_table(unit_row(number))).status_code == 302  # type: ignore[attr-defined]
    refused = _send(client, unit_table(unit_row(9)))
    page = refused.content.decode()  # type: ignore[attr-defined]
    assert refused.status_code == 429 and "一小时最多传2个文件" in page  # type: ignore[attr-defined]
    assert re.search(r"过\d+分钟可以再传", page)


def test_files_that_cannot_be_read_have_a_limit_of_their_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = _client(cast.chengxiang.clerk)
    monkeypatch.setattr(importing, "TRIES", 2)
    answers = [_send(client, b"hello", name="a.csv").status_code for _try in range(3)]  # type: ignore[attr-defined]
    assert answers == [422, 422, 429]


def test_what_was_imported_leads_to_its_unit(cast: Cast) -> None:
    here = cast.chengxiang
    batch = carry_out(upload(here.clerk, here.street, unit_table(unit_row(1))), here.clerk)
    unit = MemberUnit.objects.get(name="第1小学")
    page = _client(here.clerk).get(f"/admin/import/{batch.pk}/").content.decode()
    assert f'href="/admin/members/memberunit/{unit.pk}/change/">第1小学' in page
