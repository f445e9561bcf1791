"""The register in the workbench: one module per page."""

from members.admin import alliance, bodies, documents, party, places, receipts, seat_offers, seats, unit

__all__ = ["alliance", "bodies", "documents", "party", "places", "receipts", "seat_offers", "seats", "unit"]
