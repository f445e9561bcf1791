"""How a list is declared: what it shows, by what it is narrowed, in which orders it is read. No app, no page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from alliance.lib.errors import NotFound, Text
from alliance.lib.keyset import Stretch

Rows = QuerySet[Any]
Options = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What stands in one place: words, a quiet second line, a state's ``tone`` (None: no state), marks with tones.

    ``code`` is the row's number, quiet below its name. A ``template`` shows ``facts`` in place of the words.
    """

    text: str
    small: str = ""
    tone: str | None = None
    flags: tuple[tuple[str, str], ...] = ()
    code: str = ""
    template: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. The first of a list names the row and leads to it; it cannot be taken away.

    ``value`` is what a file gets where that is not the cell's words; ``open_value`` (row, user) what it gets
    unmasked, once somebody who may has said why. ``order`` makes the heading sort: unique, and without anything
    personal, since places in a list stand in addresses. Not on the ``page``: it stands in another cell there, and every
    file has it; not in a ``file``: something to press.
    """

    key: str
    label: Text
    cell: Callable[[Any], Cell | str]
    value: Callable[[Any], Any] | None = None
    open_value: Callable[[Any, Any], Any] | None = None
    order: tuple[str, ...] = ()
    shown: bool = True
    number: bool = False
    page: bool = True
    file: bool = True


@dataclass(frozen=True, kw_only=True)
class Facet:
    """One question with a few answers.

    ``options``: the answers somebody may give, never one that they may not see; ``narrow`` takes one of them.
    ``counts``: how many of some rows each answer leaves; None where counting costs more than it tells.
    ``any_label`` stands for no answer. ``main`` ones are always in sight, the others behind 更多条件.
    """

    key: str
    label: Text
    any_label: Text
    options: Callable[[Any], Options]
    narrow: Callable[[Rows, str], Rows]
    counts: Callable[[Rows], dict[str, int]] | None = None
    main: bool = False


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One part of a list. The first is what stands without a choice. ``tone`` colours its number, if there are any.

    ``order`` stands in the place of the list's own where nothing else is asked for.
    """

    key: str
    label: Text
    narrow: Callable[[Rows, Any], Rows]
    counted: bool = True
    tone: str = ""
    order: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One list. ``rows`` gives what somebody may see, with all that the cells need: no cell asks the database.

    ``prepare`` (rows of one page, user) reads at once what else they show. ``stretches`` stand in the place of
    ``order`` where one will not do; ``order_label`` says what the list's own order is. ``look`` is a class of the page.
    """

    key: str
    title: Text
    rows: Callable[[Any], Rows]
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    url_name: str
    row_url: Callable[[Any], str]
    may_view: Callable[[Any], bool]
    may_unmask: Callable[[Any], bool] = field(default=lambda _user: False)
    facets: tuple[Facet, ...] = ()
    tabs: tuple[Tab, ...] = ()
    search: Callable[[Rows, str], Rows] | None = None
    search_hint: Text = ""
    prepare: Callable[[list[Any], Any], None] | None = None
    stretches: Callable[[Rows], Sequence[Stretch]] | None = None
    order_label: Text = ""
    look: str = ""
    empty_title: Text = ""
    empty_text: Text = ""
    size: int = 25

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)

    def tab(self, key: str) -> Tab | None:
        """The tab that stands open; without a choice the first."""
        return next((tab for tab in self.tabs if not key or tab.key == key), None)

    def facet(self, key: str) -> Facet | None:
        return next((facet for facet in self.facets if facet.key == key), None)

    @property
    def masks(self) -> bool:
        """Whether something on it is masked."""
        return any(column.open_value for column in self.columns)


TAKEN = frozenset(
    {
        "clear",
        "column",
        "columns",
        "csrfmiddlewaretoken",
        "cursor",
        "drop",
        "every",
        "format",
        "listing",
        "q",
        "sort",
        "tab",
        "unmasked",
        "usual",
        "why",
    }
)
"""Names that the forms of every list use."""
_known: dict[str, Listing] = {}


def register(listing: Listing) -> Listing:
    """Make ``listing`` known under its key, so that it can be run again elsewhere."""
    if clash := TAKEN & {facet.key for facet in listing.facets}:
        raise ValueError(f"{listing.key}: {sorted(clash)} are names of every list")
    if bool(listing.order) == bool(listing.stretches):
        raise ValueError(f"{listing.key}: either an order or stretches")
    _known[listing.key] = listing
    return listing


def find(key: str) -> Listing:
    """The list under ``key``. Raises ``NotFound``."""
    if key not in _known:
        raise NotFound
    return _known[key]


def known() -> list[Listing]:
    """All lists."""
    return list(_known.values())
