"""States of activities, sign-ups, volunteers and teams. Pure names."""

from __future__ import annotations
