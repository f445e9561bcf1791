from __future__ import annotations

from django.apps import AppConfig


class LabConfig(AppConfig):
    name = "tests.prove.lab"
    label = "lab"

    def ready(self) -> None:
        from tests.prove.lab import things

        things.declare()
