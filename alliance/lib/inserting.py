"""Insert what is new, in one short statement: for rows that follow a hot write in its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models.sql import InsertQuery

BATCH = 500


@cache
def _columns(model: type[models.Model]) -> tuple[list[models.Field[Any, Any]], str]:
    """The fields one writes and the beginning of the statement."""
    fields = [field for field in model._meta.concrete_fields if not field.generated and not field.primary_key]
    named = ", ".join(f'"{field.column}"' for field in fields)
    return fields, f'INSERT INTO "{model._meta.db_table}" ({named}) VALUES '  # noqa: S608 (names of columns)


def insert_new(rows: Sequence[models.Model], *, returning: Sequence[str] = ("id",)) -> list[tuple[Any, ...]]:
    """Insert ``rows`` of one model (keys made by the database) except those whose unique key is there already.

    Gives the columns ``returning`` of what is new. As ``bulk_create(ignore_conflicts=True)``, which cannot say what
    is new and costs three times as much for a few rows. Values may be expressions, such as the database's ``Now()``.
    In the caller's transaction.
    """
    made: list[tuple[Any, ...]] = []
    for start in range(0, len(rows), BATCH):
        made += _insert(rows[start : start + BATCH], returning)
    return made


def _insert(rows: Sequence[models.Model], returning: Sequence[str]) -> list[tuple[Any, ...]]:
    fields, beginning = _columns(type(rows[0]))
    ending = f" ON CONFLICT DO NOTHING RETURNING {', '.join(returning)}"
    compiler = InsertQuery(type(rows[0])).get_compiler(connection=connection)
    places: list[str] = []
    values: list[Any] = []
    for row in rows:
        put: list[str] = []
        for field in fields:
            value = field.pre_save(row, add=True)
            if hasattr(value, "resolve_expression"):
                said, given = compiler.compile(compiler.prepare_value(field, value))
                put.append(said)
                values += given
            else:
                put.append("%s")
                values.append(field.get_db_prep_save(value, connection))
        places.append(f"({', '.join(put)})")
    with connection.cursor() as cursor:
        cursor.execute(beginning + ", ".join(places) + ending, values)
        return list(cursor.fetchall())
