"""The lists of the register (``alliance.lib.listing``): one module per noun."""

from members.listings import (
    alliances,
    bodies,
    body_kinds,
    cultivations,
    documents,
    liaisons,
    party,
    places,
    receipts,
    seat_offers,
    units,
)

__all__ = [
    "alliances",
    "bodies",
    "body_kinds",
    "cultivations",
    "documents",
    "liaisons",
    "party",
    "places",
    "receipts",
    "seat_offers",
    "units",
]
