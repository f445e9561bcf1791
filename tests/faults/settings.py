"""The quick start's settings with the control beside the product, and with seconds where the product has a minute."""

from __future__ import annotations

from alliance.lib import wake
from alliance.settings.local import *  # noqa: F403
from alliance.settings.local import CELERY_BEAT_SCHEDULE as PLAIN
from alliance.settings.local import env

CELERY_BEAT_SCHEDULE = {**PLAIN, "deliver-messages": {**PLAIN["deliver-messages"], "schedule": 1}}
CELERY_IMPORTS = ["tests.faults.naive"]
ROOT_URLCONF = "tests.faults.naive"
wake.QUIET_SECONDS = env.float("QUIET_SECONDS")
