"""Exports: exactly the list on the screen, masked, one's own, for a day; and nothing in them that runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from alliance.lib.errors import Invalid, NotAllowed
from alliance.lib.listing import Chosen, Reading, find
from audit.models import AuditEntry
from audit.states import Action
from members.models import MemberUnit
from members.services import create_unit, seat_person
from members.states import UnitKind
from people.models import RoleGrant
from tests.cast import browser_of
from tests.members.conftest import Twins, twins  # noqa: F401 (a fixture)
from tests.transfers.exported import LIAISONS, UNITS, content_of, exported, rows_of, sheet_of
from transfers import cells
from transfers.models import Export
from transfers.services import export_files
from transfers.services.export_files import export_all
from transfers.services.exporting import fetch_export, request_export
from transfers.states import ExportKind, ExportState

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/members/memberunit/"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> Iterator[None]:
    """Files of this test alone."""
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": str(tmp_path), "base_url": None}}
    settings.STORAGES = storages
    yield


def _units(twins: Twins, *names: str) -> list[MemberUnit]:  # noqa: F811
    given: dict[str, Any] = {"kind": UnitKind.BANK, "area": twins.here.community, "by": None}
    return [create_unit(name=name, alliance=twins.here.alliance, **given) for name in names]


def test_the_file_is_the_list_on_the_screen(twins: Twins) -> None:  # noqa: F811
    _units(twins, *(f"银行{number:02}" for number in range(60)))
    query = {"kind": "bank", "q": "银行", "sort": "-name"}
    export = exported(twins.here.clerk, query=query)
    shown = Reading(find(UNITS), twins.here.clerk, Chosen(q="银行", facets={"kind": "bank"}, sort="-name"))
    assert [row[1] for row in rows_of(export)] == [unit.name for unit in shown.rows()]
    assert (export.state, export.total, export.done) == (ExportState.READY, 60, 60)
    assert sheet_of(export)[-1][0].startswith("填报人：许佳")


def test_pages_of_the_file_meet_without_a_gap(twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(export_files, "PORTION", 7)
    _units(twins, *("同名" for _number in range(25)))
    assert [row[0] for row in rows_of(exported(twins.here.clerk))] == list(range(1, 28))
    assert len(rows_of(exported(twins.here.clerk, query={"sort": "-kind"}))) == 27


def test_the_columns_are_those_of_the_screen(twins: Twins) -> None:  # noqa: F811
    export = exported(twins.here.clerk, columns=["uscc", "nonsense"])
    assert sheet_of(export)[0] == ["序号", "单位", "统一社会信用代码"]


def test_nothing_of_another_street_comes_along(twins: Twins) -> None:  # noqa: F811
    every = [column.key for column in find(UNITS).columns]
    export = exported(twins.here.clerk, columns=every)
    text = str(sheet_of(export))
    assert twins.shared.name in text
    for foreign in ("乙街道小学", "乙联盟", "乙社区"):
        assert foreign not in text
    assert len(rows_of(exported(twins.here.clerk, query={"alliance": str(twins.there.alliance.pk)}))) == 0


def _seated(twins: Twins) -> None:  # noqa: F811
    seat_person(
        by=twins.here.clerk,
        unit=twins.here.unit,
        name="欧阳建国",
        phone="13900001234",
        title="",
        is_second=False,
        starts_on=timezone.localdate(),
    )


def test_names_and_phones_are_masked(twins: Twins) -> None:  # noqa: F811
    _seated(twins)
    every = [column.key for column in find(LIAISONS).columns]
    text = str(sheet_of(exported(twins.here.clerk, LIAISONS, columns=every)))
    assert "139****1234" in text
    assert "欧阳**" in text
    assert "欧阳建国" not in text
    assert "13900001234" not in text


def test_unmasked_needs_the_right_and_a_reason_and_is_written_down(twins: Twins) -> None:  # noqa: F811
    _seated(twins)
    with pytest.raises(NotAllowed):
        exported(twins.here.worker, LIAISONS, unmasked=True, why="看看")
    for why in ("", "  ", "长" * 121):
        with pytest.raises(Invalid) as refused:
            exported(twins.here.clerk, LIAISONS, unmasked=True, why=why)
        assert "why" in refused.value.fields
    assert not Export.objects.exists()
    every = [column.key for column in find(LIAISONS).columns]
    export = exported(twins.here.clerk, LIAISONS, columns=every, unmasked=True, why="逐家核对", query={"q": "小学"})
    text = str(sheet_of(export))
    assert "139 0000 1234" in text
    assert "欧阳建国" in text
    assert "逐家核对" in text
    entry = AuditEntry.objects.get(action=Action.EXPORT)
    assert (entry.reason, entry.params["unmasked"], entry.params["words"]) == ("逐家核对", True, True)
    assert "小学" not in str(entry.params)


def test_of_a_unit_of_two_streets_each_sees_its_own_seats_open(twins: Twins) -> None:  # noqa: F811
    """A clerk of one street who only reads in another unmasks what is theirs to call."""
    _seated(twins)
    outsider = twins.there.clerk
    RoleGrant.objects.create(user=outsider, role="community_staff", area=twins.here.community)
    every = [column.key for column in find(LIAISONS).columns]
    text = str(sheet_of(exported(outsider, LIAISONS, columns=every, unmasked=True, why="核对")))
    assert "139****1234" in text
    assert "13900001234" not in text.replace(" ", "")


HOSTILE = ['=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "＝1+1"]


def _hostile(twins: Twins) -> None:  # noqa: F811
    units = _units(twins, *(f"家{number}" for number in range(len(HOSTILE))))
    for unit, name in zip(units, HOSTILE, strict=True):
        MemberUnit.objects.filter(pk=unit.pk).update(name=name)


@pytest.mark.parametrize("kind", ExportKind.values)
def test_nothing_in_a_file_runs(twins: Twins, kind: str) -> None:  # noqa: F811
    _hostile(twins)
    names = _names_in(exported(twins.here.clerk, kind=kind), kind)
    assert {f"'{name}" for name in HOSTILE} <= set(names)
    assert not [name for name in names if name.startswith(("=", "+", "-", "@", "＝"))]


def test_without_the_guard_it_would(twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    _hostile(twins)
    monkeypatch.setattr(export_files, "safe", lambda value: value)
    assert set(HOSTILE) <= set(_names_in(exported(twins.here.clerk, kind="csv"), "csv"))
    book = load_workbook(io.BytesIO(content_of(exported(twins.here.clerk))))
    assert "f" in {cell.data_type for row in book.active.iter_rows() for cell in row}
    monkeypatch.setattr(export_files, "safe", cells.safe)
    book = load_workbook(io.BytesIO(content_of(exported(twins.here.clerk))))
    assert "f" not in {cell.data_type for row in book.active.iter_rows() for cell in row}


def _names_in(export: Export, kind: str) -> list[str]:
    if kind == ExportKind.XLSX:
        return [str(row[1]) for row in rows_of(export)]
    content = content_of(export)
    assert content.startswith(b"\xef\xbb\xbf")
    return [row[1] for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) if len(row) > 1]


def test_the_name_says_what_where_and_when(twins: Twins) -> None:  # noqa: F811
    export = exported(twins.here.clerk)
    assert export.title == f"共建单位_甲街道_{timezone.localdate():%Y%m%d}"
    answer = fetch_export(pk=export.pk, by=twins.here.clerk)
    assert "%E5%85%B1%E5%BB%BA%E5%8D%95%E4%BD%8D" in answer["Content-Disposition"]
    assert AuditEntry.objects.filter(action=Action.DOWNLOAD, subject=f"export:{export.pk}").exists()


def test_a_file_is_fetched_by_whoever_asked_for_it_and_nobody_else(twins: Twins) -> None:  # noqa: F811
    export = exported(twins.here.clerk)
    address = reverse("admin:transfers_export_file", args=[export.pk])
    assert browser_of(twins.here.clerk).post(address).status_code == 200
    for other in (twins.here.administrator, twins.here.worker, twins.there.clerk):
        client = browser_of(other)
        assert client.post(address).status_code == 404
        assert client.get(reverse("admin:transfers_export", args=[export.pk])).status_code == 404
        assert str(export.pk) not in client.get(reverse("admin:transfers_exports")).content.decode()


def test_more_than_a_file_takes_is_refused_in_words(twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    from transfers.services import exporting

    monkeypatch.setattr(exporting, "MOST_ROWS", 1)
    with pytest.raises(Invalid) as refused:
        request_export(by=twins.here.clerk, listing=UNITS, query={})
    assert "listing" in refused.value.fields


def test_from_the_list_to_the_file(twins: Twins) -> None:  # noqa: F811
    """What the form above the list sends, and what comes of it."""
    _units(twins, "甲银行")
    client = browser_of(twins.here.clerk)
    page = client.get(LIST, {"kind": "bank"}).content.decode()
    for name, value in {"listing": UNITS, "kind": "bank", "format": "xlsx"}.items():
        assert f'name="{name}" value="{value}"' in page
    sent = {"listing": UNITS, "column": ["kind"], "kind": "bank", "format": "xlsx"}
    answer = client.post(reverse("admin:transfers_export_new"), {**sent, "unmasked": "1", "why": ""})
    assert answer.status_code == 422
    assert "请写一句" in answer.content.decode()
    address = client.post(reverse("admin:transfers_export_new"), sent)["Location"]
    assert "正在生成" in client.get(address).content.decode()
    export_all()
    assert "下载" in client.get(address, headers={"HX-Request": "true"}).content.decode()
    file = client.post(f"{address}file/")
    rows = list(load_workbook(io.BytesIO(b"".join(file.streaming_content))).active.iter_rows(values_only=True))
    assert rows[:2] == [("序号", "单位", "类型"), (1, "甲银行", "银行")]
    assert len(rows) == 4
