"""Areas from a table: by their codes, above before below, again, and back."""

from __future__ import annotations

import pytest

from people.models import Area
from tests.cast import Cast
from tests.transfers.tables import carry_out, outcomes, results, said, upload, xlsx
from transfers.models import ImportBatch
from transfers.services.importing import undo_import
from transfers.services.working import work_all

HEAD = ["区划代码*", "名称*", "层级"]
ROWS = [
    ["330109001051-001", "第一网格", "网格"],
    ["330109001051", "新码头社区", ""],
    ["330109001048-A01", "湘湖路小区", "小区"],
]


def _sent(cast: Cast, *rows: list[object]) -> ImportBatch:
    return upload(cast.chengxiang.system_admin, cast.chengxiang.street, xlsx(HEAD, *rows), "areas")


def _done(cast: Cast, *rows: list[object]) -> ImportBatch:
    return carry_out(_sent(cast, *rows), cast.chengxiang.system_admin)


def test_what_lies_above_may_stand_below_in_the_file(cast: Cast) -> None:
    batch = _done(cast, *ROWS)
    assert batch.counts == {"new": 3, "result_done": 3}
    grid = Area.objects.get(pk="330109001051-001")
    assert grid.parent_id == "330109001051" and grid.level == "grid" and not grid.is_served
    community = Area.objects.get(pk="330109001051")
    assert community.level == "community" and community.parent_id == "330109001" and not community.is_served


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["33010900105", "新码头社区", ""], "4、6、9或12位"),
        (["330114001077", "别处社区", ""], "不在您管的区域里"),
        (["330109001051", "", ""], "请填写"),
        (["330109001048-001", "第一网格", ""], "请写明是网格还是小区"),
        (["330109001048-001", "第一网格", "社区"], "请写明是网格还是小区"),
        (["330109001077-001", "第一网格", "网格"], "还没有上级330109001077"),
        (["330109001051", "=B2", ""], "公式"),
    ],
)
def test_a_wrong_row_says_why_before_anything_is_written(cast: Cast, line: list[object], words: str) -> None:
    count = Area.objects.count()
    batch = _sent(cast, line)
    assert outcomes(batch) == {2: "error"} and words in said(batch, 2)
    carry_out(batch, cast.chengxiang.system_admin)
    assert results(batch) == {2: "failed"} and Area.objects.count() == count


def test_a_code_as_a_number_is_read_as_it_was_meant(cast: Cast) -> None:
    batch = _done(cast, [330109001051, "新码头社区", ""])
    assert results(batch) == {2: "done"} and Area.objects.get(pk="330109001051").name == "新码头社区"


def test_one_code_twice_in_a_file_is_asked_about(cast: Cast) -> None:
    batch = _sent(cast, ["330109001051", "新码头社区", ""], ["330109001051", "新马头社区", ""])
    assert outcomes(batch) == {2: "new", 3: "error"} and "第2行重复" in said(batch, 3)


def test_the_same_file_again_adds_nothing_and_a_new_name_is_a_change(cast: Cast) -> None:
    _done(cast, *ROWS)
    count = Area.objects.count()
    again = _done(cast, *ROWS)
    assert again.counts == {"same": 3, "result_skipped": 3} and Area.objects.count() == count
    renamed = _done(cast, ["330109001051", "新码头新社区", ""])
    assert renamed.counts == {"changed": 1, "result_done": 1}
    assert Area.objects.get(pk="330109001051").name == "新码头新社区"


def test_areas_are_taken_back_below_before_above(cast: Cast) -> None:
    batch = _done(cast, *ROWS, ["330109001048", "万寿桥新社区", ""])
    undo_import(pk=batch.pk, by=cast.chengxiang.system_admin)
    work_all()
    assert set(results(batch).values()) == {"undone"}
    assert not Area.objects.filter(pk__in=[row[0] for row in ROWS]).exists()
    assert Area.objects.get(pk="330109001048").name == "万寿桥社区"


def test_an_area_that_was_opened_or_renamed_meanwhile_stays(cast: Cast) -> None:
    batch = _done(cast, *ROWS)
    Area.objects.filter(pk="330109001051").update(is_served=True)
    Area.objects.filter(pk="330109001048-A01").update(name="湘湖路新小区")
    undo_import(pk=batch.pk, by=cast.chengxiang.system_admin)
    work_all()
    assert results(batch) == {2: "undone", 3: "kept", 4: "kept"}
    assert "已经开通" in said(batch, 3) and "有人改过" in said(batch, 4)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_a_csv_with_the_english_headers_of_a_statistics_office(cast: Cast, encoding: str) -> None:
    content = "code,name\r\n330109001051,新码头社区\r\n".encode(encoding)
    here = cast.chengxiang
    batch = carry_out(upload(here.system_admin, here.street, content, "areas", "areas.csv"), here.system_admin)
    assert batch.counts == {"new": 1, "result_done": 1}
