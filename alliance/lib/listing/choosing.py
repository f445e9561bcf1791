"""What somebody has chosen on a list: from the address, and back into one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from alliance.lib.listing.declare import Column, Listing
from alliance.lib.text import clean

MAX_WORDS = 60
TAB, WORDS, SORT, CURSOR = "tab", "q", "sort", "cursor"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Tab, words, answers to facets, order (a column's key, ``-`` before it upside down), and the place in the list."""

    tab: str = ""
    q: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    cursor: str = ""

    def query(self, *, words: bool = True, place: bool = False) -> dict[str, str]:
        """As parameters of an address, without what is empty."""
        found = {TAB: self.tab, WORDS: self.q if words else "", **self.facets, SORT: self.sort}
        if place:
            found[CURSOR] = self.cursor
        return {name: value for name, value in found.items() if value}

    def address(self, base: str, **changes: Any) -> str:
        """``base`` with these choices, some of them changed; from the first page on unless a cursor is given."""
        query = replace(self, **{"cursor": "", **changes}).query(place=True)
        return f"{base}?{urlencode(query)}" if query else base

    def link(self, base: str, **changes: Any) -> str:
        """As ``address``, but never bare: a bare address stands for what is remembered."""
        address = self.address(base, **changes)
        return address if address != base else f"{base}?{TAB}="

    def without(self, name: str) -> Chosen:
        """Less one choice."""
        if name == WORDS:
            return replace(self, q="", cursor="")
        return replace(self, facets={key: value for key, value in self.facets.items() if key != name}, cursor="")

    def answering(self, name: str, value: str) -> Chosen:
        return replace(self, facets={**self.facets, name: value}, cursor="")


def read(listing: Listing, given: Mapping[str, Any]) -> Chosen:
    """The choices among ``given``, which may be anything; what this list does not know is left out."""
    values = {name: clean(str(given.get(name) or "")) for name in _names(listing)}
    tabs = [tab.key for tab in listing.tabs]
    sorts = {column.key for column in listing.columns if column.order}
    return Chosen(
        tab=values[TAB] if values[TAB] in tabs[1:] else "",
        q=values[WORDS][:MAX_WORDS] if listing.search else "",
        facets={facet.key: values[facet.key][:60] for facet in listing.facets if values[facet.key]},
        sort=values[SORT] if values[SORT].removeprefix("-") in sorts else "",
        cursor=values[CURSOR],
    )


def chooses(listing: Listing, given: Mapping[str, Any]) -> bool:
    """Whether ``given`` says anything at all about this list."""
    return any(name in given for name in _names(listing))


def _names(listing: Listing) -> list[str]:
    return [TAB, WORDS, SORT, CURSOR, *(facet.key for facet in listing.facets)]


def columns_of(listing: Listing, keys: Iterable[str] | None, *, file: bool = False) -> list[Column]:
    """The columns of ``keys`` in the list's order, the first in any case; without keys those shown by default.

    Of the page; or of a ``file``, which has besides what stands within other cells of the page.
    """
    wanted = set(keys or ())
    first, *others = listing.columns

    def stands(column: Column) -> bool:
        if file and not column.page:
            return True
        there = column.file if file else column.page
        return there and (column.key in wanted if wanted else column.shown)

    return [first, *(column for column in others if stands(column))]
