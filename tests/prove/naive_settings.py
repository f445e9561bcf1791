"""The quick start's settings with the control in front of the product."""

from __future__ import annotations

from alliance.settings.local import *  # noqa: F403

ROOT_URLCONF = "tests.prove.naive"
