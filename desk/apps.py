from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "desk"
    verbose_name = _("我的工作台")

    def ready(self) -> None:
        from desk import contributions  # noqa: F401
