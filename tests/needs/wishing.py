"""Wishes in tests: typed, verified, on the wall, taken."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from claims.models import Claim, Offer
from claims.services.claiming import claim_offer
from members.models import MemberUnit
from members.services import create_alliance, join_alliance
from needs.models import Wish
from needs.services.wishes import approve_wish, raise_wish, verify_wish
from tests.cast import Street, fresh

CANARIES = {"beneficiary": "金丝雀名", "household": "金丝雀家住3幢201", "phone": "13912345678"}


def typed(**changes: Any) -> dict[str, Any]:
    """What is typed into the form; ``changes`` are fields typed differently."""
    words = {
        "kind": "goods",
        "item": "一床厚被子",
        "story": "想要轻一点的",
        "called": "李伯",
        "cap_yuan": 300,
        "shares": 1,
        "delivery": "accompanied",
        **CANARIES,
    }
    return {**words, **changes}


def raised(street: Street, **changes: Any) -> Wish:
    """Registered by the community's worker."""
    key = changes.pop("client_key", None) or uuid4()
    by = changes.pop("by", None) or street.worker
    return raise_wish(client_key=key, by=fresh(by), area=street.home.pk, **typed(**changes))


def verified(street: Street, **changes: Any) -> Wish:
    """And asked for at the door by the same."""
    wish = raised(street, **changes)
    return verify_wish(pk=wish.pk, by=fresh(street.worker), version=None, how="上门看过")


def published(street: Street, **changes: Any) -> Wish:
    """And approved by the secretary, or by whoever is named as ``approver``."""
    approver = changes.pop("approver", street.secretary)
    wish = verified(street, **changes)
    approve_wish(pk=wish.pk, by=fresh(approver), version=None)
    return again(wish)


def again(wish: Wish) -> Wish:
    """As it stands in the table now."""
    return Wish.objects.select_related("area", "offer").get(pk=wish.pk)


def unit_of(street: Street) -> MemberUnit:
    """The street's unit, a member of an alliance of the street since today."""
    unit = MemberUnit.objects.get(area=street.street)
    if not unit.memberships.exists():
        alliance = create_alliance(area=street.street, name=f"{street.street.name}联盟", by=None)
        join_alliance(alliance=alliance, unit=unit, by=None)
    return unit


def taken(street: Street, wish: Wish) -> Claim:
    """Claimed by the street's unit."""
    unit, offer = unit_of(street), again(wish).offer
    assert isinstance(offer, Offer)
    return claim_offer(offer_id=offer.pk, by=fresh(street.liaison), client_key=uuid4(), unit_id=unit.pk)
