"""Two streets with an alliance each and the same people in both; one unit belongs to both alliances."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from members.models import Alliance, MemberUnit
    from people.models import Area, User


@dataclass(frozen=True)
class Side:
    """One street of the twins."""

    street: Area
    community: Area
    alliance: Alliance
    clerk: User
    worker: User
    administrator: User
    unit: MemberUnit


@dataclass(frozen=True)
class Twins:
    """Two streets that must not see into each other."""

    here: Side
    there: Side
    shared: MemberUnit
    district: Area


@pytest.fixture
def twins(db: None) -> Twins:
    from members.services import create_unit, join_alliance
    from members.states import UnitKind
    from people.models import Area
    from people.states import Level

    district = Area.objects.create(code="330109", name="某某区", level=Level.DISTRICT)
    here, there = (_side(district, code, name) for code, name in (("330109001", "甲"), ("330109002", "乙")))
    shared = create_unit(
        name="某某区图书馆",
        kind=UnitKind.INSTITUTION,
        area=here.street,
        by=None,
        alliance=here.alliance,
        is_public=True,
    )
    join_alliance(alliance=there.alliance, unit=shared, by=None)
    return Twins(here, there, shared, district)


def _side(district: Area, code: str, name: str) -> Side:
    from members.services import create_alliance, create_unit
    from members.states import UnitKind
    from people.models import Area
    from people.states import Level, Role

    street = Area.objects.create(code=code, name=f"{name}街道", level=Level.STREET, parent=district)
    community = Area.objects.create(code=f"{code}001", name=f"{name}社区", level=Level.COMMUNITY, parent=street)
    alliance = create_alliance(area=street, name=f"{name}联盟", by=None)
    return Side(
        street=street,
        community=community,
        alliance=alliance,
        clerk=person(f"clerk{code}", Role.PARTY_OFFICE, street),
        worker=person(f"worker{code}", Role.COMMUNITY_STAFF, community),
        administrator=person(f"admin{code}", Role.SYSTEM_ADMIN, street),
        unit=create_unit(
            name=f"{name}街道小学",
            kind=UnitKind.SCHOOL,
            area=community,
            by=None,
            alliance=alliance,
            joined_on=date(2020, 7, 13),
        ),
    )


def person(username: str, role: str | None, area: Area | None) -> User:
    """Somebody with a role, or with none; that services make people rightly is another test's business."""
    from people.models import RoleGrant, User

    user = User(username=username, name="许佳")
    user.set_unusable_password()
    user.save()
    if role and area:
        RoleGrant.objects.create(user=user, role=role, area=area)
    return User.objects.get(pk=user.pk)
