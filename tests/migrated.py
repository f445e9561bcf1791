"""One migrated database for the whole run: made by whoever needs it first, copied by everybody."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from alliance.embedded.places import REPO

NAME = "migrated"
_LOCK = 20261123
_HARMLESS = ("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning", "ignore::ResourceWarning")


@cache
def migrated() -> str:
    """The name of a database as the migrations leave it, to which nobody is connected."""
    with _owner() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])  # until this connection closes
        if not _exists(cursor, NAME):
            unfinished = f"{NAME}_unfinished"
            cursor.execute(f"DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {unfinished}")
            _migrate(unfinished)
            _keep_keys_apart(unfinished)
            cursor.execute(f"ALTER DATABASE {unfinished} RENAME TO {NAME}")
    return NAME


def copy_to(name: str) -> None:
    """A new copy under ``name``, whatever was there before; who is still connected to that is shown out.

    Files are copied as they are: without durability that is the quickest way.
    """
    made = migrated()
    with _owner() as cursor:
        _drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE {made} STRATEGY FILE_COPY')


def drop(name: str) -> None:
    with _owner() as cursor:
        _drop(cursor, name)


def _drop(cursor: Any, name: str) -> None:
    """Whoever is still connected is shown out; autovacuum only the server may end, and does when asked plainly."""
    for _attempt in range(20):
        try:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        except psycopg2.errors.InsufficientPrivilege:
            with contextlib.suppress(psycopg2.errors.ObjectInUse):
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
                return
        else:
            return
    raise AssertionError(f"{name} stays in use")


def _exists(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


def _migrate(name: str) -> None:
    """By the command an installation uses."""
    address = urlunsplit(urlsplit(os.environ["DATABASE_OWNER_URL"])._replace(path=f"/{name}"))
    environment = {
        **os.environ,
        "DATABASE_OWNER_URL": address,
        "DJANGO_SETTINGS_MODULE": "alliance.settings.test",
        "TONGXIN_AS_OWNER": "1",
    }
    # The filters of the tests themselves: a warning in a migration is a fault.
    filters = [word for rule in ("error", *_HARMLESS) for word in ("-W", rule)]
    command = [sys.executable, *filters, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=REPO, env=environment, check=True)


def _keep_keys_apart(name: str) -> None:
    """Every table counts from a number of its own: where all began with 1, taking one key for another would pass."""
    with _owner(name) as cursor:
        cursor.execute(
            "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences"
            " WHERE schemaname = 'public' AND data_type <> 'smallint'::regtype AND sequencename NOT LIKE 'audit_%'"
            " ORDER BY sequencename"
        )
        for number, (sequence, last) in enumerate(cursor.fetchall(), start=1):
            cursor.execute("SELECT setval(%s, %s)", [f'"{sequence}"', max(last, 1000 * number)])


@contextlib.contextmanager
def _owner(name: str = "") -> Iterator[Any]:
    parts = urlsplit(os.environ["DATABASE_OWNER_URL"])
    owner = psycopg2.connect(urlunsplit(parts._replace(path=f"/{name}")) if name else urlunsplit(parts))
    owner.autocommit = True
    with contextlib.closing(owner), owner.cursor() as cursor:
        yield cursor
