"""The pages of alliances, bodies and the matrix: what they show, what they refuse, and that nothing chosen is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import Alliance, Body, BodySeat, Figure, Membership, Placement
from members.services import bodies, create_alliance, create_unit
from members.services.alliances import SAID
from members.services.body_seats import add_body_seat
from members.services.placing import Cell
from members.services.stamps import stamp_of
from members.states import UnitKind
from people.states import Role
from tests.cast import browser_of
from tests.members.conftest import Twins, person
from tests.members.test_bodies import kind
from tests.members.test_placing import NOWHERE, Board

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(twins: Twins) -> Board:
    return Board(twins.here)


def page_of(board: Board) -> str:
    return f"/admin/members/alliance/{board.side.alliance.pk}/matrix/"


def ticks(board: Board, seen: Cell = NOWHERE) -> list[str]:
    group, zone = ("-" if part is None else part for part in (seen.group, seen.zone))
    return [f"{member.pk}.{group}.{zone}" for member in board.members]


def move(browser: Client, board: Board, to: Cell, *, seen: Cell = NOWHERE, units: Any = None) -> Any:
    group, zone = ("-" if part is None else part for part in (seen.group, seen.zone))
    typed = {
        "units": ticks(board, seen) if units is None else units,
        "group": "-" if to.group is None else to.group,
        "zone": "-" if to.zone is None else to.zone,
    }
    return browser.post(f"{page_of(board)}?cell={group}.{zone}", typed)


def test_a_cell_is_opened_and_its_units_are_moved_and_put_back(board: Board) -> None:
    desk, to = browser_of(board.side.clerk), board.cell(0, 1)
    shown = desk.get(f"{page_of(board)}?cell=-.-").content.decode()
    assert all(f'value="{value}"' in shown for value in ticks(board))
    assert move(desk, board, to).status_code == 302
    shown = desk.get(f"{page_of(board)}?cell={to.group}.{to.zone}").content.decode()
    assert all(f'value="{value}"' in shown for value in ticks(board, to))
    assert "2家单位移到了“宝石 · 民生服务”" in shown and "撤销这次移动" in shown
    assert desk.post(f"{page_of(board)}undo/").status_code == 302
    assert not Placement.objects.active().exists()
    assert desk.post(f"{page_of(board)}undo/").status_code == 409, "once"
    assert "撤销这次移动" not in desk.get(page_of(board)).content.decode()


def test_a_row_or_a_column_is_opened_as_well(board: Board) -> None:
    board.put(board.cell(0, 0), which=slice(0, 1))
    board.put(board.cell(0, 1), which=slice(1, 2))
    desk = browser_of(board.side.clerk)
    assert desk.get(f"{page_of(board)}?group={board.groups[0].pk}").content.decode().count('name="units"') == 2
    assert desk.get(f"{page_of(board)}?zone={board.zones[0].pk}").content.decode().count('name="units"') == 1
    mixed = [*ticks(board, board.cell(0, 0))[:1], *ticks(board, board.cell(0, 1))[1:]]
    assert move(desk, board, board.cell(1, 1), units=mixed).status_code == 302
    assert {board.stands(member) for member in board.members} == {board.cell(1, 1)}


def test_a_stale_page_is_refused_with_what_was_chosen_still_there(board: Board) -> None:
    desk = browser_of(board.side.clerk)
    board.put(board.cell(0, 0), which=slice(0, 1))
    answer = move(desk, board, board.cell(1, 1))
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert str(board.members[0].unit) in shown and "已被他人移动" in shown
    left = ticks(board)[1]
    assert re.search(rf'value="{left}" id="\w+" checked', shown), "who is still here is still ticked"
    for part in (board.groups[1].pk, board.zones[1].pk):
        assert f'<option value="{part}" selected>' in shown
    assert board.stands(board.members[1]) == NOWHERE


def test_undoing_what_somebody_else_moved_since_is_refused(board: Board) -> None:
    desk = browser_of(board.side.clerk)
    move(desk, board, board.cell(0, 0))
    board.put(board.cell(1, 1), seen=board.cell(0, 0), which=slice(0, 1))
    assert desk.post(f"{page_of(board)}undo/").status_code == 409
    assert board.stands(board.members[0]) == board.cell(1, 1)
    assert board.stands(board.members[1]) == board.cell(0, 0)


@pytest.mark.parametrize("units", [[], ["x"], ["1.2"], ["1.-.-.-"], ["9" * 12 + ".-.-"]])
def test_nothing_or_nonsense_chosen_is_said(board: Board, units: list[str]) -> None:
    answer = move(browser_of(board.side.clerk), board, board.cell(0, 0), units=units)
    assert answer.status_code == 422 and "errorlist" in answer.content.decode()


@pytest.mark.parametrize("query", ["cell=", "cell=1", "cell=a.b", "group=x", "cell=1.2.3", "zone="])
def test_nonsense_in_the_address_opens_nothing(board: Board, query: str) -> None:
    answer = browser_of(board.side.clerk).get(f"{page_of(board)}?{query}")
    assert answer.status_code == 200 and 'id="units"' not in answer.content.decode()


def test_who_looks_and_who_moves(board: Board, twins: Twins) -> None:
    for reader in (twins.here.worker, twins.here.administrator):
        browser = browser_of(reader)
        shown = browser.get(f"{page_of(board)}?cell=-.-")
        assert shown.status_code == 200 and 'name="units"' not in shown.content.decode()
        assert move(browser, board, board.cell(0, 0)).status_code == 403
        assert browser.post(f"{page_of(board)}undo/").status_code == 403
    stranger = browser_of(twins.there.clerk)
    assert stranger.get(page_of(board)).status_code == 404
    assert move(stranger, board, board.cell(0, 0)).status_code == 404
    assert stranger.get(f"{page_of(board)}?cell=99999999.-").status_code == 404
    assert not Placement.objects.exists()


def test_heads_name_who_calls_together(board: Board) -> None:
    add_body_seat(pk=board.zones[0].pk, by=board.side.clerk, role="联系人", name="演示丙")
    add_body_seat(pk=board.zones[0].pk, by=board.side.clerk, role="召集人", name="演示甲")
    add_body_seat(pk=board.zones[0].pk, by=board.side.clerk, role="成员", name="演示丁")
    shown = browser_of(board.side.clerk).get(page_of(board)).content.decode()
    assert 0 < shown.index("演示甲") < shown.index("演示丙") and "演示丁" not in shown


def test_more_units_ask_no_more_queries(board: Board) -> None:
    desk = browser_of(board.side.clerk)
    address = f"{page_of(board)}?cell=-.-"
    desk.get(address)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address).status_code == 200
        return len(captured)

    few = count()
    for number in range(30):
        given = {"area": board.side.street, "alliance": board.side.alliance, "by": None}
        create_unit(name=f"演示单位{number}", kind=UnitKind.SCHOOL, **given)
    assert count() == few


def test_a_body_shows_who_sits_and_who_sat(twins: Twins) -> None:
    board = Board(twins.here)
    body, desk = board.groups[0], browser_of(twins.here.clerk)
    page = f"/admin/members/body/{body.pk}/"
    past = timezone.localdate() - timedelta(days=100)
    typed = {"role": "召集人", "name": "演示甲", "starts_on": past.isoformat()}
    assert desk.post(f"{page}seats/", typed).status_code == 302
    again = desk.post(f"{page}seats/", {**typed, "name": "演示乙"})
    assert again.status_code == 422 and "演示乙" in again.content.decode()
    assert "已有人担任" in again.content.decode()
    held = BodySeat.objects.get(body=body)
    early = desk.post(f"/admin/members/body/seats/{held.pk}/end/", {"on": (past - timedelta(days=1)).isoformat()})
    assert early.status_code == 422 and "结束日期不能早于开始日期" in early.content.decode()
    assert desk.post(f"/admin/members/body/seats/{held.pk}/end/", {}).status_code == 302
    shown = desk.get(f"{page}change/").content.decode()
    assert "曾任" in shown and "演示甲" in shown
    board.put(board.cell(0, 0))
    refused = desk.post(f"{page}end/", {})
    assert refused.status_code == 422 and "还有单位在里面" in refused.content.decode()
    assert Body.objects.get(pk=body.pk).ended_on is None


def test_a_body_is_made_and_changed_on_its_page(twins: Twins) -> None:
    desk = browser_of(twins.here.clerk)
    typed = {"kind": kind("platform").pk, "area": twins.here.street.pk, "name": "服务平台", "position": 10}
    assert desk.post("/admin/members/body/add/", typed).status_code == 302
    made = Body.objects.get(name="服务平台")
    assert desk.post(f"/admin/members/body/{made.pk}/change/", {"name": "", "position": 10}).status_code == 200
    said = {"name": "创新平台", "position": 10, "seen": stamp_of(made, bodies.SAID)}
    assert desk.post(f"/admin/members/body/{made.pk}/change/", said).status_code == 302
    assert Body.objects.get(pk=made.pk).name == "创新平台"
    assert "创新平台" in desk.get("/admin/members/body/").content.decode()
    assert "创新平台" in desk.get(f"/admin/members/body/?kind={made.kind_id}&q=创新").content.decode()
    assert "创新平台" not in desk.get(f"/admin/members/body/?kind={kind('zone').pk}").content.decode()
    assert browser_of(twins.there.clerk).get(f"/admin/members/body/{made.pk}/change/").status_code == 404
    assert desk.post(f"/admin/members/body/{made.pk}/end/", {}).status_code == 302
    assert desk.get(f"/admin/members/body/{made.pk}/change/").status_code == 200


def test_an_alliances_page_keeps_figures_and_shows_what_is_below(twins: Twins) -> None:
    alliance, desk = twins.here.alliance, browser_of(twins.here.clerk)
    page = f"/admin/members/alliance/{alliance.pk}/"
    typed = {"label": "首批联盟单位", "value": "28家", "source": "演示来源", "position": 1}
    assert desk.post(f"{page}figures/", {**typed, "source": ""}).status_code == 422
    assert desk.post(f"{page}figures/", typed).status_code == 302
    assert desk.post(f"{page}figures/", typed).status_code == 422
    figure = Figure.objects.get()
    address = f"/admin/members/alliance/figures/{figure.pk}/"
    bad = desk.post(address, {**typed, "value": ""})
    assert bad.status_code == 422
    assert desk.post(address, {**typed, "value": "30家"}).status_code == 302
    sub = {"area": twins.here.community.pk, "parent": alliance.pk, "name": "甲社区子联盟", "office_name": "秘书处"}
    assert desk.post("/admin/members/alliance/add/", sub).status_code == 302
    Board(twins.here)
    shown = desk.get(f"{page}change/").content.decode()
    for words in ("30家", "演示来源", "甲社区子联盟", "民生服务", "片区"):
        assert words in shown
    for outsider, status in ((twins.there.clerk, 404), (twins.here.worker, 403), (twins.here.administrator, 403)):
        assert browser_of(outsider).post(f"{address}remove/").status_code == status
    assert desk.post(f"{address}remove/").status_code == 302
    assert not Figure.objects.exists()


def test_a_community_keeps_its_own_sub_alliance(twins: Twins) -> None:
    area, worker = twins.here.community, twins.here.worker
    sub = create_alliance(area=area, name="甲社区子联盟", by=None, parent=twins.here.alliance)
    desk = browser_of(worker)
    typed = {"name": "甲社区党建子联盟", "office_name": "秘书处", "principles": "四共：组织共融、资源共享"}
    seen = stamp_of(sub, SAID)
    assert desk.post(f"/admin/members/alliance/{sub.pk}/change/", {**typed, "seen": seen}).status_code == 302
    assert Alliance.objects.get(pk=sub.pk).principles == typed["principles"]
    assert desk.post(f"/admin/members/alliance/{twins.here.alliance.pk}/change/", typed).status_code == 403
    joining = {"alliance": sub.pk, "unit": twins.here.unit.pk, "joined_on": "2026-01-01"}
    assert desk.post("/admin/members/membership/add/", joining).status_code == 302
    assert Membership.objects.filter(alliance=sub).count() == 1
    refused = desk.post("/admin/members/membership/add/", {**joining, "alliance": twins.here.alliance.pk})
    assert refused.status_code != 302


def test_kinds_are_read_by_staff_and_changed_by_the_district(twins: Twins) -> None:
    page = f"/admin/members/bodykind/{kind('group').pk}/change/"
    typed = {
        "name": "界别小组",
        "axis": "group",
        "roles": "召集人，联系人、成员,观察员",
        "single_roles": "召集人",
        "position": 1,
    }
    assert browser_of(twins.here.clerk).get(page).status_code == 200
    assert browser_of(twins.here.clerk).post(page, typed).status_code == 403
    keeper = browser_of(person("keeper", Role.SYSTEM_ADMIN, twins.district))
    assert "召集人、联系人、成员" in keeper.get(page).content.decode()
    assert keeper.post(page, typed).status_code == 302
    assert kind("group").roles == ["召集人", "联系人", "成员", "观察员"]
    assert keeper.post(page, {**typed, "axis": "zone"}).status_code == 302, "no body of the kind stands yet"
