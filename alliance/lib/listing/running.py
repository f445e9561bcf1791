"""A list as somebody sees it: rows, counts, pages. The same for the screen and for a file."""

from __future__ import annotations

from typing import Any

from alliance.lib.errors import NotAllowed
from alliance.lib.keyset import ordered, slice_of, slice_through
from alliance.lib.listing.choosing import Chosen
from alliance.lib.listing.declare import Facet, Listing, Options, Rows
from alliance.lib.pagination import Page, capped_count


def order_of(listing: Listing, chosen: Chosen) -> tuple[str, ...]:
    """The order asked for, or that of the tab, or the list's own."""
    column = listing.column(chosen.sort.removeprefix("-"))
    if column is None or not column.order:
        tab = listing.tab(chosen.tab)
        return (tab.order if tab else ()) or listing.order
    if not chosen.sort.startswith("-"):
        return column.order
    return tuple(term[1:] if term.startswith("-") else f"-{term}" for term in column.order)


class Reading:
    """``listing`` as ``user`` reads it under the choices ``chosen``. Raises ``NotAllowed`` if it is not theirs."""

    def __init__(self, listing: Listing, user: Any, chosen: Chosen) -> None:
        if not listing.may_view(user):
            raise NotAllowed
        self.listing, self.user, self.chosen = listing, user, chosen
        self._offered: dict[str, Options] = {}

    def offered(self, facet: Facet) -> Options:
        """The answers this person may give; asked for once."""
        if facet.key not in self._offered:
            self._offered[facet.key] = facet.options(self.user)
        return self._offered[facet.key]

    def narrowed(self, *, tab: str | None = None, but: str = "") -> Rows:
        """The rows in no order; in another ``tab``, or whatever facet ``but`` says."""
        listing, chosen = self.listing, self.chosen
        rows = listing.rows(self.user)
        wanted = chosen.tab if tab is None else tab
        for one in listing.tabs:
            if one.key == wanted or (not wanted and one is listing.tabs[0]):
                rows = one.narrow(rows, self.user)
        for facet in listing.facets:
            if facet.key in chosen.facets and facet.key != but:
                rows = self._answered(facet, rows, chosen.facets[facet.key])
        return listing.search(rows, chosen.q) if chosen.q and listing.search else rows

    def _answered(self, facet: Facet, rows: Rows, value: str) -> Rows:
        # Only what is offered to this person: an answer of another street would tell by what it leaves.
        known = {key for key, _label in self.offered(facet)}
        return facet.narrow(rows, value) if value in known else rows.none()

    def rows(self) -> Rows:
        """All rows, in their order; of a list in stretches those of an order that was chosen."""
        return ordered(self.narrowed(), order_of(self.listing, self.chosen))

    def slice(self, cursor: str, size: int) -> tuple[list[Any], str]:
        """At most ``size`` rows from behind ``cursor`` on, ready to be shown, and where the next ones begin.

        Raises ``Invalid`` for a broken cursor.
        """
        listing, order = self.listing, order_of(self.listing, self.chosen)
        if listing.stretches and not order:
            rows, following = slice_through(listing.stretches(self.narrowed()), cursor=cursor, size=size)
        else:
            rows, following = slice_of(self.narrowed(), order, cursor=cursor, size=size)
        if listing.prepare:
            listing.prepare(rows, self.user)
        return rows, following

    def page(self) -> Page:
        """One page. Raises ``Invalid`` for a broken cursor."""
        return Page(*self.slice(self.chosen.cursor, self.listing.size))

    def tab_counts(self) -> dict[str, int]:
        """How many stand under each tab that is counted, no further than 1,001."""
        return {tab.key: capped_count(self.narrowed(tab=tab.key)) for tab in self.listing.tabs if tab.counted}

    def answers(self, facet: Facet) -> list[tuple[str, str, int | None]]:
        """The answers to ``facet`` with how many rows each leaves under the other choices (None: not counted)."""
        options = self.offered(facet)
        if facet.counts is None or not options:
            return [(value, label, None) for value, label in options]
        counted = facet.counts(self.narrowed(but=facet.key))
        return [(value, label, counted.get(value, 0)) for value, label in options]
