"""Tables whose rows are written once: an abstract model, and the migration operation that guards its table.

Two independent guards: the application's role has no UPDATE, DELETE or TRUNCATE on such a table (``dbroles``), and
a trigger refuses them to everybody but the table's owner, so that a wrongly granted right is not enough.
"""

from __future__ import annotations

from django.db import models
from django.db.migrations.operations import RunSQL

FUNCTION = """
CREATE OR REPLACE FUNCTION tongxin_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) <> current_user THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_LEVEL = 'STATEMENT' THEN RETURN NULL; END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
"""


class AppendOnlyModel(models.Model):
    """Rows are inserted and read. Corrections are further rows."""

    append_only = True

    class Meta:
        abstract = True


def create_guard_function() -> RunSQL:
    """The trigger function; runs once, in the lowest app's first migration."""
    return RunSQL(FUNCTION, "DROP FUNCTION IF EXISTS tongxin_append_only() CASCADE")


def guard(table: str) -> RunSQL:
    """Guards ``table`` against UPDATE, DELETE and TRUNCATE."""
    return RunSQL(
        f"""
        CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION tongxin_append_only();
        CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION tongxin_append_only();
        """,
        f"DROP TRIGGER IF EXISTS {table}_rows ON {table}; DROP TRIGGER IF EXISTS {table}_whole ON {table};",
    )
