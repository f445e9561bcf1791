"""What is wrong with a row is said in the language of whoever sent the file; tables are Chinese all the same."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from members.models import MemberUnit
from members.services import update_unit
from people.models import User
from tests.cast import Cast
from tests.transfers.tables import carry_out, outcomes, results, said, unit_row, unit_table, upload, xlsx
from transfers.services.importing import confirm_import, start_import, undo_import
from transfers.services.working import work_all
from transfers.states import Mode

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_wrong_row_is_told_in_the_language_of_the_page(cast: Cast, language: str) -> None:
    here = cast.chengxiang
    table = unit_table(unit_row(1), unit_row(2, uscc="91350100M000100Y44"))
    with translation.override(language):
        batch = start_import(by=here.clerk, kind="units", area=here.street, name="units.xlsx", content=table)
    work_all()  # a worker has no language of its own
    assert outcomes(batch) == {2: "new", 3: "error"}
    assert bool(CHINESE.search(said(batch, 3))) == (language != "en") and said(batch, 3)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_was_not_taken_back_is_told_to_whoever_pressed(cast: Cast, language: str) -> None:
    here = cast.chengxiang
    batch = carry_out(upload(here.clerk, here.street, unit_table(unit_row(1))), here.clerk)
    unit = MemberUnit.objects.get(name="第1小学")
    same = {"short_name": "", "uscc": "", "area": unit.area, "kind": unit.kind, "is_public": False}
    update_unit(pk=unit.pk, by=here.clerk, name=unit.name, note="改过", **same)
    with translation.override(language):
        undo_import(pk=batch.pk, by=here.clerk)
    work_all()
    assert results(batch) == {2: "kept"}
    assert bool(CHINESE.search(said(batch, 2))) == (language != "en") and said(batch, 2)


@pytest.mark.parametrize(("sent", "pressed"), [("en", "zh-hans"), ("zh-hans", "en")])
def test_what_changes_reads_the_same_whoever_presses(cast: Cast, sent: str, pressed: str) -> None:
    """A row is imported as it was looked at, also when the page has been turned to another language since."""
    here = cast.chengxiang
    staff = xlsx(["用户名*", "姓名*", "角色*", "区域*"], ["wangfang", "王芳", "社工", "万寿桥社区"])
    unit = unit_table(unit_row(1))
    for by, kind, first, second in (
        (here.system_admin, "staff", staff, staff),
        (here.clerk, "units", unit, unit_table(unit_row(1, kind="医院", public="是"))),
    ):
        done = carry_out(upload(by, here.street, first, kind), by)
        if kind == "staff":  # never used and off, as after a file that was taken back; it holds the role
            User.objects.filter(username="wangfang").update(is_active=False)
        with translation.override(sent):
            batch = start_import(by=by, kind=kind, area=here.street, name="again.xlsx", content=second)
        work_all()
        assert outcomes(batch) == {2: "changed"}, (kind, said(batch, 2), results(done))
        with translation.override(pressed):
            confirm_import(pk=batch.pk, by=by, mode=Mode.UPDATE)
        work_all()
        assert results(batch) == {2: "done"}, (kind, said(batch, 2))


def test_a_chinese_table_is_understood_on_an_english_page(cast: Cast) -> None:
    here = cast.chengxiang
    rows = [["区划代码*", "名称*", "层级"], ["330109001048-001", "First grid", "网格"]]
    with translation.override("en"):
        batch = start_import(
            by=here.system_admin, kind="areas", area=here.street, name="areas.xlsx", content=xlsx(*rows)
        )
    work_all()
    assert outcomes(batch) == {2: "new"}
    with translation.override("en"):
        confirm_import(pk=batch.pk, by=here.system_admin, mode=Mode.UPDATE)
    work_all()
    assert results(batch) == {2: "done"}
    with translation.override("en"):
        units = start_import(
            by=here.clerk, kind="units", area=here.street, name="u.xlsx", content=unit_table(unit_row(1, public="是"))
        )
    work_all()
    assert outcomes(units) == {2: "new"}
