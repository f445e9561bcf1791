"""The quick start's settings with the naive claim in front of the product's."""

from __future__ import annotations

from alliance.settings.local import *  # noqa: F403

ROOT_URLCONF = "tests.prove.naive_claims"
