"""One design for all lists: declared once, shown on a page, run again for a file (docs/architecture.md)."""

from alliance.lib.listing.choosing import Chosen, chooses, columns_of, read
from alliance.lib.listing.declare import Cell, Column, Facet, Listing, Options, Rows, Tab, find, known, register
from alliance.lib.listing.helping import NO, YES, by_column, by_condition, choices, counted_as, equals, if_so
from alliance.lib.listing.running import Reading, order_of

__all__ = [
    "NO",
    "YES",
    "Cell",
    "Chosen",
    "Column",
    "Facet",
    "Listing",
    "Options",
    "Reading",
    "Rows",
    "Tab",
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
    "order_of",
    "read",
    "register",
]
