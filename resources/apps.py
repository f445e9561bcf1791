from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = _("共享仓")

    def ready(self) -> None:
        from resources import contributions  # noqa: F401
