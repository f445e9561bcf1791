"""Pages of the register in the API."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from alliance.lib.api import KeysetPagination
from alliance.lib.keyset import slice_of


class ByKey(KeysetPagination):
    """Pages in the order in which rows were made."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        try:
            size = min(max(int(request.query_params.get("size", self.page_size)), 1), self.max_size)
        except ValueError:
            size = self.page_size
        cursor = request.query_params.get("cursor", "")
        rows, self.next_cursor = slice_of(queryset, ("id",), cursor=cursor, size=size)
        return rows
