from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeadlinesConfig(AppConfig):
    name = "deadlines"
    verbose_name = _("到期与提醒")

    def ready(self) -> None:
        from deadlines import contributions, receivers  # noqa: F401
        from deadlines.services import chasing, digest, recounting, weekly  # noqa: F401
