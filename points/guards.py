"""Migration operations: what the database itself refuses, whoever asks.

- A transfer is whole when the transaction ends: as many lines as it says, summing up to nothing, from where to where
  its kind says; what takes another back is its mirror image. No line is added later.
- What is held is spent or given back, once: by a transfer of the same source, account and amount.
- A person's balance is what the last line says and what the lots hold together; lines follow without a gap.
  So points come into an account by a transfer, or not at all.
- A shared balance grows by what its lines sum up to.
- Of a rule only its end is written, once, for a day to come. One that has not begun may be withdrawn; then the one
  before it ends where that would have ended.
"""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from points.states import FLOWS

WRITERS_LOCK = 7_265_501
"""Advisory lock: shared by every INSERT of lines, exclusive for whoever looks for a boundary to fold to."""

_FLOWS = ", ".join(f"('{kind}', '{source}', '{target}')" for kind, (source, target) in FLOWS.items())

_TRANSFER = f"""
CREATE FUNCTION points_transfer_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    total numeric; moved numeric; n integer; odd integer;
BEGIN
    SELECT coalesce(sum(e.amount), 0), coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0), count(*),
           count(*) FILTER (WHERE a.street_id <> NEW.street_id OR (a.kind = 'person') <> (e.seq IS NOT NULL)
                            OR (a.kind = 'person' AND a.id <> NEW.account_id) OR NOT EXISTS (
                                SELECT FROM (VALUES {_FLOWS}) AS flow (kind, source, target)
                                WHERE flow.kind = NEW.kind
                                  AND CASE WHEN e.amount < 0 THEN flow.source ELSE flow.target END = a.kind))
    INTO total, moved, n, odd
    FROM points_entry e JOIN points_account a ON a.id = e.account_id WHERE e.transfer_id = NEW.id;
    IF n <> NEW.lines OR total <> 0 OR moved <> NEW.amount OR odd <> 0 THEN
        RAISE EXCEPTION 'transfer % is not whole: % of % lines, sum %, moved % of %, % elsewhere',
            NEW.id, n, NEW.lines, total, moved, NEW.amount, odd
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_whole', TABLE = 'points_transfer';
    END IF;
    IF NEW.reverses_id IS NOT NULL AND (
        NOT EXISTS (SELECT FROM points_transfer t WHERE t.id = NEW.reverses_id AND t.account_id = NEW.account_id
                    AND t.kind = CASE NEW.kind WHEN 'release' THEN 'hold' ELSE 'award' END)
        OR EXISTS (SELECT FROM points_entry WHERE transfer_id IN (NEW.id, NEW.reverses_id)
                   GROUP BY account_id HAVING sum(amount) <> 0)
    ) THEN
        RAISE EXCEPTION 'transfer % does not take back %', NEW.id, NEW.reverses_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_mirrors', TABLE = 'points_transfer';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER points_transfer_is_whole AFTER INSERT ON points_transfer DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION points_transfer_whole();
"""  # noqa: S608 (names of kinds)

_ENTRY = f"""
CREATE FUNCTION points_entry_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted integer; n integer; before bigint; last integer; owner bigint;
BEGIN
    SELECT lines INTO wanted FROM points_transfer WHERE id = NEW.transfer_id;
    SELECT count(*) INTO n FROM points_entry WHERE transfer_id = NEW.transfer_id;
    IF n <> wanted THEN
        RAISE EXCEPTION 'transfer % has % lines and says %', NEW.transfer_id, n, wanted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_whole', TABLE = 'points_entry';
    END IF;
    IF NEW.seq IS NULL THEN RETURN NULL; END IF;
    SELECT seq INTO last FROM points_account WHERE id = NEW.account_id;
    SELECT account_id INTO owner FROM points_lot WHERE id = NEW.lot_id;
    SELECT after INTO before FROM points_entry WHERE account_id = NEW.account_id AND seq = NEW.seq - 1;
    IF NEW.seq > last OR owner <> NEW.account_id OR (before IS NULL AND NEW.seq > 1)
       OR NEW.after <> coalesce(before, 0) + NEW.amount THEN
        RAISE EXCEPTION 'line % of account % does not follow', NEW.seq, NEW.account_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_follows', TABLE = 'points_entry';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER points_entry_follows AFTER INSERT ON points_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION points_entry_fits();
CREATE FUNCTION points_entry_writers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({WRITERS_LOCK});
    RETURN NULL;
END $$;
CREATE TRIGGER points_entry_writing BEFORE INSERT ON points_entry
    FOR EACH STATEMENT EXECUTE FUNCTION points_entry_writers();
"""  # noqa: S608 (a number)

_ACCOUNT = """
CREATE FUNCTION points_account_true() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which bigint; own points_account%ROWTYPE; last bigint; held bigint;
BEGIN
    IF TG_TABLE_NAME = 'points_lot' THEN which := NEW.account_id; ELSE which := NEW.id; END IF;
    SELECT * INTO own FROM points_account WHERE id = which;
    SELECT after INTO last FROM points_entry WHERE account_id = which AND seq = own.seq;
    SELECT sum(rest) INTO held FROM points_lot WHERE account_id = which;
    IF own.kind <> 'person' OR own.balance <> coalesce(last, 0) OR own.balance <> coalesce(held, 0)
       OR (last IS NULL AND own.seq > 0) THEN
        RAISE EXCEPTION 'account % says %, its last line %, its lots %', which, own.balance, last, held
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_true', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER points_account_is_true AFTER INSERT OR UPDATE ON points_account DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind = 'person') EXECUTE FUNCTION points_account_true();
CREATE CONSTRAINT TRIGGER points_lot_is_true AFTER INSERT OR UPDATE ON points_lot DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION points_account_true();

CREATE FUNCTION points_account_folds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    more numeric;
BEGIN
    SELECT coalesce(sum(amount), 0) INTO more FROM points_entry
    WHERE account_id = NEW.id AND seq IS NULL AND id <= NEW.folded_to
      AND (TG_OP = 'INSERT' OR id > OLD.folded_to);
    IF NEW.balance <> more + (CASE TG_OP WHEN 'INSERT' THEN 0 ELSE OLD.balance END)
       OR (TG_OP = 'UPDATE' AND NEW.folded_to < OLD.folded_to) THEN
        RAISE EXCEPTION 'account % would not be what its lines sum up to', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_folded', TABLE = 'points_account';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER points_account_insert_folds AFTER INSERT ON points_account
    FOR EACH ROW WHEN (NEW.kind <> 'person') EXECUTE FUNCTION points_account_folds();
CREATE TRIGGER points_account_update_folds AFTER UPDATE ON points_account
    FOR EACH ROW WHEN (NEW.kind <> 'person') EXECUTE FUNCTION points_account_folds();
"""

_FIXED = """
CREATE FUNCTION points_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'this of % does not change', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER points_account_fixed BEFORE UPDATE ON points_account FOR EACH ROW
    WHEN ((OLD.id, OLD.kind, OLD.street_id, OLD.number) IS DISTINCT FROM (NEW.id, NEW.kind, NEW.street_id, NEW.number)
          OR OLD.closed_at IS NOT NULL OR (NEW.person_id IS NOT NULL AND NEW.person_id <> OLD.person_id)
          OR (NEW.seq < OLD.seq))
    EXECUTE FUNCTION points_fixed();
CREATE TRIGGER points_lot_fixed BEFORE UPDATE ON points_lot FOR EACH ROW
    WHEN ((OLD.id, OLD.account_id, OLD.expires_on) IS DISTINCT FROM (NEW.id, NEW.account_id, NEW.expires_on))
    EXECUTE FUNCTION points_fixed();
CREATE TRIGGER points_rule_fixed BEFORE UPDATE ON points_rule FOR EACH ROW
    WHEN (OLD.ends_on IS NOT NULL OR NEW.ends_on IS NULL
          OR NEW.ends_on < (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date
          OR to_jsonb(OLD) - 'ends_on' IS DISTINCT FROM to_jsonb(NEW) - 'ends_on')
    EXECUTE FUNCTION points_fixed();
"""

_ENDS = """
CREATE FUNCTION points_transfer_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM points_transfer t WHERE t.kind = 'hold' AND t.source = NEW.source
                   AND t.account_id = NEW.account_id AND t.amount = NEW.amount
                   AND (NEW.kind = 'spend' OR t.id = NEW.reverses_id)) THEN
        RAISE EXCEPTION 'transfer % ends nothing that is held', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_ends_a_hold', TABLE = 'points_transfer';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER points_transfer_ends AFTER INSERT ON points_transfer
    FOR EACH ROW WHEN (NEW.kind IN ('spend', 'release')) EXECUTE FUNCTION points_transfer_ends();
"""

_RULES = """
CREATE FUNCTION points_rule_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    today date := (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;
    stays boolean := to_jsonb(OLD) - 'ends_on' = to_jsonb(NEW) - 'ends_on' AND OLD.withdrawn_at IS NULL;
    gone text[] := ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_why'];
BEGIN
    IF (stays AND OLD.ends_on IS NULL AND NEW.ends_on >= today)
       OR (stays AND OLD.ends_on > today AND EXISTS (
            SELECT FROM points_rule AS rule WHERE rule.withdrawn_at IS NOT NULL AND rule.starts_on = OLD.ends_on
              AND rule.ends_on IS NOT DISTINCT FROM NEW.ends_on))
       OR (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL AND OLD.starts_on > today
           AND to_jsonb(OLD) - gone = to_jsonb(NEW) - gone)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'this of % does not change', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$;
DROP TRIGGER points_rule_fixed ON points_rule;
CREATE TRIGGER points_rule_fixed BEFORE UPDATE ON points_rule FOR EACH ROW EXECUTE FUNCTION points_rule_kept();
"""
_RULES_BEFORE = """
DROP FUNCTION IF EXISTS points_rule_kept() CASCADE;
CREATE TRIGGER points_rule_fixed BEFORE UPDATE ON points_rule FOR EACH ROW
    WHEN (OLD.ends_on IS NOT NULL OR NEW.ends_on IS NULL
          OR NEW.ends_on < (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date
          OR to_jsonb(OLD) - 'ends_on' IS DISTINCT FROM to_jsonb(NEW) - 'ends_on')
    EXECUTE FUNCTION points_fixed();
"""

_FUNCTIONS = (
    "points_transfer_whole",
    "points_entry_fits",
    "points_entry_writers",
    "points_account_true",
    "points_account_folds",
    "points_fixed",
)


def keep_true() -> RunSQL:
    """The functions and their triggers."""
    gone = "; ".join(f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name in _FUNCTIONS)
    return RunSQL("".join((_TRANSFER, _ENTRY, _ACCOUNT, _FIXED)), gone)


def end_holds_once() -> RunSQL:
    """What is spent or given back was held."""
    return RunSQL(_ENDS, "DROP FUNCTION IF EXISTS points_transfer_ends() CASCADE")


def withdraw_rules() -> RunSQL:
    """A version that has not begun may be withdrawn."""
    return RunSQL(_RULES, _RULES_BEFORE)
