"""Keyset pages in any unique order: what lies behind a place is found by the values of its row, never by counting."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid

Order = Sequence[str]
"""Names of columns, ``-`` before those that go down; the last ones make it unique. Their values stand in addresses:
never a person's name, phone or words."""
MAX_CURSOR = 2000
PAST = "."
"""Stands before a place once for every stretch that lies before it."""


def refused() -> Invalid:
    """What a made-up place is answered with: a cursor is taken from a page, never typed."""
    return Invalid({"cursor": [_("翻页位置不对，请从第一页重新看。")]})


def encode(values: Sequence[Any]) -> str:
    """``values`` as an opaque place in a list."""
    plain = [value.isoformat() if isinstance(value, date | datetime) else value for value in values]
    raw = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def decode(cursor: str, fields: Sequence[tuple[models.Field[Any, Any], bool]]) -> list[Any]:
    """The values behind ``cursor``, one for each of ``fields`` (and whether it may be empty). Raises ``Invalid``."""
    if len(cursor) > MAX_CURSOR:
        raise refused()
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(fields):
            raise ValueError("a place has as many values as its order")
        return [_read(value, *field) for value, field in zip(values, fields, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError) as error:
        raise refused() from error


def _read(value: Any, field: models.Field[Any, Any], empty: bool) -> Any:
    if value is None and empty:
        return None
    if isinstance(value, list | dict) or (isinstance(value, str) and "\x00" in value):
        raise ValueError("a value is plain")
    found = field.to_python(value)
    if found is None:
        raise ValueError("a value is missing")
    if isinstance(found, datetime):
        if found.tzinfo is None:
            raise ValueError("a moment has a time zone")
        # In UTC: an offset that Python takes may be none to PostgreSQL.
        return found.astimezone(UTC)
    return found


def field_of(rows: models.QuerySet[Any], path: str) -> tuple[models.Field[Any, Any], bool]:
    """The column behind ``path`` (annotations too), and whether it may be empty."""
    if path in rows.query.annotations:
        return rows.query.annotations[path].output_field, True
    model: Any = rows.model
    empty, field = False, None
    for name in path.split("__"):
        try:
            field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist as error:
            raise LookupError(f"{rows.model.__name__} has no {path}") from error
        empty = empty or bool(field.null)
        model = field.related_model
    found: Any = field
    return (found.target_field if found.is_relation else found), empty


def _terms(rows: models.QuerySet[Any], order: Order, filled: bool) -> list[tuple[str, bool, bool]]:
    """Of each term: the column, whether it goes down, whether it may be empty."""
    names = [(term.removeprefix("-"), term.startswith("-")) for term in order]
    return [(name, down, not filled and field_of(rows, name)[1]) for name, down in names]


def ordered(rows: models.QuerySet[Any], order: Order, *, filled: bool = False) -> models.QuerySet[Any]:
    """``rows`` in ``order``; what is empty comes last, whichever way. ``filled``: none of them is."""
    terms: list[Any] = []
    for name, down, empty in _terms(rows, order, filled):
        # Going up, PostgreSQL puts empty values last by itself, and its indexes agree.
        terms.append(F(name).desc(nulls_last=True) if down and empty else f"{'-' if down else ''}{name}")
    return rows.order_by(*terms)


def _behind(terms: Sequence[tuple[str, bool, bool]], values: Sequence[Any]) -> Q:
    """The condition that a row comes after the one with ``values``."""
    found, same = Q(pk__in=[]), Q()
    for (name, down, empty), value in zip(terms, values, strict=True):
        if value is not None:
            further = Q(**{f"{name}__{'lt' if down else 'gt'}": value})
            found |= same & (further | Q(**{f"{name}__isnull": True}) if empty else further)
        same &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    return found


def value_of(row: Any, path: str) -> Any:
    """What ``row`` has under ``path``; None where a step on the way is missing."""
    for name in path.split("__"):
        row = getattr(row, name, None)
    return row.pk if isinstance(row, models.Model) else row


def place_of(row: Any, order: Order) -> str:
    """The cursor behind which ``row``'s successors lie."""
    return encode([value_of(row, term.removeprefix("-")) for term in order])


def slice_of(
    rows: models.QuerySet[Any], order: Order, *, cursor: str = "", size: int = 25, filled: bool = False
) -> tuple[list[Any], str]:
    """At most ``size`` rows in ``order`` from behind ``cursor`` on, and the cursor of the next page.

    ``filled``: none of the order's columns is empty in these rows, whatever the table admits. Raises ``Invalid`` for a
    broken cursor.
    """
    found, terms = ordered(rows, order, filled=filled), _terms(rows, order, filled)
    if cursor:
        values = decode(cursor, [(field_of(rows, name)[0], empty) for name, _down, empty in terms])
        name, down, empty = terms[0]
        if not empty:
            # Says nothing new, but serves the index.
            found = found.filter(**{f"{name}__{'lte' if down else 'gte'}": values[0]})
        found = found.filter(_behind(terms, values))
    page = list(found[: size + 1])
    return page[:size], place_of(page[size - 1], order) if len(page) > size else ""


@dataclass(frozen=True)
class Stretch:
    """A part of a list that is read to its end before the next one begins. ``filled``: see ``slice_of``."""

    rows: models.QuerySet[Any]
    order: Order
    filled: bool = False


def slice_through(stretches: Sequence[Stretch], *, cursor: str = "", size: int = 25) -> tuple[list[Any], str]:
    """As ``slice_of``, through one stretch after another: where one order of everything would sort too much."""
    found, past = list[Any](), len(cursor) - len(cursor.lstrip(PAST))
    cursor = cursor[past:]
    if past >= len(stretches):
        raise refused()
    for number, stretch in enumerate(stretches[past:], start=past):
        if len(found) == size:
            if stretch.rows.exists():
                return found, PAST * number
            continue
        rows, following = slice_of(
            stretch.rows, stretch.order, cursor=cursor, size=size - len(found), filled=stretch.filled
        )
        found, cursor = [*found, *rows], ""
        if following:
            return found, PAST * number + following
    return found, ""
