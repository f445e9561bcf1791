from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("共建项目")
    menu = ("project", "agreement", "milestone", "deed", "menuitem", "story", "assessment")
    """The lists of the workbench's menu, what is used most first."""

    def ready(self) -> None:
        from projects import contributions, receivers  # noqa: F401
