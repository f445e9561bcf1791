"""What a page asks of its row again and again, worked out once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from claims.models import Offer
from projects.models import Project
from projects.services.project_offers import offer_of

T = TypeVar("T")


def once(row: Any, what: Hashable, work: Callable[[], T]) -> T:
    """What ``work`` gave for ``row`` first. Only for rows that a page has read to show them: services lock rows of
    their own, so that what stands here is never older than the page.
    """
    known: dict[Hashable, T] = row.__dict__.setdefault("_shown_once", {})
    if what not in known:
        known[what] = work()
    return known[what]


def offer_shown(row: Project) -> Offer | None:
    """What is on offer of it, as its page shows it."""
    return once(row, "offer", lambda: offer_of(row))
