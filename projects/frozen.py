"""Migration operation: what was signed stands. Whatever a table allows its columns, a trigger refuses to everybody but
the tables' owner.

After the signing an agreement or amendment changes only in the columns named here; parties and targets neither come
nor go; a unit's answer is given once. And nothing is signed that one of the parties has not confirmed, word for word.
"""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

ALIVE = {
    "projects_agreement": (
        *("state", "version", "commissioner_id", "is_public", "runs_until"),
        *("reviewed_on", "reviewed_by_id", "review", "ended_on", "ended_why"),
        *("ending", "ending_words", "ending_by_id", "ending_at", "ended_by_id"),
        *("street_code", "search_text", "search"),  # generated after the trigger has looked
    ),
    "projects_amendment": (),
    "projects_party": ("unit_id", "left_on", "left_why"),
    "projects_target": (),
}


def _alive(table: str) -> str:
    """As the argument of a trigger: a literal array."""
    return "'{" + ",".join(ALIVE[table]) + "}'"


SQL = f"""
CREATE FUNCTION tongxin_is_owner(which oid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT pg_get_userbyid(relowner) = current_user FROM pg_class WHERE oid = which
$$;

CREATE FUNCTION tongxin_signed_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE alive text[] := TG_ARGV[0]::text[];
BEGIN
    IF tongxin_is_owner(TG_RELID) THEN RETURN NEW; END IF;
    IF to_jsonb(OLD) - alive <> to_jsonb(NEW) - alive THEN
        RAISE EXCEPTION '% % is signed', TG_TABLE_NAME, OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION tongxin_signed_parts_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    alive text[] := TG_ARGV[0]::text[];
    signed boolean;
BEGIN
    IF tongxin_is_owner(TG_RELID) THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    -- Held: whoever signs waits for this row, or this row for the signing.
    IF TG_OP <> 'INSERT' THEN
        SELECT signed_at IS NOT NULL INTO signed FROM projects_agreement WHERE id = OLD.agreement_id FOR SHARE;
    END IF;
    IF NOT coalesce(signed, false) AND TG_OP <> 'DELETE' THEN
        SELECT signed_at IS NOT NULL INTO signed FROM projects_agreement WHERE id = NEW.agreement_id FOR SHARE;
    END IF;
    IF coalesce(signed, false) AND (TG_OP <> 'UPDATE' OR to_jsonb(OLD) - alive <> to_jsonb(NEW) - alive) THEN
        RAISE EXCEPTION '% of a signed agreement', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION tongxin_signed_as_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paper jsonb := to_jsonb(NEW);
    which bigint := coalesce((paper ->> 'agreement_id')::bigint, NEW.id);
    amended bigint := CASE WHEN paper ? 'agreement_id' THEN NEW.id END;
BEGIN
    IF tongxin_is_owner(TG_RELID) THEN RETURN NEW; END IF;
    IF NOT EXISTS (SELECT 1 FROM projects_party WHERE agreement_id = which AND left_on IS NULL) OR EXISTS (
        SELECT 1 FROM projects_party p WHERE p.agreement_id = which AND p.left_on IS NULL AND NOT EXISTS (
            SELECT 1 FROM projects_ask a
            WHERE a.party_id = p.id AND a.amendment_id IS NOT DISTINCT FROM amended
                AND a.turn = NEW.turn AND a.sha256 = NEW.asked_sha256 AND a.answer = 'yes'
        )
    ) THEN
        RAISE EXCEPTION '% % is not confirmed by every party', TG_TABLE_NAME, NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_as_confirmed', TABLE = TG_TABLE_NAME;
    END IF;
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION '% % is not what its digest says', TG_TABLE_NAME, NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_as_digested', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION tongxin_same_unit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF tongxin_is_owner(TG_RELID) OR NOT EXISTS (
        SELECT 1 FROM projects_agreement WHERE id = NEW.agreement_id AND signed_at IS NOT NULL
    ) OR EXISTS (
        SELECT 1 FROM members_unitmerge
        WHERE (kept_id = NEW.unit_id AND gone_id = OLD.unit_id) OR (kept_id = OLD.unit_id AND gone_id = NEW.unit_id)
    ) THEN RETURN NULL; END IF;
    RAISE EXCEPTION 'party % of a signed agreement', NEW.id USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER projects_agreement_stands BEFORE UPDATE ON projects_agreement
    FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL)
    EXECUTE FUNCTION tongxin_signed_stands({_alive("projects_agreement")});
CREATE TRIGGER projects_amendment_stands BEFORE UPDATE ON projects_amendment
    FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL)
    EXECUTE FUNCTION tongxin_signed_stands({_alive("projects_amendment")});
CREATE TRIGGER projects_party_stands BEFORE INSERT OR UPDATE OR DELETE ON projects_party
    FOR EACH ROW EXECUTE FUNCTION tongxin_signed_parts_stand({_alive("projects_party")});
CREATE TRIGGER projects_target_stands BEFORE INSERT OR UPDATE OR DELETE ON projects_target
    FOR EACH ROW EXECUTE FUNCTION tongxin_signed_parts_stand({_alive("projects_target")});
CREATE TRIGGER projects_ask_answered BEFORE UPDATE ON projects_ask
    FOR EACH ROW WHEN (OLD.answer <> '' AND (OLD.answer, OLD.sha256, OLD.party_id, OLD.turn, OLD.answered_at)
        IS DISTINCT FROM (NEW.answer, NEW.sha256, NEW.party_id, NEW.turn, NEW.answered_at))
    EXECUTE FUNCTION tongxin_append_only();
CREATE TRIGGER projects_agreement_confirmed BEFORE UPDATE ON projects_agreement
    FOR EACH ROW WHEN (OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL)
    EXECUTE FUNCTION tongxin_signed_as_confirmed();
CREATE TRIGGER projects_agreement_never_new BEFORE INSERT ON projects_agreement
    FOR EACH ROW WHEN (NEW.signed_at IS NOT NULL) EXECUTE FUNCTION tongxin_signed_as_confirmed();
CREATE TRIGGER projects_amendment_confirmed BEFORE UPDATE ON projects_amendment
    FOR EACH ROW WHEN (OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL)
    EXECUTE FUNCTION tongxin_signed_as_confirmed();
CREATE TRIGGER projects_amendment_never_new BEFORE INSERT ON projects_amendment
    FOR EACH ROW WHEN (NEW.signed_at IS NOT NULL) EXECUTE FUNCTION tongxin_signed_as_confirmed();
CREATE CONSTRAINT TRIGGER projects_party_same_unit AFTER UPDATE OF unit_id ON projects_party
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.unit_id <> NEW.unit_id) EXECUTE FUNCTION tongxin_same_unit();
"""  # noqa: S608 (names of columns)
FUNCTIONS = (
    "tongxin_signed_stands",
    "tongxin_signed_parts_stand",
    "tongxin_signed_as_confirmed",
    "tongxin_same_unit",
    "tongxin_is_owner",
)


SIGNING = ("text", "sha256", "signed_by_id", "signed_at", "signed_on", "signed_place")
"""What the signing itself writes, besides what may change afterwards."""
_AT_SIGNING = {
    table: "'{" + ",".join(dict.fromkeys((*ALIVE[table], "state", "version", *SIGNING))) + "}'"
    for table in ("projects_agreement", "projects_amendment")
}
# The code points are those of the line that ``wording.with_signing`` begins with.
SAME_WORDS = f"""
CREATE FUNCTION tongxin_signed_same_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE written text[] := TG_ARGV[0]::text[];
BEGIN
    IF tongxin_is_owner(TG_RELID) THEN RETURN NEW; END IF;
    IF NEW.asked_sha256 <> encode(sha256(convert_to(OLD.text, 'UTF8')), 'hex')
        OR NOT starts_with(NEW.text, OLD.text || E'\n' || U&'\\7B7E\\8BA2\\65E5\\671F\\FF1A')
        OR to_jsonb(OLD) - written <> to_jsonb(NEW) - written THEN
        RAISE EXCEPTION '% % is signed with other words than were confirmed', TG_TABLE_NAME, NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_same_words', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER projects_agreement_same_words BEFORE UPDATE ON projects_agreement
    FOR EACH ROW WHEN (OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL)
    EXECUTE FUNCTION tongxin_signed_same_words({_AT_SIGNING["projects_agreement"]});
CREATE TRIGGER projects_amendment_same_words BEFORE UPDATE ON projects_amendment
    FOR EACH ROW WHEN (OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL)
    EXECUTE FUNCTION tongxin_signed_same_words({_AT_SIGNING["projects_amendment"]});
"""


def keep_words() -> RunSQL:
    """Signed are the words that were confirmed, with day and place behind them, and nothing else changes with that."""
    return RunSQL(SAME_WORDS, "DROP FUNCTION IF EXISTS tongxin_signed_same_words CASCADE")


def keep_ended_by_two() -> RunSQL:
    """The columns of ``EndedByTwo`` change after the signing, on a database whose triggers were made before them."""
    stands, same = "projects_agreement_stands", "projects_agreement_same_words"
    sql = f"""
    DROP TRIGGER {stands} ON projects_agreement;
    DROP TRIGGER {same} ON projects_agreement;
    CREATE TRIGGER {stands} BEFORE UPDATE ON projects_agreement
        FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL)
        EXECUTE FUNCTION tongxin_signed_stands({_alive("projects_agreement")});
    CREATE TRIGGER {same} BEFORE UPDATE ON projects_agreement
        FOR EACH ROW WHEN (OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL)
        EXECUTE FUNCTION tongxin_signed_same_words({_AT_SIGNING["projects_agreement"]});
    """
    return RunSQL(sql, RunSQL.noop)


def keep_signed() -> RunSQL:
    """The functions and their triggers."""
    return RunSQL(SQL, "".join(f"DROP FUNCTION IF EXISTS {name} CASCADE;" for name in FUNCTIONS))
