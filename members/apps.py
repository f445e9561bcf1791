from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("共建力量")

    def ready(self) -> None:
        from members import contributions, receivers  # noqa: F401
