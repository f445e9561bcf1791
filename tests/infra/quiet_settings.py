"""The product's settings with a clock that strikes twice a second and tasks that need no database."""

from __future__ import annotations

from alliance.settings.local import *  # noqa: F403

CELERY_IMPORTS = ("tests.infra.quiet_tasks",)
CELERY_BEAT_SCHEDULE = {"tick": {"task": "tests.tick", "schedule": 0.5}}
