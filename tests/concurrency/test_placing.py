"""Two who move the same units at once, and two who take the same role: one wins, the others are told."""

from __future__ import annotations

import threading
from typing import Any

from django.db import transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, Invalid
from audit.models import AuditEntry
from audit.states import Action
from members.models import Body, BodyKind, BodySeat, Membership, MemberUnit, Placement
from members.services import create_alliance, join_alliance
from members.services.bodies import create_body, end_body
from members.services.body_seats import add_body_seat
from members.services.placing import Cell, Move, place_members
from members.states import UnitKind
from people.models import User
from tests.cast import Cast, at_once, fresh

THREADS = 8
UNITS = 6


class Board:
    """One alliance, a zone for every mover, a few members that stand nowhere yet."""

    def __init__(self, cast: Cast) -> None:
        here = cast.chengxiang
        self.clerk = here.clerk
        self.alliance = create_alliance(area=here.street, name="演示联盟", by=None)
        kind = BodyKind.objects.get(key="zone")
        given: dict[str, Any] = {"kind": kind, "area": here.street, "alliance": self.alliance, "by": None}
        self.zones = [create_body(name=f"演示片区{number}", **given) for number in range(THREADS)]
        for number in range(UNITS):
            unit = MemberUnit.objects.create(name=f"演示单位{number}", kind=UnitKind.SCHOOL, area=here.street)
            join_alliance(alliance=self.alliance, unit=unit, by=None)
        self.members = list(Membership.objects.filter(alliance=self.alliance).order_by("pk"))

    def moves(self, number: int) -> list[Move]:
        """All members to the zone of the mover ``number``; every second mover names them backwards."""
        order = self.members[::-1] if number % 2 else self.members
        return [Move(member.pk, Cell(), Cell(None, self.zones[number].pk)) for member in order]


def test_of_eight_who_move_the_same_units_one_does_and_the_rest_are_told(cast: Cast) -> None:
    board = Board(cast)
    clerks: list[User] = [fresh(board.clerk) for _n in range(THREADS)]

    def move(number: int) -> Any:
        return place_members(alliance=board.alliance.pk, moves=board.moves(number), by=clerks[number])

    for _round in range(4):
        Placement.objects.all().delete()
        results = at_once(move, THREADS)
        lost = [result for result in results if isinstance(result, Exception)]
        assert len(lost) == THREADS - 1 and all(isinstance(result, Conflict) for result in lost), lost
        zones = set(Placement.objects.active().values_list("zone_id", flat=True))
        assert len(zones) == 1 and Placement.objects.count() == UNITS
    assert AuditEntry.objects.filter(action=Action.UNITS_PLACED).count() == 4


def test_control_who_looks_before_locking_moves_over_the_others(cast: Cast) -> None:
    board, gate = Board(cast), threading.Barrier(THREADS)
    member = board.members[0]
    Placement.objects.create(membership=member, zone=board.zones[0], starts_on=timezone.localdate())

    def naive(number: int) -> bool:
        with transaction.atomic():
            seen = Placement.objects.active().get(membership=member)
            gate.wait(timeout=30)
            if seen.zone_id != board.zones[0].pk:
                return False
            Placement.objects.filter(pk=seen.pk).update(zone=board.zones[number])
            return True

    assert at_once(naive, THREADS).count(True) == THREADS, "everybody believes to have moved it"


def test_a_zone_that_ends_meanwhile_holds_nobody_afterwards(cast: Cast) -> None:
    board = Board(cast)
    clerks = [fresh(board.clerk) for _n in range(2)]
    for zone in board.zones[:4]:
        Placement.objects.all().delete()

        def work(number: int, zone: Body = zone) -> Any:
            if number:
                return end_body(pk=zone.pk, by=clerks[1])
            moves = [Move(member.pk, Cell(), Cell(None, zone.pk)) for member in board.members]
            return place_members(alliance=board.alliance.pk, moves=moves, by=clerks[0])

        at_once(work, 2)
        ended = Body.objects.get(pk=zone.pk).ended_on is not None
        assert ended != Placement.objects.active().filter(zone=zone).exists(), "one of the two happened"


def test_of_eight_who_take_a_single_role_one_sits(cast: Cast) -> None:
    board = Board(cast)
    clerks = [fresh(board.clerk) for _n in range(THREADS)]
    zone = board.zones[0]

    def sit(number: int) -> Any:
        return add_body_seat(pk=zone.pk, by=clerks[number], role="召集人", name=f"演示{number}")

    results = at_once(sit, THREADS)
    assert sum(isinstance(result, BodySeat) for result in results) == 1
    assert sum(isinstance(result, Invalid) for result in results) == THREADS - 1, results
    assert BodySeat.objects.filter(body=zone).count() == 1


def test_control_without_the_mark_the_role_is_held_eight_times(cast: Cast) -> None:
    zone = Board(cast).zones[0]
    at_once(lambda number: BodySeat.objects.create(body=zone, role="召集人", name=f"演示{number}"), THREADS)
    assert BodySeat.objects.filter(body=zone).count() == THREADS


def test_even_unlocked_the_table_holds_a_single_role(cast: Cast) -> None:
    zone = Board(cast).zones[0]
    given: dict[str, Any] = {"body": zone, "role": "召集人", "is_single": True}
    results = at_once(lambda number: BodySeat.objects.create(name=f"演示{number}", **given), THREADS)
    refused = [str(result) for result in results if isinstance(result, Exception)]
    assert len(refused) == THREADS - 1 and all("body_seat_single_role" in text for text in refused), refused
