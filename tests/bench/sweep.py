"""Bar: a tick of the sweep that finds nothing due, with a million dues done, against the same tick on a plain index.

The plain one is what ``db_index=True`` on the moment makes: every row, done or not, by when it was due. Both ticks run
the product's own ``sweep()``; the second finds a copy of the table in a schema that is searched first.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
from django.db import connection

from tests.bench.bars import Bar, interleaved

DONE, AHEAD = 1_000_000, 5_000
TIMES, NAIVE_TIMES = 200, 5
OF_FULL_INDEX = 50.0
_FILL = """
    INSERT INTO {table} (kind, subject, label, area_code, key, params, due_at, state, attempts, last_error,
                         created_at, ended_at)
    SELECT 'deadlines.chase', 'stage:' || n, 'XQ-' || n, '330109001048', '{mark}:' || n, '{{"offset": 0}}',
           now() + {moment}, '{state}', 1, '', now() - interval '400 days', {ended}
    FROM generate_series(1, {count}) AS n
"""


def bars() -> Iterator[Bar]:
    from deadlines.services.sweep import sweep, sweep_all

    sweep_all()  # what the demo left to do
    _prepare()

    def tick(searched: str) -> Callable[[], None]:
        def call() -> None:
            with connection.cursor() as cursor:
                cursor.execute(f"SET search_path = {searched}")
            assert sweep() == (0, 0)

        return call

    product, full = tick("public"), tick("full_index, public")
    medians = interleaved({"idle tick": (product, TIMES), "full index on due_at": (full, NAIVE_TIMES)})
    _finds_the_same()
    # For whoever asks: an index led by the state is as quick to read, and carries every row that was ever done.
    _as_owner("CREATE INDEX by_state ON full_index.deadlines_due (state, due_at)", "ANALYZE full_index.deadlines_due")
    interleaved({"idle tick": (product, 50), "index on state, due_at": (full, 50)})
    sizes = {name: _size(name) for name in ("public.due_undone", "full_index.by_moment", "full_index.by_state")}
    print("    " + ", ".join(f"{name} {size / 2**20:.1f} MB" for name, size in sizes.items()), flush=True)
    product()
    yield Bar("sweep/full index", medians["full index on due_at"] / medians["idle tick"], OF_FULL_INDEX)


def _prepare() -> None:
    """Two tables with the same rows; the copy has no index that knows what is done."""
    _as_owner(
        "CREATE SCHEMA full_index",
        "GRANT USAGE ON SCHEMA full_index TO tongxin_app",
        "CREATE TABLE full_index.deadlines_due (LIKE public.deadlines_due INCLUDING ALL)",
        "GRANT ALL ON full_index.deadlines_due TO tongxin_app",
    )
    partial = _as_owner(
        "SELECT indexrelid::regclass::text FROM pg_index"
        " WHERE indrelid = 'full_index.deadlines_due'::regclass AND indpred IS NOT NULL"
    )
    assert partial
    _as_owner(
        *(f"DROP INDEX {name}" for (name,) in partial),
        "CREATE INDEX by_moment ON full_index.deadlines_due (due_at, id)",
    )
    for table in ("public.deadlines_due", "full_index.deadlines_due"):
        past, future = "interval '-1 minute' * (n % 500000)", "interval '1 hour' * (1 + n % 2000)"
        _as_owner(
            _FILL.format(table=table, mark="done", moment=past, state="done", ended="now()", count=DONE),
            _FILL.format(table=table, mark="ahead", moment=future, state="waiting", ended="NULL", count=AHEAD),
            f"VACUUM (ANALYZE) {table}",
        )


def _finds_the_same() -> None:
    """A tick that finds nothing is quick only if it would have found something."""
    from deadlines.models import Due

    for searched in ("public", "full_index, public"):
        with connection.cursor() as cursor:
            cursor.execute(f"SET search_path = {searched}")
        Due.objects.filter(key="ahead:1").update(due_at="2020-01-01T00:00Z")
        assert list(Due.objects.due().values_list("key", flat=True)) == ["ahead:1"]
        Due.objects.filter(key="ahead:1").update(due_at="2999-01-01T00:00Z")


def _size(index: str) -> int:
    return int(_as_owner(f"SELECT pg_relation_size('{index}')")[0][0])


def _as_owner(*statements: str) -> list[tuple[Any, ...]]:
    """Run ``statements``; the rows of the last one, if it has any."""
    owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    owner.autocommit = True
    with contextlib.closing(owner), owner.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []
