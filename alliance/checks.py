"""Deployment checks of our own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from alliance.lib.dbroles import append_only_tables


@register(Tags.security, deploy=True)
def demo_is_off(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The demo's accounts have published passwords, so production refuses them."""
    if settings.DEMO:
        return [Error("DEMO must be off in production.", id="tongxin.E001")]
    return []


@register(Tags.database, deploy=True)
def role_cannot_change_history(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """``DATABASE_URL`` must be the application's role: an owner or superuser could rewrite history.

    Runs with ``check --deploy --database default``.
    """
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_tables WHERE tablename = ANY(%s)"
                " AND has_table_privilege(current_user, format('%%I.%%I', schemaname, tablename), 'UPDATE, DELETE')",
                [append_only_tables()],
            )
            (writable,) = cursor.fetchone()
        if writable:
            hint = "Give DATABASE_URL the role tongxin_app; the owner belongs in DATABASE_OWNER_URL."
            found.append(Error("The database role can change append-only tables.", hint=hint, id="tongxin.E002"))
    return found
