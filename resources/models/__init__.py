"""The shared warehouse: kinds, what is offered, when it is open, who has booked it."""

from __future__ import annotations

from resources.models.booking import Booking, BookingEvent, Hold, Pause
from resources.models.kind import ResourceKind
from resources.models.opening import Closure, Opening
from resources.models.resource import Mode, Part, Resource, ResourceEvent
from resources.models.usage import Usage

__all__ = [
    "Booking",
    "BookingEvent",
    "Closure",
    "Hold",
    "Mode",
    "Opening",
    "Part",
    "Pause",
    "Resource",
    "ResourceEvent",
    "ResourceKind",
    "Usage",
]
