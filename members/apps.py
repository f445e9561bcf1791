from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("共建力量")
    menu = (
        *("memberunit", "liaison", "seatoffer", "alliance", "membership", "document", "receipt", "body"),
        *("partyorganisation", "cultivation", "building", "brand"),
    )
    """The lists of the workbench's menu, what is used most first."""
    menu_rare = ("bodykind",)

    def ready(self) -> None:
        from members import contributions, receivers  # noqa: F401
