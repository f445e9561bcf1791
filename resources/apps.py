from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = _("共享仓")
    menu = ("resource", "booking")
    """The lists of the workbench's menu, what is used most first."""
    menu_rare = ("pause", "resourcekind")

    def ready(self) -> None:
        from resources import contributions  # noqa: F401
