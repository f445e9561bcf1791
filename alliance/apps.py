"""Two app configurations of the root: the house itself, and Django's admin with our site in it."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AllianceConfig(AppConfig):
    name = "alliance"
    verbose_name = _("同心")

    def ready(self) -> None:
        from alliance import celery, checks  # noqa: F401
        from alliance.lib.dbroles import grant_application_role

        post_migrate.connect(grant_application_role, dispatch_uid="grant_application_role")


class WorkbenchConfig(AdminConfig):
    default_site = "alliance.admin.Workbench"
