"""Which rows of the register one sees: one module per noun."""

from members.querysets.alliance import AllianceQuerySet, FigureQuerySet, MembershipQuerySet, PlacementQuerySet
from members.querysets.bodies import (
    BodyKindQuerySet,
    BodyQuerySet,
    BodySeatQuerySet,
    CultivationQuerySet,
    ListedQuerySet,
    OrganisationQuerySet,
)
from members.querysets.documents import DocumentQuerySet, ReceiptQuerySet, VersionQuerySet
from members.querysets.scope import in_force, streets_around
from members.querysets.seats import LiaisonQuerySet, SeatOfferQuerySet
from members.querysets.unit import BrandQuerySet, BuildingQuerySet, StrengthQuerySet, TagQuerySet, UnitQuerySet

__all__ = [
    "AllianceQuerySet",
    "BodyKindQuerySet",
    "BodyQuerySet",
    "BodySeatQuerySet",
    "BrandQuerySet",
    "BuildingQuerySet",
    "CultivationQuerySet",
    "DocumentQuerySet",
    "FigureQuerySet",
    "LiaisonQuerySet",
    "ListedQuerySet",
    "MembershipQuerySet",
    "OrganisationQuerySet",
    "PlacementQuerySet",
    "ReceiptQuerySet",
    "SeatOfferQuerySet",
    "StrengthQuerySet",
    "TagQuerySet",
    "UnitQuerySet",
    "VersionQuerySet",
    "in_force",
    "streets_around",
]
