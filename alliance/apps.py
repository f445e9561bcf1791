"""Two app configurations of the root: the house itself, and Django's admin with our site in it."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from alliance.lib.dbroles import grant_application_role, tables_are_complete
from alliance.lib.forms import drop_invisible_signs
from alliance.lib.registry import contributions


class AllianceConfig(AppConfig):
    name = "alliance"
    verbose_name = _("同心")

    def ready(self) -> None:
        from alliance import celery, checks  # noqa: F401

        drop_invisible_signs()
        # Sent once per app after all tables are there; people is always among them.
        post_migrate.connect(after_migrate, sender=apps.get_app_config("people"), dispatch_uid="after_migrate")


def after_migrate(using: str = "default", **kwargs: Any) -> None:
    """Grant the application's role its rights and load the default configuration; both idempotent.

    A flush sends the signal too, so that tests which empty the tables keep the defaults.
    """
    if not tables_are_complete(using):
        return
    grant_application_role(using=using)
    for load in contributions("defaults"):
        load()


class WorkbenchConfig(AdminConfig):
    default_site = "alliance.admin.Workbench"
