"""Projects from a table: drafted, changed, refused, taken back."""

from __future__ import annotations

from typing import Any

import pytest

from projects.models import Project
from tests.cast import Cast, fresh
from tests.claims.things import alliance_of
from tests.projects.running import branch_of
from tests.projects.things import again
from tests.transfers.tables import carry_out, outcomes, upload, xlsx
from transfers.services.importing import undo_import
from transfers.services.working import work_all

pytestmark = pytest.mark.django_db
HEAD = [
    "名称*",
    "类别*",
    "所在地*",
    "做什么*",
    "从哪天起*",
    "到哪天完成*",
    "六共",
    "专员",
    "支部",
    "受益户数",
    "资金（万元）",
    "编号",
]


def line(**changes: Any) -> list[Any]:
    said = {
        "name": "美厢生活",
        "kind": "红色合伙人",
        "area": "万寿桥社区",
        "aim": "老旧小区改造。",
        "starts_on": "2026-01-01",
        "ends_on": "2027-12-31",
        "six": "组织共建、资源共享",
        "commissioner": "",
        "branch": "",
        "households": "810",
        "money": "250",
        "number": "",
    }
    return list({**said, **changes}.values())


def test_a_list_of_projects_comes_in_once_is_changed_and_taken_back(cast: Cast) -> None:
    here = cast.chengxiang
    alliance_of(here)
    branch = branch_of(here)
    rows = [
        line(commissioner=here.clerk.name, branch=branch.name),
        line(name="厢气厨房", kind="没有这类"),
        line(name="倒着的", ends_on="2025-01-01"),
        line(name="没有这人", commissioner="查无此人"),
        line(name="负数", money="-1"),
        line(name="没这编号", number="XM-没有"),
        line(name="清厢之旅", area="没有的社区"),
    ]
    batch = upload(here.clerk, here.street, xlsx(HEAD, *rows), kind="projects")
    assert list(outcomes(batch).values()) == ["new", *["error"] * 6]
    carry_out(batch, here.clerk)
    row = Project.objects.get()
    assert (row.state, row.household_count, row.money) == ("draft", 810, 250)
    assert (row.commissioner, row.branch, row.six) == (here.clerk, branch, ["built", "shared"])
    assert (row.area_id, row.drafted_by) == (here.home.pk, here.clerk)

    same = line(commissioner=here.clerk.name, branch=branch.name)
    assert outcomes(upload(here.clerk, here.street, xlsx(HEAD, same), kind="projects")) == {2: "same"}
    changed = upload(here.clerk, here.street, xlsx(HEAD, line(number=row.number, name="美厢生活二期")), kind="projects")
    assert outcomes(changed) == {2: "changed"}
    carry_out(changed, here.clerk)
    assert again(row).name == "美厢生活二期" and again(row).commissioner == here.clerk, "an empty cell changes nothing"

    changed.refresh_from_db()
    undo_import(pk=changed.pk, by=fresh(here.clerk))
    work_all()
    assert again(row).name == "美厢生活" and again(row).commissioner == here.clerk
