"""Where members stand in the matrix: moved together, corrected on the same day, undone, never over somebody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from audit.models import AuditEntry
from audit.states import Action
from members.models import Body, BodyKind, Membership, Placement
from members.services import leave_alliance
from members.services.bodies import create_body, end_body
from members.services.matrix import matrix_of, members_of_cell
from members.services.placing import Cell, Move, place_members
from tests.members.conftest import Side, Twins

pytestmark = pytest.mark.django_db
NOWHERE = Cell()


def body(side: Side, kind: str, name: str) -> Body:
    return create_body(
        kind=BodyKind.objects.get(key=kind), name=name, area=side.street, alliance=side.alliance, by=side.clerk
    )


class Board:
    """Two groups, two zones, and the members of one street's alliance."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.groups = [body(side, "group", name) for name in ("民生服务", "文化交流")]
        self.zones = [body(side, "zone", name) for name in ("上保", "宝石")]
        self.members = list(Membership.objects.filter(alliance=side.alliance).order_by("pk"))

    def cell(self, group: int, zone: int) -> Cell:
        return Cell(self.groups[group].pk, self.zones[zone].pk)

    def put(self, to: Cell, *, seen: Cell = NOWHERE, by: Any = None, which: slice = slice(None)) -> list[Move]:
        moves = [Move(member.pk, seen, to) for member in self.members[which]]
        return place_members(alliance=self.side.alliance.pk, moves=moves, by=by or self.side.clerk)

    def stands(self, member: Membership) -> Cell:
        row = Placement.objects.active().filter(membership=member).first()
        return Cell(row.group_id, row.zone_id) if row else NOWHERE


@pytest.fixture
def board(twins: Twins) -> Board:
    return Board(twins.here)


def began_earlier(board: Board) -> None:
    """What stands began a month ago."""
    Placement.objects.update(starts_on=timezone.localdate() - timedelta(days=30))


def test_several_units_move_together_and_the_counts_follow(board: Board) -> None:
    assert matrix_of(board.side.alliance).counts == {NOWHERE: 2}
    board.put(board.cell(0, 1))
    drawn = matrix_of(board.side.alliance)
    assert drawn.counts == {board.cell(0, 1): 2}
    assert (drawn.in_group(board.groups[0].pk), drawn.in_zone(board.zones[1].pk), drawn.in_zone(None)) == (2, 2, 0)
    assert len(members_of_cell(board.side.alliance, group=board.groups[0].pk, zone=board.zones[1].pk)) == 2
    entry = AuditEntry.objects.get(action=Action.UNITS_PLACED)
    assert entry.actor == board.side.clerk and len(entry.params["moves"]) == 2


def test_a_second_move_on_the_same_day_corrects_the_first(board: Board) -> None:
    board.put(board.cell(0, 0))
    board.put(board.cell(1, 1), seen=board.cell(0, 0))
    assert Placement.objects.count() == len(board.members)
    assert {board.stands(member) for member in board.members} == {board.cell(1, 1)}


def test_a_later_move_keeps_what_has_been(board: Board) -> None:
    board.put(board.cell(0, 0))
    began_earlier(board)
    board.put(board.cell(1, 1), seen=board.cell(0, 0))
    member, today = board.members[0], timezone.localdate()
    old, new = Placement.objects.filter(membership=member).order_by("starts_on")
    assert (old.group_id, old.ends_on, new.starts_on, new.ends_on) == (board.groups[0].pk, today, today, None)
    yesterday = Placement.objects.active(today - timedelta(days=1)).get(membership=member)
    assert yesterday == old


def test_a_move_undone_leaves_no_trace_in_the_history(board: Board) -> None:
    board.put(board.cell(0, 0))
    began_earlier(board)
    before = list(Placement.objects.order_by("pk").values())
    back = board.put(board.cell(1, 1), seen=board.cell(0, 0))
    place_members(alliance=board.side.alliance.pk, moves=back, by=board.side.clerk)
    assert list(Placement.objects.order_by("pk").values()) == before
    back = board.put(NOWHERE, seen=board.cell(0, 0))
    assert board.stands(board.members[0]) == NOWHERE
    place_members(alliance=board.side.alliance.pk, moves=back, by=board.side.clerk)
    assert list(Placement.objects.order_by("pk").values()) == before


def test_what_somebody_else_moved_is_not_moved_over_and_nothing_else_moves_either(board: Board) -> None:
    board.put(board.cell(0, 0), which=slice(0, 1))
    with pytest.raises(Conflict) as refused:
        board.put(board.cell(1, 1))
    assert str(board.members[0].unit) in str(refused.value.message)
    assert [board.stands(member) for member in board.members] == [board.cell(0, 0), NOWHERE]


def test_a_move_goes_to_a_group_and_a_zone_of_this_alliance(board: Board, twins: Twins) -> None:
    abroad = Board(twins.there)
    group, zone = board.groups[0].pk, board.zones[0].pk
    for wrong in (
        Cell(zone, group),
        Cell(abroad.groups[0].pk, zone),
        Cell(group, abroad.zones[0].pk),
        Cell(10**8, zone),
    ):
        with pytest.raises(Invalid):
            board.put(wrong)
    assert not Placement.objects.exists()


def test_only_todays_members_of_this_alliance_move(board: Board, twins: Twins) -> None:
    stranger = Membership.objects.get(alliance=twins.there.alliance, unit=twins.there.unit)
    moves = [Move(board.members[0].pk, NOWHERE, board.cell(0, 0)), Move(stranger.pk, NOWHERE, board.cell(0, 0))]
    with pytest.raises(NotFound):
        place_members(alliance=board.side.alliance.pk, moves=moves, by=board.side.clerk)
    leave_alliance(pk=board.members[0].pk, by=board.side.clerk)
    with pytest.raises(NotFound):
        board.put(board.cell(0, 0))
    for nothing in ([], moves[:1] * 2):
        with pytest.raises(Invalid):
            place_members(alliance=board.side.alliance.pk, moves=nothing, by=board.side.clerk)


def test_who_may_move(board: Board, twins: Twins) -> None:
    for colleague in (twins.here.worker, twins.here.administrator):
        with pytest.raises(NotAllowed):
            board.put(board.cell(0, 0), by=colleague)
    with pytest.raises(NotFound):
        board.put(board.cell(0, 0), by=twins.there.clerk)
    assert not Placement.objects.exists()


def test_who_leaves_the_alliance_leaves_the_matrix(board: Board) -> None:
    board.put(board.cell(0, 0))
    began_earlier(board)
    leave_alliance(pk=board.members[0].pk, by=board.side.clerk)
    assert matrix_of(board.side.alliance).counts == {board.cell(0, 0): 1}
    assert Placement.objects.get(membership=board.members[0]).ends_on == timezone.localdate()


def test_a_group_with_units_in_it_does_not_end(board: Board) -> None:
    back = board.put(board.cell(0, 0))
    with pytest.raises(RuleBroken):
        end_body(pk=board.groups[0].pk, by=board.side.clerk)
    place_members(alliance=board.side.alliance.pk, moves=back, by=board.side.clerk)
    end_body(pk=board.groups[0].pk, by=board.side.clerk)
    with pytest.raises(Invalid):
        board.put(board.cell(0, 0))


def test_the_table_itself_refuses_two_cells_at_a_time_and_none_at_all(board: Board) -> None:
    board.put(board.cell(0, 0))
    for wrong in ({"zone": board.zones[1]}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Placement.objects.create(membership=board.members[0], **wrong)
