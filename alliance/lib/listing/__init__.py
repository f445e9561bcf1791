"""One design for all lists: declared once, shown on a page, run again for a file (docs/architecture.md)."""

from alliance.lib.listing.choosing import Chosen, chooses, columns_of, read
from alliance.lib.listing.declare import Cell, Column, Facet, Listing, Options, Rows, Tab, find, known, register
from alliance.lib.listing.helping import NO, YES, by_column, by_condition, choices, counted_as, equals, if_so, named
from alliance.lib.listing.running import answers_of, narrowed, order_of, page_of, run, tab_counts

__all__ = [
    "NO",
    "YES",
    "Cell",
    "Chosen",
    "Column",
    "Facet",
    "Listing",
    "Options",
    "Rows",
    "Tab",
    "answers_of",
    "by_column",
    "by_condition",
    "choices",
    "chooses",
    "columns_of",
    "counted_as",
    "equals",
    "find",
    "if_so",
    "known",
    "named",
    "narrowed",
    "order_of",
    "page_of",
    "read",
    "register",
    "run",
    "tab_counts",
]
