"""The tests' settings for other processes: connected to the tests' database, recording instead of sending."""

from __future__ import annotations

import os

from alliance.settings.test import *  # noqa: F403
from alliance.settings.test import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.recording.RecordingConfig"]
SMS_CHANNEL = EMAIL_CHANNEL = "recording"
DATABASES["default"]["NAME"] = os.environ["TONGXIN_TEST_DATABASE"]
DATABASES["default"]["OPTIONS"]["assume_role"] = "tongxin_app"
