"""The database's clock, moved: what the product decides by ``Now()`` is decided by the moved clock.

    with database_clock(timedelta(days=3)) as clock:   # the tests' own database
        …
        clock.move(timedelta(days=-3))
    with database_clock(timedelta(hours=1), database=site.database):   # a site of its own, running meanwhile

Functions of the same names stand in a schema that is searched before ``pg_catalog``. Only the database's clock moves:
``timezone.now()`` of the processes stays, as on a day on which two machines disagree.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from django.db import connection

NAMES = ("now", "transaction_timestamp", "statement_timestamp", "clock_timestamp")
# The tests' schema first: whatever is made meanwhile is made there, as always.
SEARCH_PATH = "public, moved_clock, pg_catalog"


class DatabaseClock:
    """The clock of one database, for every connection opened since."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self.offset = timedelta()

    def move(self, offset: timedelta) -> None:
        """The clock shows ``offset`` more than it is (negative: less), at once and on every connection."""
        self.offset = offset
        seconds = f"{offset.total_seconds():f}"
        for name in NAMES:
            self._cursor.execute(
                f"CREATE OR REPLACE FUNCTION moved_clock.{name}() RETURNS timestamptz LANGUAGE sql"
                f" {'VOLATILE' if name == 'clock_timestamp' else 'STABLE'} PARALLEL SAFE"
                f" AS $$ SELECT pg_catalog.{name}() + interval '{seconds} seconds' $$"
            )


@contextlib.contextmanager
def database_clock(offset: timedelta = timedelta(), *, database: str = "", owner: str = "") -> Iterator[DatabaseClock]:
    """Move the clock of the tests' own database: for this thread's connection and all that are opened from now on.

    ``database``: another one on the same server; ``owner``: the address of one elsewhere. Its processes are made to
    connect anew. At the end the clock is right again.
    """
    admin = psycopg2.connect(owner or _address(database or str(connection.settings_dict["NAME"])))
    admin.autocommit = True
    with contextlib.closing(admin), admin.cursor() as cursor:
        name = admin.info.dbname
        cursor.execute("DROP SCHEMA IF EXISTS moved_clock CASCADE")
        cursor.execute("CREATE SCHEMA moved_clock")
        cursor.execute("GRANT USAGE ON SCHEMA moved_clock TO PUBLIC")
        clock = DatabaseClock(cursor)
        clock.move(offset)
        cursor.execute(f'ALTER DATABASE "{name}" SET search_path = {SEARCH_PATH}')
        _take_effect(cursor, name, bool(database or owner), SEARCH_PATH)
        try:
            yield clock
        finally:
            cursor.execute(f'ALTER DATABASE "{name}" RESET search_path')
            _take_effect(cursor, name, bool(database or owner), "DEFAULT")
            cursor.execute("DROP SCHEMA moved_clock CASCADE")


def _take_effect(cursor: Any, name: str, elsewhere: bool, search_path: str) -> None:
    """Search paths are read when a connection begins: ours is told, those of other processes are ended."""
    mine = 0
    if settings.configured and connection.connection is not None and connection.settings_dict["NAME"] == name:
        mine = connection.connection.info.backend_pid
        with connection.cursor() as asking:
            asking.execute(f"SET search_path = {search_path}")
    if elsewhere:
        cursor.execute("SET ROLE tongxin_app")
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = %s AND usename = 'tongxin_app' AND pid <> %s",
            [name, mine],
        )
        cursor.execute("RESET ROLE")


def _address(database: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_OWNER_URL"])._replace(path=f"/{database}"))
