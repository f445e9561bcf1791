from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PointsConfig(AppConfig):
    name = "points"
    verbose_name = _("积分")

    menu = ("reward", "account", "correction", "rule")
    menu_rare = ("rule",)
    """The lists of the workbench's menu, what is used most first."""

    def ready(self) -> None:
        from points import contributions, receivers  # noqa: F401
