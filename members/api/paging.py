"""Pages of the register in the API."""

from __future__ import annotations

from alliance.lib.api import KeysetPagination


class ByKey(KeysetPagination):
    """Pages in the order in which rows were made."""

    order = ("id",)
