"""Milestones and candidates of 民生实事 from tables: planned, doubled, refused, a second time, taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from alliance.lib.text import fold
from members.models import MemberUnit
from projects import services
from projects.models import Deed
from projects.states import DeedField, DeedSource
from tests.cast import Cast, fresh
from tests.claims.things import alliance_of
from tests.projects.running import project_in, reach
from tests.projects.things import again, today, two_units
from tests.transfers.tables import carry_out, outcomes, upload, xlsx
from transfers.services.importing import undo_import
from transfers.services.working import work_all

pytestmark = pytest.mark.django_db
STEPS = ["项目编号*", "节点1", "占比1", "日期1", "节点2", "占比2", "日期2"]
DEEDS = ["名称*", "年度*", "所在地*", "做什么*", "年度目标*", "类别*", "谁提出的*", "责任单位", "牵头领导"]


def plan_of(row: Any) -> list[tuple[str, int, date]]:
    return list(row.milestones.order_by("position").values_list("name", "weight", "due_on"))


def test_a_plan_comes_in_whole_is_changed_and_taken_back(cast: Cast) -> None:
    here = cast.chengxiang
    terms = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 12, 31)}
    row, *others = [project_in(here, name=f"项目{n}", **terms) for n in range(7)]
    far = project_in(cast.xiasha)
    good = [row.number, "设计", "40%", "2026-12-01", "开工", 60, "2027-02-01"]
    wrong = [
        ["设计", 40, "2026-12-01", "开工", 50, "2027-02-01"],  # not a hundred
        ["设计", 40, "2025-12-31", "开工", 60, "2027-02-01"],  # before the start
        ["设计", 40, "2026-12-01", "设计", 60, "2027-02-01"],  # called the same
        ["设计", -40, "2026-12-01", "开工", 140, "2027-02-01"],
        ["设计", 40, "哪天", "开工", 60, "2027-02-01"],
        ["", "", "", "", "", ""],
    ]
    lines = [[one.number, *said] for one, said in zip(others, wrong, strict=True)]
    batch = upload(here.clerk, here.street, xlsx(STEPS, good, *lines, [far.number, *good[1:]]), "project-milestones")
    assert list(outcomes(batch).values()) == ["new", *["error"] * 7]
    carry_out(batch, here.clerk)
    assert plan_of(row) == [("设计", 40, date(2026, 12, 1)), ("开工", 60, date(2027, 2, 1))]
    version = again(row).version
    second = upload(here.clerk, here.street, xlsx(STEPS, good), "project-milestones")
    assert outcomes(second) == {2: "same"}
    carry_out(second, here.clerk)
    assert again(row).version == version
    doubled = upload(here.clerk, here.street, xlsx(STEPS, good, good), "project-milestones")
    assert "error" in outcomes(doubled).values()
    changed = upload(
        here.clerk, here.street, xlsx(STEPS, [*good[:2], 30, *good[3:5], 70, good[6]]), "project-milestones"
    )
    assert outcomes(changed) == {2: "changed"}
    carry_out(changed, here.clerk)
    assert [weight for _name, weight, _day in plan_of(row)] == [30, 70]
    undo_import(pk=changed.pk, by=fresh(here.clerk))
    work_all()
    assert [weight for _name, weight, _day in plan_of(row)] == [40, 60]
    services.start_project(pk=row.pk, by=fresh(here.clerk), version=None)
    reach(row, 0, here.clerk)
    gone = upload(here.clerk, here.street, xlsx(STEPS, [row.number, "开工", 100, "2027-02-01"]), "project-milestones")
    assert outcomes(gone) == {2: "error"}, "what is reached stays"


def test_candidates_come_in_once_and_are_taken_back(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    (unit, _one), _two = two_units(here)
    year = str(today().year)
    good = ["加装电梯20台", year, "万寿桥社区", "老旧小区加装电梯。", "20台", "助老", "居民", unit.name, ""]
    kinds = str(DeedField.choices[0][1]), str(DeedSource.choices[0][1])
    MemberUnit.objects.filter(pk=unit.pk).update(name_key=fold(unit.name))
    good[5], good[6] = kinds
    lines = [good, good]
    for place, said in (
        (1, "2031"),
        (1, "明年"),
        (2, "没有的社区"),
        (5, "没有这类"),
        (7, "查无此单位"),
        (8, "查无此人"),
    ):
        lines.append([f"第{len(lines)}件", *good[1:]])
        lines[-1][place] = said
    batch = upload(here.clerk, here.street, xlsx(DEEDS, *lines), "deeds")
    found = list(outcomes(batch).values())
    assert found.count("new") <= 1 and set(found[1:]) == {"error"}, found
    first = upload(here.clerk, here.street, xlsx(DEEDS, good), "deeds")
    assert outcomes(first) == {2: "new"}
    carry_out(first, here.clerk)
    row = Deed.objects.get()
    assert (row.name, row.state, row.unit, row.proposed_by) == (good[0], "candidate", unit, here.clerk)
    second = upload(here.clerk, here.street, xlsx(DEEDS, good), "deeds")
    assert outcomes(second) == {2: "same"}
    carry_out(second, here.clerk)
    undo_import(pk=second.pk, by=fresh(here.clerk))
    work_all()
    assert Deed.objects.get().state == "candidate", "it was there before that import"
    undo_import(pk=first.pk, by=fresh(here.clerk))
    work_all()
    assert again(row).state == "left_out"
