"""Who sees which activities, sign-ups, volunteers and teams. The only place that knows."""

from __future__ import annotations
