"""Migration operation: the database counts that never more is promised than there is.

Spaces have an exclusion constraint. Of pieces, and of people who come, several may be out at once: a trigger takes
the resource's row, as the services do, and compares the highest sum of live holds with the quantity, also when the
quantity is lowered.
"""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

CREATE = """
CREATE FUNCTION tongxin_within_quantity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which bigint;
    there integer;
    promised integer;
BEGIN
    IF TG_TABLE_NAME = 'resources_hold' THEN which := NEW.resource_id; ELSE which := NEW.id; END IF;
    SELECT quantity INTO there FROM resources_resource WHERE id = which FOR NO KEY UPDATE;
    -- A sum can only rise where one of the holds begins.
    SELECT max(taken) INTO promised FROM (
        SELECT sum(other.quantity) AS taken
        FROM resources_hold one
        JOIN resources_hold other
            ON other.resource_id = one.resource_id AND other.live AND other.during @> lower(one.during)
        WHERE one.resource_id = which AND one.live
        GROUP BY one.id
    ) beginnings;
    IF promised > there THEN
        RAISE EXCEPTION 'resource % has % and would have promised %', which, there, promised
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hold_within_quantity', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER resources_hold_promised AFTER INSERT OR UPDATE ON resources_hold
    FOR EACH ROW WHEN (NEW.live) EXECUTE FUNCTION tongxin_within_quantity();
CREATE TRIGGER resources_resource_promised AFTER UPDATE OF quantity ON resources_resource
    FOR EACH ROW WHEN (NEW.quantity < OLD.quantity) EXECUTE FUNCTION tongxin_within_quantity();
"""


def count_promises() -> RunSQL:
    """The function and its two triggers."""
    return RunSQL(CREATE, "DROP FUNCTION IF EXISTS tongxin_within_quantity() CASCADE")
