"""Offers and claimers of the tests' own."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.utils import timezone

from claims.models import Claim, Offer
from claims.services import claim_offer, publish_offer
from members.models import Alliance, Liaison, Membership, MemberUnit
from members.states import UnitKind
from people.models import Area, User
from tests.cast import Cast, Street, fresh

_numbers = count(1)


def alliance_of(street: Street) -> Alliance:
    """The alliance of the street; its liaison's unit is a member."""
    alliance, made = Alliance.objects.get_or_create(area=street.street, name=f"{street.street.name}党建联盟")
    if made:
        Membership.objects.create(alliance=alliance, unit=unit_of(street), joined_on=timezone.localdate())
    return alliance


def unit_of(street: Street) -> MemberUnit:
    """The unit for which the street's liaison speaks."""
    return MemberUnit.objects.get(seats__user=street.liaison)


def another_unit(street: Street, *, public: bool = False, member: bool = True) -> tuple[MemberUnit, User]:
    """One more unit with a liaison of its own."""
    number = next(_numbers)
    user = User.objects.create(username=f"liaison-{number}", name=f"联络员{number}", password="!")
    unit = MemberUnit.objects.create(
        name=f"第{number}幼儿园", kind=UnitKind.SCHOOL, area=street.street, is_public=public
    )
    Liaison.objects.create(unit=unit, user=user)
    if member:
        Membership.objects.create(alliance=alliance_of(street), unit=unit, joined_on=timezone.localdate())
    return unit, user


def offer_in(area: Area, **changes: Any) -> Offer:
    """A wish of the community ``area``; ``changes`` are parts of it."""
    number = next(_numbers)
    said: dict[str, Any] = {
        "kind": "thing",
        "subject": f"thing:{number}",
        "label": f"XY-{number:04d}",
        "title": "一床厚被子",
        "area": area,
        "for_people": True,
        "closes_at": timezone.now() + timedelta(days=15),
        "deliver_within": timedelta(days=15),
    }
    return publish_offer(**{**said, **changes})


def claim_by(user: User, offer: Offer, unit: MemberUnit | None = None) -> Claim:
    return claim_offer(offer_id=offer.pk, by=fresh(user), client_key=uuid4(), unit_id=unit.pk if unit else None)


def units_claim(cast: Cast, **changes: Any) -> tuple[Offer, Claim]:
    """An offer of 万寿桥社区, claimed by 城厢街道's unit."""
    alliance_of(cast.chengxiang)
    offer = offer_in(cast.chengxiang.home, **changes)
    return offer, claim_by(cast.chengxiang.liaison, offer, unit_of(cast.chengxiang))
