"""A list as somebody sees it: rows, counts, pages. The same for the screen and for a file."""

from __future__ import annotations

from typing import Any

from alliance.lib.errors import NotAllowed
from alliance.lib.keyset import ordered, slice_of
from alliance.lib.listing.choosing import Chosen
from alliance.lib.listing.declare import Facet, Listing, Options, Rows
from alliance.lib.pagination import Page, capped_count


def order_of(listing: Listing, chosen: Chosen) -> tuple[str, ...]:
    """The order asked for, or the list's own."""
    column = listing.column(chosen.sort.removeprefix("-"))
    if column is None or not column.order:
        return listing.order
    if not chosen.sort.startswith("-"):
        return column.order
    return tuple(term[1:] if term.startswith("-") else f"-{term}" for term in column.order)


def narrowed(listing: Listing, user: Any, chosen: Chosen, *, tab: str | None = None, but: str = "") -> Rows:
    """Rows that ``user`` sees under these choices, in no order; in another ``tab``, or whatever facet ``but`` says.

    Raises ``NotAllowed`` if the list is not theirs.
    """
    if not listing.may_view(user):
        raise NotAllowed
    rows = listing.rows(user)
    wanted = chosen.tab if tab is None else tab
    for one in listing.tabs:
        if one.key == wanted or (not wanted and one is listing.tabs[0]):
            rows = one.narrow(rows, user)
    for key, value in chosen.facets.items():
        facet = listing.facet(key)
        if facet is not None and key != but:
            rows = _answered(facet, rows, user, value)
    if chosen.q and listing.search:
        rows = listing.search(rows, chosen.q)
    return rows


def _answered(facet: Facet, rows: Rows, user: Any, value: str) -> Rows:
    # Only what is offered to this person: an answer of another street would tell by what it leaves.
    known = {key for key, _label in facet.options(user)}
    return facet.narrow(rows, value) if value in known else rows.none()


def run(listing: Listing, user: Any, chosen: Chosen) -> Rows:
    """All rows under these choices, in their order. Raises ``NotAllowed``."""
    return ordered(narrowed(listing, user, chosen), order_of(listing, chosen))


def page_of(listing: Listing, user: Any, chosen: Chosen) -> Page:
    """One page. Raises ``NotAllowed``, and ``Invalid`` for a broken cursor."""
    rows, following = slice_of(
        narrowed(listing, user, chosen), order_of(listing, chosen), cursor=chosen.cursor, size=listing.size
    )
    return Page(rows, following)


def tab_counts(listing: Listing, user: Any, chosen: Chosen) -> dict[str, int]:
    """How many stand under each tab that is counted, no further than 1,001."""
    tabs = [tab for tab in listing.tabs if tab.counted]
    return {tab.key: capped_count(narrowed(listing, user, chosen, tab=tab.key)) for tab in tabs}


def answers_of(listing: Listing, facet: Facet, user: Any, chosen: Chosen) -> list[tuple[str, str, int | None]]:
    """The answers to ``facet`` with how many rows each leaves under the other choices (None: not counted)."""
    options: Options = facet.options(user)
    if facet.counts is None or not options:
        return [(value, label, None) for value, label in options]
    counted = facet.counts(narrowed(listing, user, chosen, but=facet.key))
    return [(value, label, counted.get(value, 0)) for value, label in options]
