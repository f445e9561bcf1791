"""What the shared warehouse knows by name: kinds, states of what is offered and of what is booked. Pure names."""

from __future__ import annotations

from resources.states.booking import (
    BOOKING_WORKFLOW,
    LIVE,
    Appeal,
    Asker,
    BookingState,
    BookingVerb,
)
from resources.states.kinds import Advantage, Form, Pool
from resources.states.resource import RESOURCE_WORKFLOW, ResourceState, ResourceVerb, Side

__all__ = [
    "BOOKING_WORKFLOW",
    "LIVE",
    "RESOURCE_WORKFLOW",
    "Advantage",
    "Appeal",
    "Asker",
    "BookingState",
    "BookingVerb",
    "Form",
    "Pool",
    "ResourceState",
    "ResourceVerb",
    "Side",
]
