"""A list of what is shared comes in as a table: looked at first, once only, and off the shelf again."""

from __future__ import annotations

import pytest

from alliance.lib.text import fold
from members.models import MemberUnit
from resources.defaults import load_defaults
from resources.models import Resource
from resources.services import edit_resource
from resources.states import ResourceState
from tests.cast import Cast, fresh
from tests.claims.things import alliance_of, unit_of
from tests.transfers.tables import carry_out, outcomes, said, upload, xlsx
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
        (3, "可以容纳几个人"),
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
