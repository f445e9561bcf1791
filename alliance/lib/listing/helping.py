"""What several lists do alike: answering by a column or a condition, and counting by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Count, Q

from alliance.lib.listing.declare import Options, Rows

YES, NO = "yes", "no"


def choices(kinds: Iterable[tuple[Any, Any]]) -> Callable[[Any], Options]:
    """Everybody may give these answers (``TextChoices.choices``)."""
    pairs = list(kinds)
    return lambda _user: [(str(value), str(label)) for value, label in pairs]


def equals(column: str) -> Callable[[Rows, str], Rows]:
    """The answer stands in ``column``."""
    return lambda rows, value: rows.filter(**{column: value})


def by_column(column: str) -> Callable[[Rows], dict[str, int]]:
    """How many rows have each value of ``column``."""

    def count(rows: Rows) -> dict[str, int]:
        plain = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk"))
        counted = plain.order_by().values_list(column).annotate(count=Count("pk", distinct=True))
        return {str(value): number for value, number in counted if value is not None}

    return count


def counted_as(rows: Rows, key: str, of: str) -> dict[str, int]:
    """How many different ``of`` there are among ``rows`` for each ``key``."""
    counted = rows.order_by().values_list(key).annotate(count=Count(of, distinct=True))
    return {str(value): number for value, number in counted if value is not None}


def by_condition(condition: Q) -> Callable[[Rows], dict[str, int]]:
    """How many rows fulfil ``condition``, and how many do not."""

    def count(rows: Rows) -> dict[str, int]:
        plain = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk"))
        found = plain.aggregate(all=Count("pk"), true=Count("pk", filter=condition))
        return {YES: found["true"], NO: found["all"] - found["true"]}

    return count


def if_so(condition: Q) -> Callable[[Rows, str], Rows]:
    """``yes`` keeps what fulfils ``condition``, ``no`` the others."""
    return lambda rows, value: rows.filter(condition) if value == YES else rows.exclude(condition)
