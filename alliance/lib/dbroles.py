"""What the application's database role may do, granted by the owner after every migration."""

from __future__ import annotations

from django.apps import apps
from django.db import connections

APPLICATION_ROLE = "tongxin_app"


def append_only_tables() -> list[str]:
    """Names of the tables whose rows are written once."""
    return sorted(m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False))


def kept_tables() -> list[str]:
    """Names of the tables whose rows change but are never deleted (``keep_rows``)."""
    return sorted(m._meta.db_table for m in apps.get_models() if getattr(m, "keep_rows", False))


def tables_are_complete(using: str = "default") -> bool:
    """Whether every model has its table (not so in the middle of migrating back and forth)."""
    with connections[using].cursor() as cursor:
        present = set(connections[using].introspection.table_names(cursor))
    return all(m._meta.db_table in present for m in apps.get_models() if m._meta.managed)


def grant_application_role(using: str = "default") -> None:
    """Grant the application reading and writing, and take changing history away again. Idempotent.

    Does nothing where the role does not exist (a plain development server) or we are not the owner.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s), current_user = %s",
            [APPLICATION_ROLE, APPLICATION_ROLE],
        )
        exists, is_application = cursor.fetchone()
        if not exists or is_application:
            return
        present = set(connections[using].introspection.table_names(cursor))
        cursor.execute(
            f"GRANT USAGE ON SCHEMA public TO {APPLICATION_ROLE};"
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APPLICATION_ROLE};"
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION_ROLE};"
        )
        for table in [*append_only_tables(), "django_migrations"]:
            if table in present:
                cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM {APPLICATION_ROLE}')
        for table in kept_tables():
            if table in present:
                cursor.execute(f'REVOKE DELETE, TRUNCATE ON "{table}" FROM {APPLICATION_ROLE}')
        if "django_migrations" in present:
            cursor.execute(f"REVOKE INSERT ON django_migrations FROM {APPLICATION_ROLE}")
