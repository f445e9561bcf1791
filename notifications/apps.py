from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("消息")
    menu = ("message", "messagetext", "robot")
    menu_rare = ("robot",)

    def ready(self) -> None:
        from notifications import checks, contributions, receivers  # noqa: F401
