"""States of activities, sign-ups, volunteers and teams. Pure names."""

from __future__ import annotations

from volunteers.states.activity import (
    ACTIVITY_WORKFLOW,
    OPEN,
    SHOWN,
    ActivityKind,
    ActivityState,
    ActivityVerb,
    Hand,
)
from volunteers.states.signup import (
    BUSY,
    LIVE,
    ON_THE_SPOT,
    SAID_WITHIN,
    SEATED,
    SIGNUP_WORKFLOW,
    Appeal,
    How,
    Mood,
    SignUpState,
    SignUpVerb,
    Who,
)

__all__ = [
    "ACTIVITY_WORKFLOW",
    "BUSY",
    "LIVE",
    "ON_THE_SPOT",
    "OPEN",
    "SAID_WITHIN",
    "SEATED",
    "SHOWN",
    "SIGNUP_WORKFLOW",
    "ActivityKind",
    "ActivityState",
    "ActivityVerb",
    "Appeal",
    "Hand",
    "How",
    "Mood",
    "SignUpState",
    "SignUpVerb",
    "Who",
]
