"""Migration operations: no row of a table may come to point to a unit that was merged into another.

A merge holds both units' rows while it moves what is theirs; what others write for the gone unit meanwhile waits for
it in the trigger, and is refused as something to try again: by then the unit is not there any more to be chosen.
"""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

FUNCTION = """
CREATE OR REPLACE FUNCTION tongxin_unit_present() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE into_id bigint;
BEGIN
    SELECT merged_into_id INTO into_id FROM members_memberunit WHERE id = NEW.unit_id FOR KEY SHARE;
    IF into_id IS NOT NULL THEN
        RAISE EXCEPTION 'unit % was merged into %', NEW.unit_id, into_id USING ERRCODE = 'lock_not_available';
    END IF;
    RETURN NEW;
END $$;
"""


def create_function() -> RunSQL:
    """The trigger function; runs once, before the first ``guard``."""
    return RunSQL(FUNCTION, "DROP FUNCTION IF EXISTS tongxin_unit_present() CASCADE")


def guard(table: str) -> RunSQL:
    """Guards ``table``, whose column is ``unit_id``. Rows that stay with a merged unit may otherwise change."""
    return RunSQL(
        f"""
        CREATE TRIGGER {table}_unit_new BEFORE INSERT ON {table}
            FOR EACH ROW WHEN (NEW.unit_id IS NOT NULL) EXECUTE FUNCTION tongxin_unit_present();
        CREATE TRIGGER {table}_unit_other BEFORE UPDATE OF unit_id ON {table}
            FOR EACH ROW WHEN (NEW.unit_id IS NOT NULL AND NEW.unit_id IS DISTINCT FROM OLD.unit_id)
            EXECUTE FUNCTION tongxin_unit_present();
        """,
        f"DROP TRIGGER IF EXISTS {table}_unit_new ON {table}; DROP TRIGGER IF EXISTS {table}_unit_other ON {table};",
    )
