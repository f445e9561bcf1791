"""Rows of the API's list, made without model instances: one query for the rows, names from small caches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any, cast

from django.db import connection
from django.db.models import Case, QuerySet, When

from alliance.lib.pagination import NEWEST_FIRST, Page, cut
from needs.api import hand as hands
from needs.models import Category, Need
from needs.selectors import next_response
from needs.states import Office, State
from needs.wording import desk_named
from people.models import Area, User
from people.states import CODE_LENGTH, Level

BESIDE = (*hands.COLUMNS, "unit__name", "responds_by")
"""Read for ``hand`` alone."""
COLUMNS = (
    "id",
    "number",
    "title",
    "area_id",
    "place",
    "state",
    "urgent",
    "category_id",
    "holder_id",
    "created_at",
    "reply_by",
    "first_reply_at",
    "done_by",
    *BESIDE,
)
STREET_DIGITS = CODE_LENGTH[Level.STREET]
REFRESH_SECONDS = 60.0


class Names:
    """Names by key, read anew when older than a minute or when a key is unknown. One per process."""

    def __init__(self, read: Callable[[], Iterable[tuple[Any, str]]]) -> None:
        self._read = read
        self._names: dict[Any, str] = {}
        self._read_at = 0.0

    def for_keys(self, keys: set[Any]) -> dict[Any, str]:
        """A dictionary that knows at least ``keys`` as far as they exist."""
        stale = time.monotonic() - self._read_at > REFRESH_SECONDS
        if stale or not keys <= self._names.keys():
            self._names = dict(self._read())
            self._read_at = time.monotonic()
        return self._names


AREAS = Names(lambda: Area.objects.served().values_list("code", "name"))
CATEGORIES = Names(lambda: Category.objects.values_list("id", "name"))
HOLDERS = Names(lambda: User.objects.filter(grants__isnull=False).distinct().values_list("id", "name"))


@cache
def columns() -> QuerySet[Need, dict[str, Any]]:
    """All needs' columns for the list as dictionaries, newest first; every call narrows its own copy of it."""
    rows: Any = Need.objects.annotate(responds_by=Case(When(state=State.PENDING, then=next_response())))
    return cast("QuerySet[Need, dict[str, Any]]", rows.values(*COLUMNS).order_by(*NEWEST_FIRST))


@lru_cache(maxsize=512)
def _first_page(areas: frozenset[str], size: int) -> tuple[str, tuple[Any, ...]]:
    narrowed: Any = columns()
    statement, values = narrowed.in_areas(areas)[: size + 1].query.sql_with_params()
    return statement, tuple(values)


def first_page(areas: frozenset[str], size: int) -> Page:
    """The first page of everything in ``areas`` (at least one).

    Asked for more than any other, so its statement is compiled once per set of areas: compiling takes longer than
    PostgreSQL takes to answer. A test holds it to what the queryset gives.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_first_page(areas, size))
        return cut([dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()], size)


def named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """``rows`` with names beside keys, in the shape of ``NeedRow``."""
    codes = {row["area_id"] for row in rows}
    areas = AREAS.for_keys(codes | {code[:STREET_DIGITS] for code in codes})
    categories = CATEGORIES.for_keys({row["category_id"] for row in rows} - {None})
    holders = HOLDERS.for_keys({row["holder_id"] for row in rows} - {None})
    answer_by = hands.by_calendar()
    for row in rows:
        row["area"] = area = row.pop("area_id")
        row["area_name"] = areas.get(area, "")
        row["category"] = categories.get(row.pop("category_id"))
        row["holder"] = holders.get(row.pop("holder_id"))
        row["hand"] = _hand(row, areas, answer_by)
        for name in BESIDE:
            del row[name]
    return rows


def _hand(row: dict[str, Any], areas: dict[Any, str], answer_by: hands.AnswerBy) -> dict[str, Any] | None:
    code = row["area"] if row["office"] == Office.COMMUNITY else row["area"][:STREET_DIGITS]
    desk, who, unit = desk_named(areas.get(code, ""), row["office"]), row["holder"] or "", row["unit__name"] or ""
    return hands.hand(row, desk=desk, who=who, unit=unit, responds_by=row["responds_by"], answer_by=answer_by)
