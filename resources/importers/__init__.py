"""What of the warehouse comes in as a table."""

from __future__ import annotations

from resources.importers.stock import RESOURCES

__all__ = ["RESOURCES"]
