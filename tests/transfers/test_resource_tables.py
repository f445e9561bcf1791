"""A list of what is shared comes in as a table: looked at first, once only, and off the shelf again."""

from __future__ import annotations

import json

import pytest

from alliance.lib.text import fold
from members.models import MemberUnit
from resources.defaults import load_defaults
from resources.models import Resource
from resources.services import edit_resource
from resources.states import ResourceState
from tests.cast import Cast, fresh
from tests.claims.things import alliance_of, unit_of
from tests.resources.things import at, book, in_days, office_of
from tests.transfers.tables import carry_out, outcomes, results, said, upload, xlsx
from transfers.models import ImportBatch, ImportRow
from transfers.services.importing import undo_import
from transfers.services.working import work_all

HEAD = ["名称*", "种类*", "所在地*", "提供单位", "说明", "可容纳人数", "数量", "居民可用"]


@pytest.fixture
def kinds(cast: Cast) -> None:
    load_defaults()
    alliance_of(cast.chengxiang)
    unit = unit_of(cast.chengxiang)
    MemberUnit.objects.filter(pk=unit.pk).update(name_key=fold(unit.name))  # as the register keeps it


def table(*rows: list[str]) -> bytes:
    return xlsx(HEAD, *rows)


@pytest.mark.usefixtures("kinds")
def test_a_list_is_looked_at_then_offered_and_twice_adds_nothing(cast: Cast) -> None:
    here = cast.chengxiang
    unit = unit_of(here)
    content = table(
        ["三楼多功能厅", "会议室", "万寿桥社区", "", "有投影", "60", "", "是"],
        ["折叠椅", "活动器材", "城厢街道", unit.name, "", "", "40", ""],
    )
    batch = upload(here.party_office, here.street, content, "resources")
    assert batch.counts == {"new": 2} and not Resource.objects.exists(), said(batch, 3)
    carry_out(batch, here.party_office)
    hall, chairs = (Resource.objects.get(name=name) for name in ("三楼多功能厅", "折叠椅"))
    assert (hall.unit, hall.capacity, hall.for_people, hall.area) == (None, 60, True, here.home)
    assert (chairs.unit, chairs.quantity, chairs.for_people, chairs.state) == (unit, 40, False, ResourceState.USABLE)
    again = upload(here.party_office, here.street, content, "resources")
    assert again.counts == {"same": 2}
    carry_out(again, here.party_office)
    assert Resource.objects.count() == 2


@pytest.mark.usefixtures("kinds")
def test_whoever_does_not_approve_offers_to_whoever_does(cast: Cast) -> None:
    here = cast.chengxiang
    carry_out(
        upload(here.clerk, here.street, table(["会客厅", "会议室", "万寿桥社区", "", "", "9", "", ""]), "resources"),
        here.clerk,
    )
    assert Resource.objects.get().state == ResourceState.TO_APPROVE


@pytest.mark.usefixtures("kinds")
def test_bad_rows_say_which_column_and_why(cast: Cast) -> None:
    here = cast.chengxiang
    rows = [
        ["好的厅", "会议室", "万寿桥社区", "", "", "60", "", ""],
        ["没写容纳几人", "会议室", "万寿桥社区", "", "", "", "", ""],
        ["种类不对", "飞机", "万寿桥社区", "", "", "60", "", ""],
        ["别的街道", "会议室", "智格社区", "", "", "60", "", ""],
        ["没有的单位", "会议室", "万寿桥社区", "某某公司", "", "60", "", ""],
        ["数字不对", "活动器材", "万寿桥社区", "", "", "", "两把", ""],
        ["太多", "会议室", "万寿桥社区", "", "", "60", "3", ""],
        ["好的厅", "会议室", "万寿桥社区", "", "", "60", "", ""],
    ]
    batch = upload(here.party_office, here.street, table(*rows), "resources")
    assert list(outcomes(batch).values()) == ["new"] + ["error"] * 7
    for line, words in (
        (3, "请写可容纳人数"),
        (4, "飞机"),
        (5, "智格社区"),
        (6, "某某公司"),
        (7, "数字"),
        (8, "数量填1"),
    ):
        assert words in said(batch, line), (line, said(batch, line))
    carry_out(batch, here.party_office)
    assert [row.name for row in Resource.objects.all()] == ["好的厅"]


@pytest.mark.usefixtures("kinds")
def test_taken_back_it_is_off_the_shelf_unless_somebody_touched_it(cast: Cast) -> None:
    here = cast.chengxiang
    rows = [[name, "会议室", "万寿桥社区", "", "", "60", "", ""] for name in ("东厅", "西厅")]
    batch = carry_out(upload(here.party_office, here.street, table(*rows), "resources"), here.party_office)
    west = Resource.objects.get(name="西厅")
    edit_resource(pk=west.pk, by=fresh(here.party_office), version=None, capacity=50)
    undo_import(pk=batch.pk, by=here.party_office)
    work_all()
    states = dict(Resource.objects.values_list("name", "state"))
    assert states == {"东厅": ResourceState.STOPPED, "西厅": ResourceState.USABLE}


FULL = ["编号", *HEAD, "别名", "使用条件"]


def full(*rows: list[str]) -> bytes:
    return xlsx(FULL, *rows)


def changes(batch: ImportBatch, line: int) -> list[list[str]]:
    found: list[list[str]] = json.loads(ImportRow.objects.get(batch=batch, line=line).found)["changes"]
    return found


def _changing(chairs: Resource, tea: Resource, unit: str) -> bytes:
    return full(
        ["", "三楼多功能厅", "会议室", "万寿桥社区", "", "有投影，有音响", "", "", "", "大会议室、三楼厅", ""],
        [chairs.number.lower(), "折叠椅（蓝）", "活动器材", "城厢街道", unit, "", "", "35", "是", "", "用完擦净"],
        [tea.number, "茶水间", "会议室", "万寿桥社区", "", "", "", "", "", "", ""],
        ["ZY-CX-20200101-0001", "没有的", "会议室", "万寿桥社区", "", "", "9", "", "", "", ""],
        [tea.number, "茶水间二", "会议室", "城厢街道", "", "", "9", "", "", "", ""],
    )


@pytest.mark.usefixtures("kinds")
def test_what_is_there_is_changed_after_a_look_and_as_it_was_when_undone(cast: Cast) -> None:
    here, by = cast.chengxiang, cast.chengxiang.party_office
    unit = unit_of(here).name
    first = table(
        ["三楼多功能厅", "会议室", "万寿桥社区", "", "有投影", "60", "", "是"],
        ["折叠椅", "活动器材", "城厢街道", unit, "", "", "40", ""],
        ["茶水间", "会议室", "万寿桥社区", "", "", "9", "", ""],
    )
    carry_out(upload(by, here.street, first, "resources"), by)
    hall, chairs, tea = (Resource.objects.get(name=name) for name in ("三楼多功能厅", "折叠椅", "茶水间"))
    second = _changing(chairs, tea, unit)
    batch = upload(by, here.street, second, "resources")
    assert list(outcomes(batch).values()) == ["changed", "changed", "same", "error", "error"], said(batch, 2)
    assert changes(batch, 2) == [["aliases", "", "大会议室、三楼厅"], ["words", "有投影", "有投影，有音响"]]
    assert ["name", "折叠椅", "折叠椅（蓝）"] in changes(batch, 3) and ["quantity", "40", "35"] in changes(batch, 3)
    assert "没有“ZY-CX" in said(batch, 5) and "重复" in said(batch, 6)
    carry_out(batch, by)
    hall.refresh_from_db()
    chairs.refresh_from_db()
    assert (hall.words, hall.aliases, hall.capacity, hall.for_people) == (
        "有投影，有音响",
        ["大会议室", "三楼厅"],
        60,
        True,
    )
    assert (chairs.name, chairs.quantity, chairs.conditions, chairs.state) == (
        "折叠椅（蓝）",
        35,
        "用完擦净",
        ResourceState.USABLE,
    )
    assert upload(by, here.street, second, "resources").counts == {"same": 3, "error": 2}
    edit_resource(pk=hall.pk, by=fresh(by), version=None, floor="3楼")
    undo_import(pk=batch.pk, by=by)
    work_all()
    hall.refresh_from_db()
    chairs.refresh_from_db()
    assert (hall.words, hall.floor) == ("有投影，有音响", "3楼")
    assert (chairs.name, chairs.quantity, chairs.conditions, chairs.for_people) == ("折叠椅", 40, "", False)
    assert Resource.objects.count() == 3 and not Resource.objects.filter(state=ResourceState.STOPPED).exists()


@pytest.mark.usefixtures("kinds")
def test_what_somebody_changed_or_promised_meanwhile_is_not_written_over(cast: Cast) -> None:
    here, by = cast.chengxiang, cast.chengxiang.party_office
    rows = [
        ["折叠椅", "活动器材", "万寿桥社区", "", "", "", "40", ""],
        ["音箱", "活动器材", "万寿桥社区", "", "", "", "4", ""],
    ]
    carry_out(upload(by, here.street, table(*rows), "resources"), by)
    chairs, speakers = (Resource.objects.get(name=name) for name in ("折叠椅", "音箱"))
    less = table(
        ["折叠椅", "活动器材", "万寿桥社区", "", "", "", "5", ""],
        ["音箱", "活动器材", "万寿桥社区", "", "", "", "3", ""],
    )
    batch = upload(by, here.street, less, "resources")
    assert batch.counts == {"changed": 2}
    day = in_days(2)
    book(here.worker, chairs, at(day, 9), at(day, 11), booker=office_of(here), quantity=20)
    edit_resource(pk=speakers.pk, by=fresh(by), version=None, quantity=6)
    carry_out(batch, by)
    assert set(results(batch).values()) == {"failed"} and "答应出去20" in said(batch, 2)
    assert list(Resource.objects.order_by("name").values_list("quantity", flat=True)) == [40, 6]
    below = upload(by, here.street, table(["折叠椅", "活动器材", "城厢街道", "", "", "", "5", ""]), "resources")
    assert below.counts == {"new": 1}
    moved = full([chairs.number, "折叠椅", "活动器材", "城厢街道", "", "", "", "5", "", "", ""])
    assert "不能改" in said(upload(by, here.street, moved, "resources"), 2)
