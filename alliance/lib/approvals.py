"""待我审批: what waits for one person's yes or no, contributed by every app that asks for one.

A contribution to ``workbench.approvals`` gets the request and gives rows, the longest waiting first:
``{title, what, who, since (a moment), url, overdue, template, …}``. With a ``template`` the row is decided on the
page itself; what the template needs stands in the row.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from alliance.lib.registry import contributions

POINT = "workbench.approvals"


def approvals(request: HttpRequest) -> list[dict[str, Any]]:
    """Every row that waits for the person behind ``request``, the longest waiting first. Asked once per request."""
    found: list[dict[str, Any]] | None = getattr(request, "_approvals", None)
    if found is None:
        found = sorted((row for add in contributions(POINT) for row in add(request)), key=lambda row: row["since"])
        request._approvals = found  # type: ignore[attr-defined]
    return found


def approvals_count(request: HttpRequest) -> int:
    """How many wait for the person behind ``request``."""
    return len(approvals(request))
