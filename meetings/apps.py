from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("会议议事")
    menu = ("meeting", "actionitem", "topic", "series")
    """The lists of the workbench's menu, what is used most first."""

    def ready(self) -> None:
        from meetings import contributions, receivers  # noqa: F401
