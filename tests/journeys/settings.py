"""The quick start's settings with a kind of card that only tests declare."""

from __future__ import annotations

from alliance.settings.local import *  # noqa: F403
from alliance.settings.local import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.notifications.asking_app.AskingConfig"]
