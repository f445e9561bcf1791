"""Keyset pages: newest first, by (created_at, id). Page 40,000 costs what page 1 costs; there is no page number."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid
from alliance.lib.keyset import slice_of

COUNT_CAP = 1000
NEWEST_FIRST = ("-created_at", "-id")


@dataclass(frozen=True)
class Page:
    """Rows of one page and the cursor of the next (empty when this is the last)."""

    rows: list[Any]
    next_cursor: str


def encode_cursor(created_at: datetime, pk: int) -> str:
    """An opaque place in a list."""
    return base64.urlsafe_b64encode(f"{created_at.isoformat()}|{pk}".encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple[datetime, int]:
    """The place behind ``cursor``. Raises ``Invalid``: a cursor is taken from an answer, never typed."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        stamp, _sep, pk = raw.partition("|")
        moment = datetime.fromisoformat(stamp)
        if moment.tzinfo is None:
            raise ValueError("a place in a list has a time zone")
        # In UTC: an offset that Python takes may be none to PostgreSQL.
        return moment.astimezone(UTC), int(pk)
    except (ValueError, OverflowError) as error:
        raise Invalid({"cursor": [_("翻页位置不对，请从第一页重新看。")]}) from error


def after(queryset: models.QuerySet[Any], cursor: str) -> models.QuerySet[Any]:
    """``queryset`` in list order, from behind ``cursor`` on."""
    ordered = queryset if queryset.query.order_by == NEWEST_FIRST else queryset.order_by(*NEWEST_FIRST)
    if not cursor:
        return ordered
    stamp, pk = decode_cursor(cursor)
    # The first condition serves the index, the second settles equal instants.
    return ordered.filter(created_at__lte=stamp).filter(Q(created_at__lt=stamp) | Q(id__lt=pk))


def page(queryset: models.QuerySet[Any], *, cursor: str = "", size: int = 25) -> Page:
    """One page of ``queryset``, which may be rows or ``values()`` that contain ``id`` and ``created_at``."""
    return cut(list(after(queryset, cursor)[: size + 1]), size)


def cut(rows: list[Any], size: int) -> Page:
    """The page made of ``rows``, of which one more than ``size`` was asked for."""
    if len(rows) <= size:
        return Page(rows, "")
    rows = rows[:size]
    last = rows[-1]
    if isinstance(last, dict):
        return Page(rows, encode_cursor(last["created_at"], last["id"]))
    return Page(rows, encode_cursor(last.created_at, last.id))


def page_by(
    queryset: models.QuerySet[Any], field: str, *, newest: bool = False, cursor: str = "", size: int = 25
) -> Page:
    """One page of rows in order of the moment ``field``, then of ``id``: the earliest first, or the ``newest``."""
    sign = "-" if newest else ""
    rows, following = slice_of(queryset, (f"{sign}{field}", f"{sign}id"), cursor=cursor, size=size, filled=True)
    return Page(rows, following)


def capped_count(queryset: models.QuerySet[Any], cap: int = COUNT_CAP) -> int:
    """How many rows, counted no further than ``cap`` + 1."""
    return queryset.order_by().values("pk")[: cap + 1].count()


def menu_number(ask: Callable[[], int]) -> Callable[[], str]:
    """A number beside a line of the menu, nothing for 0; asked for only where the menu is drawn with its numbers."""
    return lambda: count_label(count) if (count := ask()) else ""


def count_label(count: int, cap: int = COUNT_CAP) -> str:
    """ "38" or "1000+"."""
    return f"{cap}+" if count > cap else str(count)
