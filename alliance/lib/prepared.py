"""Statements that are planned once per connection. For the few hot writes whose planning costs more than their work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

_NAMED = re.compile(r"%\((\w+)\)s")
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
"""What was prepared on which connection of the driver; a connection that is gone takes its own with it."""


class Prepared:
    """``sql`` with ``%(name)s`` for its values, ``types`` their types in the database; ``name`` is unique.

    PostgreSQL keeps a prepared statement for the life of the connection and decides by itself when one plan serves
    all values. A pool that gives every transaction another connection (PgBouncer before 1.21) would lose it.
    """

    def __init__(self, name: str, sql: str, types: Mapping[str, str]) -> None:
        names = list(dict.fromkeys(_NAMED.findall(sql)))
        numbered = _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", sql).replace("%%", "%")
        self.name = name
        self._prepare = f"PREPARE {name} ({', '.join(types[key] for key in names)}) AS {numbered}"
        self._execute = f"EXECUTE {name} ({', '.join(f'%({key})s' for key in names)})"

    def row(self, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The first row of the statement with ``values``, or None."""
        with connection.cursor() as cursor:
            self._once()
            cursor.execute(self._execute, values)
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    def _once(self) -> None:
        driver = connection.connection
        known = _known.setdefault(driver, set())
        if self.name not in known:
            # by the driver's own cursor: whether it is the connection's first is nothing that counts of queries tell
            with connection.wrap_database_errors, driver.cursor() as cursor:
                cursor.execute(self._prepare)
            known.add(self.name)
