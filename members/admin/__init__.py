"""The register in the workbench: one module per page."""

from members.admin import alliance, seats, unit

__all__ = ["alliance", "seats", "unit"]
