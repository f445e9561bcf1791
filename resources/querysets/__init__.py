"""Which resources, bookings and pauses one sees. The only place that knows."""

from __future__ import annotations

from resources.querysets.bookings import BookingQuerySet, PauseQuerySet, UsageQuerySet
from resources.querysets.offered import KindQuerySet, ResourceQuerySet, streets_of

__all__ = ["BookingQuerySet", "KindQuerySet", "PauseQuerySet", "ResourceQuerySet", "UsageQuerySet", "streets_of"]
