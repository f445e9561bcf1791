"""待我审批: what waits for one person's yes or no, contributed by every app that asks for one.

A contribution to ``workbench.approvals`` gets the request and gives rows, the longest waiting first:
``{title, what, who, since (a moment), url, overdue, template, …}``. With a ``template`` the row is decided on the
page itself; what the template needs stands in the row.

The menu of every page says how many there are: a contribution marked with ``counted_by`` tells without making rows,
and those that name the rows behind it are counted together, by one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from alliance.lib.registry import contributions

POINT = "workbench.approvals"

Contribution = Callable[[HttpRequest], list[dict[str, Any]]]
Count = Callable[[HttpRequest], int | Sequence[QuerySet[Any]]]
_counts: dict[Contribution, Count] = {}


def counted_by(count: Count) -> Callable[[Contribution], Contribution]:
    """Marks a contribution: ``count`` gives the number of its rows, or what has as many rows in the database."""

    def marked(rows: Contribution) -> Contribution:
        _counts[rows] = count
        return rows

    return marked


def approvals(request: HttpRequest) -> list[dict[str, Any]]:
    """Every row that waits for the person behind ``request``, the longest waiting first. Asked once per request."""
    found: list[dict[str, Any]] | None = getattr(request, "_approvals", None)
    if found is None:
        found = sorted((row for add in contributions(POINT) for row in add(request)), key=lambda row: row["since"])
        request._approvals = found  # type: ignore[attr-defined]
    return found


def approvals_count(request: HttpRequest) -> int:
    """How many wait for the person behind ``request``. Asked once per request."""
    if getattr(request, "_approvals", None) is not None:
        return len(approvals(request))
    found: int | None = getattr(request, "_approvals_count", None)
    if found is None:
        found = _count(request)
        request._approvals_count = found  # type: ignore[attr-defined]
    return found


def _count(request: HttpRequest) -> int:
    found, asked = 0, []
    for add in contributions(POINT):
        count = _counts[add](request) if add in _counts else len(add(request))
        if isinstance(count, int):
            found += count
        else:
            asked += [rows.values("pk") for rows in count if not rows.query.is_empty()]
    if asked:
        first, *more = asked
        found += (first.union(*more, all=True) if more else first).count()
    return found
