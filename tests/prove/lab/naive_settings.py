"""The lab with the control's tasks in place of the product's."""

from __future__ import annotations

from tests.prove.lab.settings import *  # noqa: F403

CELERY_BEAT_SCHEDULE = {"naive": {"task": "lab.naive", "schedule": 1}}
CELERY_IMPORTS = ("tests.prove.lab.naive",)
