from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NeedsConfig(AppConfig):
    name = "needs"
    verbose_name = _("诉求")

    def ready(self) -> None:
        from needs import contributions, receivers  # noqa: F401
