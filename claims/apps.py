from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = _("认领")

    def ready(self) -> None:
        from claims import contributions  # noqa: F401
