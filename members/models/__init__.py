"""Alliances, units, seats, bodies, party organisations, documents."""

from members.models.alliance import Alliance, Figure, Membership, Placement
from members.models.bodies import Body, BodyKind, BodySeat
from members.models.documents import Document, DocumentVersion, Receipt
from members.models.party import Cultivation, Listed, PartyOrganisation
from members.models.seats import Liaison, SeatOffer
from members.models.unit import Brand, Building, Distinct, MemberUnit, Strength, Tag, UnitMerge

__all__ = [
    "Alliance",
    "Body",
    "BodyKind",
    "BodySeat",
    "Brand",
    "Building",
    "Cultivation",
    "Distinct",
    "Document",
    "DocumentVersion",
    "Figure",
    "Liaison",
    "Listed",
    "MemberUnit",
    "Membership",
    "PartyOrganisation",
    "Placement",
    "Receipt",
    "SeatOffer",
    "Strength",
    "Tag",
    "UnitMerge",
]
