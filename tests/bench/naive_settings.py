"""The product's own settings with the control's address added."""

from __future__ import annotations

from alliance.settings.local import *  # noqa: F403

ROOT_URLCONF = "tests.bench.naive"
