"""The lists of the register (``alliance.lib.listing``): one module per noun."""

from members.listings import (
    alliances,
    bodies,
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
    "cultivations",
    "documents",
    "liaisons",
    "party",
    "places",
    "receipts",
    "seat_offers",
    "units",
]
