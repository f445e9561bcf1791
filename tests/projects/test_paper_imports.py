"""Agreements and the service menu from tables: drafted, doubled, refused, a second time, taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from alliance.lib.text import fold
from members.models import MemberUnit
from projects import services
from projects.models import Agreement, MenuItem
from projects.services.menu import sign_up
from projects.states import DeedField, DeedSource
from tests.cast import Cast, Street, fresh
from tests.claims.things import alliance_of
from tests.projects.running import running
from tests.projects.things import again, today, two_units
from tests.transfers.exported import exported, rows_of
from tests.transfers.tables import carry_out, outcomes, said, upload, xlsx
from transfers.services.importing import undo_import
from transfers.services.working import work_all

pytestmark = pytest.mark.django_db
HEAD = [
    *("主题*", "甲方*", "共建内容*", "街道社区做什么*", "从哪天起*", "到哪天止*", "专员"),
    *("单位1*", "单位1做什么*", "单位2", "单位2做什么", "指标1", "目标1", "计量单位1", "编号"),
]
DEEDS = ["名称*", "年度*", "所在地*", "做什么*", "年度目标*", "类别*", "谁提出的*"]
MENU = ["联盟*", "年度*", "类别*", "服务*", "做什么", "在用"]


def units_of(here: Street) -> tuple[MemberUnit, MemberUnit]:
    """Both of its units, found by their names."""
    (one, _user), (two, _other) = two_units(here)
    for unit in (one, two):
        MemberUnit.objects.filter(pk=unit.pk).update(name_key=fold(unit.name))
    return one, two


def line(here: Street, *units: MemberUnit, **changes: Any) -> list[Any]:
    names = [*(unit.name for unit in units), "", ""]
    row = {
        "theme": "清厢之旅",
        "area": here.street.name,
        "aim": "一起办行走的党课。",
        "office": "联系参观点。",
        "starts": "2026-01-01",
        "ends": "2026-12-31",
        "commissioner": here.clerk.name,
        "unit1": names[0],
        "duties1": "安排车辆。",
        "unit2": names[1],
        "duties2": "安排讲解。" if names[1] else "",
        "goal": "参加党员",
        "amount": "600",
        "measure": "人次",
        "number": "",
    }
    return list({**row, **changes}.values())


def test_agreements_come_in_as_drafts_once_and_what_is_wrong_is_said(cast: Cast) -> None:
    here = cast.chengxiang
    one, two = units_of(here)
    wrong = [
        {"theme": "倒着的", "ends": "2025-12-31"},
        {"theme": "没有的单位", "unit1": "查无此单位"},
        {"theme": "一家两次", "unit2": one.name},
        {"theme": "没写做什么", "duties2": ""},
        {"theme": "负的指标", "amount": "-1"},
        {"theme": "没有这人", "commissioner": "查无此人"},
        {"theme": "没这编号", "number": "GJ-没有"},
        {"theme": "别处的", "area": "没有的社区"},
        {"theme": "哪天", "starts": "明天"},
    ]
    rows = [line(here, one, two), *(line(here, one, two, **said) for said in wrong)]
    batch = upload(here.clerk, here.street, xlsx(HEAD, *rows), "agreements")
    assert list(outcomes(batch).values()) == ["new", *["error"] * len(wrong)]
    assert "结束日期不能早于开始日期" in said(batch, 3) and "查无此单位" in said(batch, 4)
    assert not Agreement.objects.exists(), "a dry run writes nothing"
    carry_out(batch, here.clerk)
    row = Agreement.objects.get()
    assert (row.state, row.theme, row.drafted_by, row.commissioner) == ("draft", "清厢之旅", here.clerk, here.clerk)
    assert (row.starts_on, row.ends_on, row.area_id) == (date(2026, 1, 1), date(2026, 12, 31), here.street.pk)
    assert list(row.parties.values_list("unit", "duties")) == [(one.pk, "安排车辆。"), (two.pk, "安排讲解。")]
    assert list(row.targets.values_list("name", "amount", "measure")) == [("参加党员", 600, "人次")]
    same = carry_out(upload(here.clerk, here.street, xlsx(HEAD, line(here, one, two)), "agreements"), here.clerk)
    assert same.counts["same"] == 1 and again(row).version == row.version
    doubled = upload(here.clerk, here.street, xlsx(HEAD, rows[0], rows[0]), "agreements")
    assert "error" in outcomes(doubled).values()
    undo_import(pk=same.pk, by=fresh(here.clerk))
    work_all()
    assert again(row).state == "draft", "it was there before that import"
    undo_import(pk=batch.pk, by=fresh(here.clerk))
    work_all()
    assert again(row).state == "ended"


def test_a_draft_is_changed_by_a_table_and_what_was_sent_is_not(cast: Cast) -> None:
    here = cast.chengxiang
    one, two = units_of(here)
    carry_out(upload(here.clerk, here.street, xlsx(HEAD, line(here, one, two)), "agreements"), here.clerk)
    row = Agreement.objects.get()
    told = line(here, two, number=row.number, theme="清厢专列", amount="800", duties1="开车。")
    changed = upload(here.clerk, here.street, xlsx(HEAD, told), "agreements")
    assert outcomes(changed) == {2: "changed"}
    carry_out(changed, here.clerk)
    assert again(row).theme == "清厢专列" and row.targets.get().amount == 800
    assert list(row.parties.values_list("unit", "duties")) == [(two.pk, "开车。")]
    undo_import(pk=changed.pk, by=fresh(here.clerk))
    work_all()
    assert again(row).theme == "清厢之旅" and row.targets.get().amount == 600
    assert set(row.parties.values_list("unit", flat=True)) == {one.pk, two.pk}
    services.send_paper(of=Agreement, pk=row.pk, by=fresh(here.clerk), version=again(row).version)
    late = upload(here.clerk, here.street, xlsx(HEAD, line(here, one, two), told), "agreements")
    assert outcomes(late) == {2: "same", 3: "error"}
    assert "不能从表格改" in said(late, 3)


def test_a_menu_comes_in_once_is_changed_and_taken_back(cast: Cast) -> None:
    here, year = cast.chengxiang, today().year
    name = alliance_of(here).name
    good = [name, str(year), "必选服务项目", "健康义诊", "量血压", ""]
    wrong = [[*good], [*good], [*good], [*good], [*good]]
    for place, text in enumerate(("没有的联盟", "1999", "随便", "", "长" * 201)):
        wrong[place][3] = f"第{place}项"
        wrong[place][place] = text
    batch = upload(here.clerk, here.street, xlsx(MENU, good, *wrong), "service-menu")
    assert list(outcomes(batch).values()) == ["new", *["error"] * len(wrong)]
    carry_out(batch, here.clerk)
    row = MenuItem.objects.get()
    assert (row.kind, row.name, row.words, row.is_active) == ("required", "健康义诊", "量血压", True)
    assert outcomes(upload(here.clerk, here.street, xlsx(MENU, good), "service-menu")) == {2: "same"}
    doubled = upload(here.clerk, here.street, xlsx(MENU, good, good), "service-menu")
    assert "error" in outcomes(doubled).values()
    later = [name, str(year), "自选服务项目", "健康义诊", "", "否"]
    changed = carry_out(upload(here.clerk, here.street, xlsx(MENU, later), "service-menu"), here.clerk)
    assert (again(row).kind, again(row).words, again(row).is_active) == ("optional", "量血压", False)
    undo_import(pk=changed.pk, by=fresh(here.clerk))
    work_all()
    assert (again(row).kind, again(row).is_active) == ("required", True)
    many = [[name, str(year), "自选服务项目", f"第{n}项", "", ""] for n in range(20)]
    full = upload(here.clerk, here.street, xlsx(MENU, *many), "service-menu")
    assert sorted(outcomes(full).values()) == ["error", *["new"] * 19], "twenty, with the one that is there"


def test_a_service_taken_back_is_out_of_use_and_what_was_touched_stays(cast: Cast) -> None:
    here, year = cast.chengxiang, today().year
    name, (one, _two) = alliance_of(here).name, units_of(here)
    rows = [[name, str(year), "必选服务项目", called, "", ""] for called in ("健康义诊", "文艺进社区")]
    batch = carry_out(upload(here.clerk, here.street, xlsx(MENU, *rows), "service-menu"), here.clerk)
    signed, touched = MenuItem.objects.order_by("pk")
    sign_up(item=signed.pk, unit=one.pk, by=fresh(here.clerk))
    MenuItem.objects.filter(pk=touched.pk).update(words="改过", version=2)
    undo_import(pk=batch.pk, by=fresh(here.clerk))
    work_all()
    assert not again(signed).is_active and signed.sign_ups.get().left_at is None
    assert again(touched).is_active and again(touched).words == "改过"


def test_what_came_in_goes_out_again_as_a_table(cast: Cast) -> None:
    """Agreements, the menu, milestones and candidates of 民生实事 each have a file of their own."""
    here, year = cast.chengxiang, str(today().year)
    one, two = units_of(here)
    carry_out(upload(here.clerk, here.street, xlsx(HEAD, line(here, one, two)), "agreements"), here.clerk)
    menu = [alliance_of(here).name, year, "必选服务项目", "健康义诊", "", ""]
    carry_out(upload(here.clerk, here.street, xlsx(MENU, menu), "service-menu"), here.clerk)
    running(here, 100)
    deed = [
        "口袋公园",
        year,
        "万寿桥社区",
        "建一处口袋公园。",
        "建成1处",
        str(DeedField.ENVIRONMENT.label),
        str(DeedSource.RESIDENT.label),
    ]
    carry_out(upload(here.clerk, here.street, xlsx(DEEDS, deed), "deeds"), here.clerk)
    for listing, words in (
        ("projects.agreements", "清厢之旅"),
        ("projects.menu", "健康义诊"),
        ("projects.milestones", "第0步"),
        ("projects.deeds", "口袋公园"),
    ):
        (found,) = rows_of(exported(here.clerk, listing))
        assert words in found, listing
