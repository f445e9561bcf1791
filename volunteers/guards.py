"""Migration operation: a presence that somebody confirmed stands. Hours and points hang on it; what was wrong is put
right by further rows. The trigger refuses to everybody but the table's owner."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

_SQL = """
CREATE FUNCTION volunteers_confirmed_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) <> current_user THEN
        RAISE EXCEPTION 'presence % is confirmed', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER volunteers_attendance_confirmed BEFORE UPDATE ON volunteers_attendance
    FOR EACH ROW WHEN (OLD.confirmed_at IS NOT NULL) EXECUTE FUNCTION volunteers_confirmed_stands();
"""
_BACK = "DROP FUNCTION IF EXISTS volunteers_confirmed_stands() CASCADE"


def guard_confirmed() -> RunSQL:
    """Guards presences against UPDATE once they are confirmed; nobody but the owner deletes any."""
    return RunSQL(_SQL, _BACK)
