"""The register in the workbench: one module per page."""

from members.admin import alliance, seat_offers, seats, unit

__all__ = ["alliance", "seat_offers", "seats", "unit"]
