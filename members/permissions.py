"""Who may do what to alliances, units, memberships and seats. Derived from roles in areas."""

from __future__ import annotations

from typing import Any

from members.models import Alliance, Body, BodyKind, Liaison, Membership, MemberUnit, SeatOffer
from members.states import READ_ROLES, REGISTER_ROLES
from people.permissions import shared_abilities
from people.querysets import STREET_LENGTH
from people.states import COMMUNITY_ROLES, Role

NONE: frozenset[str] = frozenset()


def keeps_register(user: Any, area_code: str) -> bool:
    """Whether ``user`` keeps the register of units where ``area_code`` lies."""
    return bool(user.roles_at(area_code) & REGISTER_ROLES)


def keeps_place(user: Any, area_code: str) -> bool:
    """Whether ``user`` keeps what a place has of its own: its street does, and of a community its own staff."""
    roles = user.roles_at(area_code)
    return bool(roles & REGISTER_ROLES or (len(area_code) > STREET_LENGTH and roles & COMMUNITY_ROLES))


def keeps_alliance(user: Any, alliance: Alliance) -> bool:
    """Whether ``user`` says who belongs to ``alliance`` and where: its street, of a sub-alliance its community too."""
    return keeps_place(user, alliance.area_id)


def sets_up_alliance(user: Any, area_code: str) -> bool:
    """A street's alliance is set up by a system administrator, the sub-alliance of a community by its street too."""
    if Role.SYSTEM_ADMIN in user.roles_at(area_code):
        return True
    return len(area_code) > STREET_LENGTH and keeps_register(user, area_code)


def keeps_body(user: Any, body: Body) -> bool:
    """Groups and zones are the alliance's, other bodies belong to the place they sit in."""
    if body.alliance is not None and body.kind.axis:
        return keeps_alliance(user, body.alliance)
    return keeps_place(user, body.area_id)


def seats_unit(user: Any, unit: MemberUnit) -> bool:
    """Seats are given by the street the unit sits in and by the streets whose alliances it belongs to.

    Its entry in the register is its own street's alone.
    """
    if keeps_register(user, unit.area_id):
        return True
    streets = unit.memberships.active().values_list("alliance__street_code", flat=True)
    return any(keeps_register(user, street) for street in set(streets))


def alliance_abilities(user: Any, obj: Alliance | None = None) -> frozenset[str]:
    """Alliances: set up by system administrators, described and kept by their street.

    ``keep``: its members, groups, zones and figures, which are no system administrator's.
    """
    if obj is None:
        able = {"view"} if user.has_role(*READ_ROLES) else set()
        if user.has_role(Role.SYSTEM_ADMIN, *REGISTER_ROLES):
            able |= {"add", "change"}
        return frozenset(able | {"change"} if user.has_role(*COMMUNITY_ROLES) else able)
    if keeps_alliance(user, obj):
        return frozenset({"view", "change", "keep"})
    if Role.SYSTEM_ADMIN in user.roles_at(obj.area_id):
        return frozenset({"view", "change"})
    return frozenset({"view"}) if user.has_role(*READ_ROLES) else NONE


def body_abilities(user: Any, obj: Body | None = None) -> frozenset[str]:
    """Bodies: kept by the place they sit in, read by everybody who works in the street."""
    if obj is None:
        return _kept(user.has_role(*REGISTER_ROLES, *COMMUNITY_ROLES), user)
    return _kept(keeps_body(user, obj), user)


def body_kind_abilities(user: Any, obj: BodyKind | None = None) -> frozenset[str]:
    """Kinds of bodies are one list for all streets: read by whoever works with bodies, kept as shared lists are."""
    able = shared_abilities(user)
    return able | {"view"} if user.has_role(*READ_ROLES) else able


def unit_abilities(user: Any, obj: MemberUnit | None = None) -> frozenset[str]:
    """Units: kept by the staff of their street, read by everybody who works in a street they joined."""
    kept = user.has_role(*REGISTER_ROLES) if obj is None else keeps_register(user, obj.area_id)
    return _kept(kept, user)


def profile_abilities(user: Any, unit: MemberUnit) -> frozenset[str]:
    """A unit's profile: described by its street and by its own liaisons, sorted (tags, building) by the street."""
    if keeps_register(user, unit.area_id):
        return frozenset({"view", "describe", "sort"})
    if unit.seats.active().filter(user_id=user.pk).exists():
        return frozenset({"view", "describe"})
    return frozenset({"view"}) if user.has_role(*READ_ROLES) else NONE


def place_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Buildings, party organisations, brands: kept by the community they lie in and by its street."""
    if obj is None:
        return _kept(user.has_role(*REGISTER_ROLES, *COMMUNITY_ROLES), user)
    return _kept(keeps_place(user, obj.area_id), user)


def cultivation_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Lists on which organisations are cultivated: kept by the street."""
    kept = user.has_role(*REGISTER_ROLES) if obj is None else keeps_register(user, obj.area_id)
    return _kept(kept, user)


def membership_abilities(user: Any, obj: Membership | None = None) -> frozenset[str]:
    """Memberships: entered by the alliance's street, of a sub-alliance by its community too."""
    keepers = REGISTER_ROLES | COMMUNITY_ROLES
    kept = user.has_role(*keepers) if obj is None else keeps_alliance(user, obj.alliance)
    return _kept(kept, user)


def liaison_abilities(user: Any, obj: Liaison | None = None) -> frozenset[str]:
    """Seats: given by the unit's street and the streets it joined."""
    kept = user.has_role(*REGISTER_ROLES) if obj is None else seats_unit(user, obj.unit)
    return _kept(kept, user)


def may_offer_seat(user: Any, unit: MemberUnit, *, hands_over: Liaison | None, is_second: bool) -> bool:
    """Offers of seats: by whoever seats people; a liaison hands over the own seat, the first asks for a second."""
    if seats_unit(user, unit):
        return True
    own = unit.seats.active().filter(user_id=user.pk).first()
    if own is None:
        return False
    return hands_over.pk == own.pk if hands_over is not None else is_second and not own.is_second


def seat_offer_abilities(user: Any, obj: SeatOffer | None = None) -> frozenset[str]:
    """Offers of seats, in the workbench: as seats. They are sent again or taken back, never edited."""
    kept = user.has_role(*REGISTER_ROLES) if obj is None else seats_unit(user, obj.unit)
    return _kept(kept, user) - ({"change"} if obj is not None else set())


def merge_abilities(user: Any, *units: MemberUnit) -> frozenset[str]:
    """Two rows of one unit: made one by whoever keeps both."""
    kept = bool(units) and all(keeps_register(user, unit.area_id) for unit in units)
    return frozenset({"merge"}) if kept else NONE


def document_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Documents: written and published by whoever keeps the alliance, read by everybody who works in its street."""
    keepers = REGISTER_ROLES | COMMUNITY_ROLES
    kept = user.has_role(*keepers) if obj is None else keeps_alliance(user, obj.alliance)
    return _kept(kept, user)


def receipt_abilities(user: Any, obj: Any = None) -> frozenset[str]:
    """Who has seen a document: asked by whoever keeps the alliance."""
    keepers = REGISTER_ROLES | COMMUNITY_ROLES
    kept = user.has_role(*keepers) if obj is None else keeps_alliance(user, obj.version.document.alliance)
    return frozenset({"view"}) if kept else NONE


def _kept(kept: bool, user: Any) -> frozenset[str]:
    if kept:
        return frozenset({"view", "add", "change"})
    return frozenset({"view"}) if user.has_role(*READ_ROLES) else NONE
