"""Party organisations from a table: large ones first, again, and back."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from members.models import MemberUnit, PartyOrganisation
from members.services import create_unit
from members.services.party import Entry, create_organisation
from tests.cast import Cast
from tests.transfers.tables import carry_out, outcomes, results, said, upload, xlsx
from transfers.models import ImportBatch
from transfers.services.importing import undo_import
from transfers.services.working import work_all
from transfers.states import Mode

HEAD = ["党组织名称*", "类型*", "所在地*", "所属单位", "上级党组织", "书记", "党员人数", "成立日期"]


def _row(name: str = "万寿桥社区党委", **changes: object) -> list[object]:
    line = {"kind": "党委", "area": "万寿桥社区", "unit": "", "parent": "", "secretary": "", "count": "", "day": ""}
    return [name, *{**line, **changes}.values()]


BRANCH = _row("医院党支部", kind="党支部", unit="第一医院", parent="万寿桥社区党委", secretary="周某", count=36)


@pytest.fixture(autouse=True)
def hospital(cast: Cast) -> MemberUnit:
    return create_unit(name="第一医院", kind="hospital", area=cast.chengxiang.street, by=None)


def _sent(cast: Cast, *rows: list[object]) -> ImportBatch:
    return upload(cast.chengxiang.clerk, cast.chengxiang.street, xlsx(HEAD, *rows), "party")


def _done(cast: Cast, *rows: list[object], mode: str = Mode.UPDATE) -> ImportBatch:
    return carry_out(_sent(cast, *rows), cast.chengxiang.clerk, mode)


def _undone(cast: Cast, batch: ImportBatch) -> None:
    undo_import(pk=batch.pk, by=cast.chengxiang.clerk)
    work_all()


def test_a_branch_may_stand_above_its_committee_in_the_file(cast: Cast) -> None:
    batch = _done(cast, BRANCH, _row(day=datetime(2019, 7, 1)))
    assert batch.counts == {"new": 2, "result_done": 2}
    branch = PartyOrganisation.objects.get(name="医院党支部")
    assert branch.parent is not None and branch.parent.name == "万寿桥社区党委"
    assert branch.parent.set_up_on == date(2019, 7, 1)
    assert branch.unit is not None and branch.unit.name == "第一医院"
    assert (branch.secretary, branch.member_count, branch.is_public) == ("周某", 36, False)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (_row(name=""), "请填写"),
        (_row(kind="党小组"), "可以填"),
        (_row(area="智格社区"), "智格社区"),
        (_row(unit="下沙街道中医院"), "没有找到“下沙街道中医院”"),
        (_row(parent="没有的党委"), "没有找到“没有的党委”"),
        (_row(count="三十六"), "请写数字"),
        (_row(day="七一"), "不是日期"),
        (_row(secretary="某" * 31), "最多30字"),
        (_row(secretary="某" * 2001), "最多30字"),
    ],
)
def test_a_wrong_row_says_why_before_anything_is_written(cast: Cast, line: list[object], words: str) -> None:
    batch = _sent(cast, line)
    assert outcomes(batch) == {2: "error"} and words in said(batch, 2)
    carry_out(batch, cast.chengxiang.clerk)
    assert results(batch) == {2: "failed"} and not PartyOrganisation.objects.exists()


def test_a_committee_under_a_branch_is_refused_before_anything_is_written(cast: Cast) -> None:
    _done(cast, BRANCH, _row())
    batch = _done(cast, _row("小党委", parent="医院党支部"), _row("第二支部", kind="党支部", parent="万寿桥社区党委"))
    assert outcomes(batch) == {2: "error", 3: "new"} and "上级要比它大" in said(batch, 2)
    assert results(batch) == {2: "failed", 3: "done"}


def test_the_same_file_again_adds_nothing_and_empty_cells_change_nothing(cast: Cast) -> None:
    _done(cast, BRANCH, _row(secretary="王某"))
    again = _done(cast, BRANCH, _row())
    assert again.counts == {"same": 2, "result_skipped": 2} and PartyOrganisation.objects.count() == 2
    assert PartyOrganisation.objects.get(name="万寿桥社区党委").secretary == "王某"


def test_a_change_is_written_or_skipped_as_chosen_and_what_is_public_stays_public(cast: Cast) -> None:
    entry = Entry(name="万寿桥社区党委", kind="committee", area=cast.chengxiang.home, secretary="王某", is_public=True)
    create_organisation(entry=entry, by=cast.chengxiang.clerk)
    skipped = _done(cast, _row(secretary="李某"), mode=Mode.SKIP)
    assert skipped.counts == {"changed": 1, "result_skipped": 1}
    assert PartyOrganisation.objects.get().secretary == "王某"
    batch = _done(cast, _row(secretary="李某"))
    one = PartyOrganisation.objects.get()
    assert one.secretary == "李某" and one.is_public
    _undone(cast, batch)
    one.refresh_from_db()
    assert results(batch) == {2: "undone"} and one.secretary == "王某" and one.is_public


def test_party_organisations_are_taken_back_small_before_large(cast: Cast) -> None:
    batch = _done(cast, BRANCH, _row())
    _undone(cast, batch)
    assert results(batch) == {2: "undone", 3: "undone"} and not PartyOrganisation.objects.exists()
    assert MemberUnit.objects.filter(name="第一医院").exists()


def test_what_others_came_to_stand_under_stays(cast: Cast) -> None:
    batch = _done(cast, _row())
    parent = PartyOrganisation.objects.get()
    entry = Entry(name="后来的支部", kind="branch", area=cast.chengxiang.home, parent=parent)
    create_organisation(entry=entry, by=cast.chengxiang.clerk)
    _undone(cast, batch)
    assert results(batch) == {2: "kept"} and PartyOrganisation.objects.filter(pk=parent.pk).exists()


def test_merged_cells_are_refused_row_by_row(cast: Cast) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (HEAD, BRANCH, _row("第二支部", kind="党支部"), _row()):
        sheet.append(line)
    sheet.merge_cells("C2:C3")
    stream = io.BytesIO()
    book.save(stream)
    here = cast.chengxiang
    batch = upload(here.clerk, here.street, stream.getvalue(), "party")
    assert outcomes(batch) == {2: "error", 3: "error", 4: "new"}
    assert "合并" in said(batch, 2) and "合并" in said(batch, 3)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_a_csv_of_an_office(cast: Cast, encoding: str) -> None:
    content = "\r\n".join(",".join(map(str, line)) for line in (HEAD, BRANCH, _row(day="2019.7.1"))).encode(encoding)
    here = cast.chengxiang
    batch = carry_out(upload(here.clerk, here.street, content, "party", "党组织.csv"), here.clerk)
    assert batch.counts == {"new": 2, "result_done": 2}
    assert PartyOrganisation.objects.get(name="万寿桥社区党委").set_up_on == date(2019, 7, 1)
