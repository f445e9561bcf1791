"""Ten million lines of the books, and the nightly check of them: in time, and not blind.

Written past the services, whose way in is one transfer at a time: tables without their triggers and indexes, as a copy
into an empty database is. What the check reads is what it would have read.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from typing import Any

import psycopg2

from points.models import LedgerCheck
from points.services.folding import fold
from points.services.verifying import compare, verify

LINES_EACH = 50
"""Of one person: 20 awards, 3 exchanges, 2 of them picked up."""
TABLES = ("points_account", "points_lot", "points_day", "points_transfer", "points_entry", "points_redemption")
MOST_SECONDS = 60
_BASE = 1_000_000
_ROWS = """
INSERT INTO points_account (id, kind, street_id, person_id, number, balance, seq, folded_to, opened_at)
SELECT %(base)s + n, 'person', %(street)s, %(base)s + n, 'S' || n, 140, 23, 0, now()
FROM generate_series(1, %(people)s) n;
INSERT INTO points_account (id, kind, street_id, number, balance, seq, folded_to, opened_at)
SELECT %(base)s - row_number() OVER (), one.kind, %(street)s, '', 0, 0, 0, now()
FROM unnest(ARRAY['issued', 'held', 'spent', 'expired']) AS one (kind)
WHERE NOT EXISTS (SELECT FROM points_account old WHERE old.street_id = %(street)s AND old.kind = one.kind);
INSERT INTO points_lot (id, account_id, expires_on, rest)
SELECT %(base)s + n, %(base)s + n, '2027-12-31', 140 FROM generate_series(1, %(people)s) n;
INSERT INTO points_day (account_id, day, given)
SELECT %(base)s + n, date '2026-10-01' + k, 10 FROM generate_series(1, %(people)s) n, generate_series(1, 20) k;
INSERT INTO points_transfer (id, kind, street_id, account_id, source, client_key, label, why, amount, asked, lines, day,
                             rule_id, at)
SELECT %(base)s + 25::bigint * n + k, what.kind, %(street)s, %(base)s + n, 'scale:' || n || ':' || k, gen_random_uuid(),
       '跑腿：买一瓶眼药水', '', what.amount, what.amount, 2, date '2026-10-01' + k,
       CASE what.kind WHEN 'award' THEN %(rule)s END, now()
FROM generate_series(1, %(people)s) n, generate_series(1, 25) k,
     LATERAL (SELECT CASE WHEN k <= 20 THEN 'award' WHEN k <= 23 THEN 'hold' ELSE 'spend' END AS kind,
                     CASE WHEN k <= 20 THEN 10 ELSE 20 END AS amount) what;
INSERT INTO points_entry (transfer_id, account_id, lot_id, amount, seq, after)
SELECT %(base)s + 25::bigint * n + k,
       CASE WHEN side = 1 AND k <= 23 THEN %(base)s + n ELSE shared.id END,
       CASE WHEN side = 1 AND k <= 23 THEN %(base)s + n END,
       CASE WHEN side = 1 THEN 1 ELSE -1 END * CASE WHEN k <= 20 THEN 10 ELSE -20 END,
       CASE WHEN side = 1 AND k <= 23 THEN k END,
       CASE WHEN side = 1 AND k <= 23 THEN CASE WHEN k <= 20 THEN 10 * k ELSE 200 - 20 * (k - 20) END END
FROM generate_series(1, %(people)s) n, generate_series(1, 25) k, generate_series(1, 2) side
JOIN LATERAL (SELECT CASE WHEN k <= 20 THEN 'issued' WHEN k > 23 AND side = 2 THEN 'spent' ELSE 'held' END AS kind) what
  ON true
JOIN points_account shared ON shared.street_id = %(street)s AND shared.kind = what.kind;
INSERT INTO points_redemption (account_id, reward_id, client_key, code_key, label, price, state, version, asked_at,
                               until, ended_at)
SELECT %(base)s + n, %(reward)s, gen_random_uuid(), 'scale' || n || ':' || k, '理发', 20,
       CASE k WHEN 3 THEN 'held' ELSE 'done' END, 1, now(), '2026-12-31', CASE k WHEN 3 THEN NULL ELSE now() END
FROM generate_series(1, %(people)s) n, generate_series(1, 3) k;
"""
HARMS = {
    "transfer": "UPDATE points_entry SET amount = amount + 1 WHERE id = (SELECT max(id) FROM points_entry)",
    "account": "UPDATE points_account SET balance = balance + 1 WHERE number = 'S7'",
    "lot": "UPDATE points_lot SET rest = rest - 1 WHERE account_id = (SELECT max(account_id) FROM points_lot)",
    "day": "UPDATE points_day SET given = given + 1 WHERE id = (SELECT max(id) FROM points_day)",
    "held": "UPDATE points_redemption SET state = 'void', ended_at = now() WHERE code_key = 'scale1:3'",
}
"""By what the check calls it: a change by hand. Each has to be found."""


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    entries: int
    seconds: float
    problems: list[str]
    unseen: list[str]

    def __str__(self) -> str:
        found = f"{len(HARMS) - len(self.unseen)} of {len(HARMS)} harms found"
        return f"{self.entries:,} lines in {self.seconds:.1f} s, {len(self.problems)} problems; {found}"


def write(*, entries: int, street: str, rule: int, reward: int) -> None:
    """So many lines of people who run errands and have their hair cut, in a street that has none yet."""
    said: dict[str, Any] = {"base": _BASE, "people": entries // LINES_EACH, "street": street, "rule": rule}
    with contextlib.closing(psycopg2.connect(os.environ["DATABASE_OWNER_URL"])) as owner, owner.cursor() as cursor:
        wanted = _bare(cursor)
        cursor.execute(_ROWS, {**said, "reward": reward})
        for definition in wanted:
            cursor.execute(definition)
        owner.commit()
        owner.autocommit = True
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")
    fold()


def _bare(cursor: Any) -> list[str]:
    """Take triggers, references and indexes away; returns how to make the indexes again."""
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('f', 'u')"
        " AND (conrelid = ANY(%(own)s::regclass[]) OR confrelid = ANY(%(own)s::regclass[]))"
        " ORDER BY contype = 'u'",
        {"own": list(TABLES)},
    )
    for table, name in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE NOT indisprimary AND indrelid = ANY(%s::regclass[])",
        [list(TABLES)],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]


def run() -> Outcome:
    """The check as it runs at night; then once more, after somebody changed the tables by hand in five places."""
    made: LedgerCheck = verify()
    print(f"reconcile  {made.entries:,} lines in {made.milliseconds / 1000:.1f} s", flush=True)
    with contextlib.closing(psycopg2.connect(os.environ["DATABASE_OWNER_URL"])) as owner, owner.cursor() as cursor:
        for harm in HARMS.values():
            cursor.execute(harm)
        owner.commit()
    found = {problem.partition(" ")[0] for problem in compare()[1]}
    return Outcome(made.entries, made.milliseconds / 1000, made.problems, sorted(set(HARMS) - found))
