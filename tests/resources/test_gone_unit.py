"""What a unit gives ends with its membership, and comes back with it."""

from __future__ import annotations

import pytest

from alliance.lib.errors import RuleBroken
from desk import warehouse
from members.models import Membership
from members.services import leave_alliance
from resources import public, services
from resources.models import Resource
from resources.services.ranking import Criteria, rank
from tests.cast import Cast, fresh
from tests.claims.things import alliance_of, another_unit
from tests.resources.things import at, book, given_by_unit, in_days


def test_a_unit_that_left_gives_nothing_any_more(cast: Cast) -> None:
    here, day = cast.chengxiang, in_days(2)
    room, nine = given_by_unit(here), (at(day, 9), at(day, 10))
    unit, liaison = another_unit(here)
    mine = services.Booker(unit=unit.pk)

    def shown() -> list[bool]:
        listed = warehouse.found_for(fresh(liaison), unit, span=nine)[0]
        return [
            room in Resource.objects.public(),
            room in public.shared_in(alliance_of(here)),
            any(row["name"] == room.name and not row["why"] for row in listed),
            bool(rank(Criteria(here.home.pk, kinds=["meeting-room"]))),
        ]

    assert shown() == [True] * 4
    membership = Membership.objects.active().get(unit=room.unit)
    leave_alliance(pk=membership.pk, by=fresh(here.party_office))
    assert shown() == [False] * 4
    with pytest.raises(RuleBroken, match="不在联盟"):
        book(liaison, room, *nine, booker=mine)
    Membership.objects.filter(pk=membership.pk).update(left_on=None)
    assert shown() == [True] * 4
    book(liaison, room, *nine, booker=mine)
