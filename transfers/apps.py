from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransfersConfig(AppConfig):
    name = "transfers"
    verbose_name = _("导入导出")

    def ready(self) -> None:
        from transfers import contributions  # noqa: F401
