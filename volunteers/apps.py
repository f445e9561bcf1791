from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = _("志愿服务")
    menu = ("activity", "volunteer", "team", "section", "partyreport", "insurance", "hours")
    menu_rare = ("insurance", "hours")
    """The lists of the workbench's menu, what is used most first."""

    def ready(self) -> None:
        from volunteers import contributions, receivers  # noqa: F401
