"""What several lists do alike: counting by a column, searching by name or its sound."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Any

from django.db.models import Count, Q

from alliance.lib.listing.declare import Options, Rows
from alliance.lib.text import fold

YES, NO = "yes", "no"
MAX_TERM = 40


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


def named(
    *, texts: Sequence[str], sounds: Sequence[str] = (), initials: Sequence[str] = (), tails: Sequence[str] = ()
) -> Callable[[Rows, str], Rows]:
    """A search in which every word stands in one of ``texts``; or begins one of ``initials`` or ``sounds`` (or stands
    in it, from two letters on); or, with four signs and more, ends one of ``tails``."""

    def search(rows: Rows, term: str) -> Rows:
        for word in fold(term, 2 * MAX_TERM)[:MAX_TERM].split():
            found = [Q(**{f"{name}__icontains": word}) for name in texts]
            if word.isascii():
                how = "contains" if len(word) > 1 else "startswith"
                found += [Q(**{f"{name}__{how}": word}) for name in (*initials, *sounds)]
                if len(word) >= 4:
                    found += [Q(**{f"{name}__iendswith": word}) for name in tails]
            rows = rows.filter(reduce(operator.or_, found))
        return rows

    return search
