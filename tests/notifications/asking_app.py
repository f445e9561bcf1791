"""Makes the tests' kind of card known to a server of its own process."""

from __future__ import annotations

from django.apps import AppConfig


class AskingConfig(AppConfig):
    name = "tests.notifications"
    label = "asking"

    def ready(self) -> None:
        from tests.notifications import asking  # noqa: F401
