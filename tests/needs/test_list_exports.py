"""The lists of needs and wishes as files: the rows on the screen in their order, and less of whom they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from alliance.lib.errors import NotAllowed
from alliance.lib.listing import Chosen, Reading, find
from claims.models import Claim
from needs.models import Need, Wish
from needs.services.handling import accept_need, reply_to_resident
from needs.services.waiting import ask_resident
from tests.cast import Cast, browser_of, fresh, resident, say_need
from tests.needs.wishing import CANARIES, published, raised, taken
from tests.transfers.exported import exported, rows_of, sheet_of
from transfers.models import Export
from transfers.services import export_files
from transfers.services.export_files import export_all

pytestmark = pytest.mark.django_db(transaction=True)
NEEDS, WISHES = "needs.needs", "needs.wishes"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> Iterator[None]:
    """Files of this test alone."""
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": str(tmp_path), "base_url": None}}
    settings.STORAGES = storages
    yield


def _some(cast: Cast) -> list[Need]:
    here = cast.chengxiang
    found = [say_need(here.home, words=f"第{number}件路灯的事") for number in range(7)]
    say_need(here.home, words="停车难")
    for need in found[2:5]:
        accept_need(pk=need.pk, by=here.worker)
    reply_to_resident(pk=found[3].pk, by=here.worker, words="换好了")
    return found


@pytest.mark.parametrize("query", [{"q": "路灯"}, {"q": "路灯", "sort": "new"}, {"tab": "working"}])
def test_the_file_is_the_list_on_the_screen(cast: Cast, query: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_files, "PORTION", 2)
    _some(cast)
    page = browser_of(cast.chengxiang.worker).get("/admin/needs/need/", query)
    shown = [row["cells"][0]["cell"] for row in page.context["rows"]]
    rows = rows_of(exported(cast.chengxiang.worker, NEEDS, query=query))
    assert len(rows) > 2
    assert [(row[1], row[2]) for row in rows] == [(cell.text, cell.code) for cell in shown]


def test_what_stands_within_a_cell_has_a_column_and_a_button_has_none(cast: Cast) -> None:
    here = cast.chengxiang
    need = say_need(here.home, words="路灯坏了，一上二楼就黑")
    accept_need(pk=need.pk, by=here.worker)
    head, row = sheet_of(exported(here.worker, NEEDS))[:2]
    inside = ["序号", "一句话", "编号", "社区", "类别", "提出单位", "标记"]
    assert head == [*inside, "在谁手里", "从什么时候起", "时限", "到什么时候", "状态"]
    facts = dict(zip(head, row, strict=True))
    assert (facts["编号"], facts["社区"], facts["状态"]) == (need.number, here.home.name, "办理中")
    assert facts["在谁手里"] == f"{here.worker.name}，{here.home.name}"
    # Read on another day too: never 今天.
    for name in ("从什么时候起", "到什么时候"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", facts[name]), name
    fewer = sheet_of(exported(here.worker, NEEDS, columns=["do", "new"]))[0]
    assert fewer == [*inside, "从什么时候起", "到什么时候", "反映时间"]


def test_no_phone_and_nobody_of_the_residents_comes_along(cast: Cast) -> None:
    here = cast.chengxiang
    say_need(here.home, words="打13805710077找我，0571-82621234也行，座机057182621234", phone="13912345678")
    for words in ("身份证330109195001011234", "打138 0571 00 77", "座机8262 1234", "座机057182621234"):
        say_need(here.home, words=words)
    every = [column.key for column in find(NEEDS).columns]
    text = str(sheet_of(exported(here.worker, NEEDS, columns=every)))
    assert all(f"'{words}…'" in text for words in ("身份证", "打", "座机")) and "打…找我，…也" in text
    for number in ("13805710077", "82621234", "13912345678", "33010919500101", "0571 00 77", "8262 1234"):
        assert number not in text
    with pytest.raises(NotAllowed):
        exported(here.clerk, NEEDS, columns=every, unmasked=True, why="核对")


def test_nothing_of_the_other_street_comes_along(cast: Cast) -> None:
    _some(cast)
    raised(cast.chengxiang)
    for listing in (NEEDS, WISHES):
        assert rows_of(exported(cast.xiasha.clerk, listing, query={"tab": "all"})) == []
        assert rows_of(exported(cast.chengxiang.clerk, listing, query={"tab": "all"}))
    administrator = fresh(cast.chengxiang.system_admin)
    with pytest.raises(NotAllowed):
        exported(administrator, NEEDS)


def test_a_need_whose_clock_stops_while_the_file_is_written_stands_in_it_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_files, "PORTION", 2)
    here = cast.chengxiang
    found = _some(cast)
    plain, moved = Reading.slice, list[int]()

    def stops_behind(self: Reading, cursor: str, size: int) -> Any:
        answer = plain(self, cursor, size)
        if not moved:
            moved.append(answer[0][0].pk)
            need = Need.objects.get(pk=moved[0])
            if need.holder_id is None:
                accept_need(pk=need.pk, by=here.worker)
            ask_resident(pk=need.pk, by=here.worker, words="哪一盏？")
        return answer

    monkeypatch.setattr(Reading, "slice", stops_behind)
    numbers = [row[2] for row in rows_of(exported(here.worker, NEEDS, query={"q": "路灯"}))]
    assert moved and sorted(numbers) == sorted(need.number for need in found)


def test_wishes_are_the_list_on_the_screen_without_who_wishes_or_took_them_up(cast: Cast) -> None:
    here = cast.chengxiang
    first, second = published(here), raised(here)
    claim = taken(here, first)
    Claim.objects.filter(pk=claim.pk).update(unit=None, person=resident("13700000001", "陈大发"))
    shown = Reading(find(WISHES), here.clerk, Chosen()).page().rows
    export = exported(here.clerk, WISHES)
    assert [row[2] for row in rows_of(export)] == [wish.number for wish in shown] == [second.number, first.number]
    text = str(sheet_of(export))
    assert "陈*发" in text and "陈大发" not in text
    assert not [canary for canary in CANARIES.values() if canary in text]
    assert Wish.objects.count() == 2


def test_from_the_page_to_the_file(cast: Cast) -> None:
    _some(cast)
    client = browser_of(cast.chengxiang.worker)
    page = client.get("/admin/needs/need/", {"q": "路灯"}).content.decode()
    assert 'name="listing" value="needs.needs"' in page and "要完整的姓名和电话" not in page
    asked = client.post("/admin/exports/new/", {"listing": NEEDS, "q": "路灯", "format": "xlsx", "every": "1"})
    export_all()
    export = Export.objects.get()
    assert asked["Location"] == f"/admin/exports/{export.pk}/"
    assert len(rows_of(export)) == 7 and "反映时间" in sheet_of(export)[0]
    assert client.post(f"/admin/exports/{export.pk}/file/").status_code == 200
