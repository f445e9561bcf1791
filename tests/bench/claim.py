"""Bar: one claim over HTTP, against pgbench writing the same rows and against a first draft of the same view.

The rows are found out, not assumed: one claim of the product is made, and whatever its transaction wrote (event, dues,
the wish's history, notices to its keepers) is what the script for pgbench writes and what the first draft has to write.
The server's commits wait for no disk here, which favours pgbench: it does little else.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

from django.db import connection

from alliance.embedded.places import REPO, Places
from alliance.embedded.postgres import database_home, find_binaries
from tests.bench.bars import ROUNDS, Bar, interleaved
from tests.bench.stage import log_folder
from tests.bench.web import PRODUCT, Client, serving

LIAISON = "lianluo1"
TIMES, NAIVE_TIMES, BLOCK = 150, 40, 1_000
OF_PGBENCH, OF_NAIVE = 0.20, 2.5
_TPS = re.compile(r"tps = ([0-9.]+) \(without")
_TAKE = r"""
\set offer :offer + 1
BEGIN;
WITH share AS (
    UPDATE claims_offer SET taken = taken + 1, version = version + 1
    WHERE id = :offer AND state = 'open' AND taken < shares AND opens_at <= now() AND closes_at > now()
    RETURNING id, deliver_within
), made AS (
    INSERT INTO claims_claim
        (offer_id, unit_id, by_id, client_key, whole, state, version, claimed_at, deliver_by)
    SELECT id, {unit}, {user}, gen_random_uuid(), true, 'claimed', 1, now(), now() + deliver_within FROM share
    RETURNING id
), told AS (
    INSERT INTO claims_claimevent (claim_id, at, actor_id, verb, source, target, words)
    SELECT id, now(), {user}, 'claim', '', 'claimed', '' FROM made
)
SELECT id AS claim FROM made \gset
"""
_OWN_KEYS = {
    ("deadlines_due", "key"): "'bench:{n}:' || :claim",
    ("deadlines_due", "subject"): "'claim:' || :claim",
    ("notifications_message", "occurrence"): "'bench:{n}:' || :claim",
    ("notifications_message", "key"): "gen_random_uuid()",
}
"""Columns that differ from claim to claim."""
Rows = Counter[str]


def bars() -> Iterator[Bar]:
    from knox.models import AuthToken

    from people.models import User
    from tests.claims.wishes import published_wishes

    user = User.objects.get(username=LIAISON)
    unit = user.seats.get().unit_id
    sign_in = f"Authorization: Token {AuthToken.objects.create(user=user)[1]}\r\n"
    each = ROUNDS * TIMES + 50
    with contextlib.ExitStack() as stack:
        product = Client(stack.enter_context(serving(PRODUCT)), headers=sign_in)
        naive_port = stack.enter_context(serving(PRODUCT, DJANGO_SETTINGS_MODULE="tests.bench.naive_settings"))
        naive = Client(naive_port, headers=sign_in)
        by_product = claiming(product, "/api/v1/offers/{}/claim/", unit, iter(published_wishes(each)))
        by_naive = claiming(naive, "/naive/offers/{}/claim/", unit, iter(published_wishes(each)))
        by_pgbench = PgBench(user.pk, unit, sample=by_product(), offers=published_wishes(ROUNDS * BLOCK + 100))
        same_rows(by_product, by_naive, by_pgbench)
        medians = interleaved(
            {"claim product": (by_product, TIMES), "claim naive": (by_naive, NAIVE_TIMES)},
            blocks={"claim pgbench": lambda: by_pgbench.run(BLOCK)},
        )
    yield Bar("claim/pgbench", medians["claim pgbench"] / medians["claim product"], OF_PGBENCH)
    yield Bar("claim/naive", medians["claim naive"] / medians["claim product"], OF_NAIVE)


def claiming(client: Client, path: str, unit: int, keys: Iterator[int]) -> Callable[[], int]:
    """A call that claims the next offer and gives the claim's key."""

    def call() -> int:
        body = json.dumps({"client_key": str(uuid4()), "unit": unit}).encode()
        status, answer = client.post(path.format(next(keys)), body)
        assert status == 201, (status, answer[:300])
        return int(json.loads(answer)["id"])

    return call


class PgBench:
    """A script that writes what the claim ``sample`` wrote, once per offer."""

    def __init__(self, user: int, unit: int, *, sample: int, offers: list[int]) -> None:
        self.offers = itertools.count(offers[0] - 1)
        self.script = log_folder() / "claim.sql"
        more = [_insert(table, number, row) for number, (table, row) in enumerate(_written(sample))]
        statements = [_TAKE.format(user=user, unit=unit).lstrip(), *more, "COMMIT;"]
        self.script.write_text("\n".join(statements) + "\n", "utf-8")

    def run(self, count: int) -> float:
        """Seconds per claim, of ``count``."""
        before = next(self.offers)
        for _n in range(count - 1):
            next(self.offers)
        program = find_binaries(database_home(Places(REPO / "var").database)) / "pgbench"
        command = [str(program), "-n", "-c", "1", "-t", str(count), "-D", f"offer={before}", "-f", str(self.script)]
        done = subprocess.run([*command, os.environ["DATABASE_URL"]], capture_output=True, text=True, check=True)
        found = _TPS.search(done.stdout)
        assert found, done.stdout + done.stderr
        return 1 / float(found.group(1))


def _written(claim: int) -> list[tuple[str, dict[str, Any]]]:
    """Every row of any table that the transaction of ``claim`` wrote last, but for what the script's own statement
    writes."""
    found: list[tuple[str, dict[str, Any]]] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text FROM claims_claim WHERE id = %s", [claim])
        (transaction,) = cursor.fetchone()
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}" WHERE xmin::text = %s', [transaction])  # noqa: S608
            names = [column.name for column in cursor.description]
            found += [(table, dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    own = ("claims_offer", "claims_claim", "claims_claimevent")
    return [(table, row) for table, row in found if table not in own]


def _insert(table: str, number: int, row: dict[str, Any]) -> str:
    """``row`` once more, as a statement."""
    names = [name for name in row if name != "id"]
    with connection.cursor() as cursor:
        values = [
            _OWN_KEYS[table, name].format(n=number)
            if (table, name) in _OWN_KEYS
            else cursor.mogrify("%s", [_plain(row[name])]).decode()
            for name in names
        ]
    statement = f'INSERT INTO "{table}" ({", ".join(names)}) VALUES ({", ".join(values)});'  # noqa: S608
    return statement.replace("\n", " ")


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def same_rows(product: Callable[[], int], naive: Callable[[], int], pgbench: PgBench) -> None:
    """Quick counts only if as much is written."""
    wrote = [_kinds(product()), _kinds(naive())]
    pgbench.run(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM claims_claim")
        wrote.append(_kinds(cursor.fetchone()[0]))
    print(f"    rows of one claim besides offer, claim and event: {dict(wrote[0])}", flush=True)
    assert wrote[0] == wrote[1] == wrote[2], wrote


def _kinds(claim: int) -> Rows:
    return Counter(table for table, _row in _written(claim))
