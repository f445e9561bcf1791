"""Migration operation: the milestones of what runs make a hundred, and none lies outside its project's days.

Looked at when a transaction commits, so that several may be changed together.
"""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

SQL = """
CREATE FUNCTION tongxin_milestones_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which bigint;
    project record;
    total integer;
    outside integer;
BEGIN
    IF TG_TABLE_NAME = 'projects_project' THEN which := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN which := OLD.project_id;
    ELSE which := NEW.project_id; END IF;
    SELECT state, starts_on, ends_on INTO project FROM projects_project WHERE id = which;
    IF project.state NOT IN ('running', 'done') THEN RETURN NULL; END IF;
    SELECT coalesce(sum(weight), 0), count(*) FILTER (WHERE due_on < project.starts_on OR due_on > project.ends_on)
        INTO total, outside FROM projects_milestone WHERE project_id = which;
    IF total <> 100 THEN
        RAISE EXCEPTION 'milestones of project % make %', which, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'milestones_make_a_hundred', TABLE = TG_TABLE_NAME;
    END IF;
    IF outside > 0 THEN
        RAISE EXCEPTION 'milestones of project % lie outside its days', which
            USING ERRCODE = 'check_violation', CONSTRAINT = 'milestones_within_the_project', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER projects_milestone_whole AFTER INSERT OR DELETE OR UPDATE OF weight, due_on, project_id
    ON projects_milestone DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION tongxin_milestones_whole();
CREATE CONSTRAINT TRIGGER projects_project_whole AFTER INSERT OR UPDATE OF state, starts_on, ends_on
    ON projects_project DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION tongxin_milestones_whole();
"""


def make_a_hundred() -> RunSQL:
    """The function and its two triggers."""
    return RunSQL(SQL, "DROP FUNCTION IF EXISTS tongxin_milestones_whole() CASCADE")


MEASURES = """
CREATE FUNCTION tongxin_measures_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
    which bigint := (row ->> TG_ARGV[0])::bigint;
    total bigint;
BEGIN
    EXECUTE format('SELECT sum(weight) FROM %I WHERE %I = $1', TG_TABLE_NAME, TG_ARGV[0]) INTO total USING which;
    IF total <> 100 THEN  -- none at all is nothing yet
        RAISE EXCEPTION '% of % % make %', TG_TABLE_NAME, TG_ARGV[0], which, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'measures_make_a_hundred', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER projects_yardstick_hundred AFTER INSERT OR DELETE OR UPDATE OF weight, project_id
    ON projects_yardstick DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION tongxin_measures_whole('project_id');
CREATE CONSTRAINT TRIGGER projects_score_hundred AFTER INSERT ON projects_score DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION tongxin_measures_whole('assessment_id');
"""


def measures_make_a_hundred() -> RunSQL:
    """The same of what a service is assessed by, and of what an assessment was made of."""
    return RunSQL(MEASURES, "DROP FUNCTION IF EXISTS tongxin_measures_whole() CASCADE")
