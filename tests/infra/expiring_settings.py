"""The control: a clock whose ticks expire after a minute, as most sites have it."""

from __future__ import annotations

from tests.infra.quiet_settings import *  # noqa: F403

CELERY_BEAT_SCHEDULE = {"tick": {"task": "tests.tick", "schedule": 0.5, "options": {"expires": 55}}}
