"""The product's settings with the lab's kinds and provider, and a clock that strikes every second."""

from __future__ import annotations

from alliance.settings.local import *  # noqa: F403
from alliance.settings.local import CELERY_BEAT_SCHEDULE, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.prove.lab.apps.LabConfig"]
SMS_CHANNEL = EMAIL_CHANNEL = "lab"
QUIET_HOURS = ""  # proofs run at any time of day
CELERY_BEAT_SCHEDULE = {
    **CELERY_BEAT_SCHEDULE,
    "sweep-dues": {"task": "deadlines.sweep", "schedule": 1},
    "deliver-messages": {"task": "notifications.deliver", "schedule": 1},
}
