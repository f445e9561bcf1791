"""The base of every view of the API: what stands behind the ? and is not known is refused by name, as in a body.

``?sate=pending`` would otherwise give everything, and say that all is well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework import exceptions
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.views import APIView

from alliance.lib.api import KeysetPagination, unknown


class ApiView(APIView):
    """One address. ``query``: the names that its GET takes behind the ?; other methods take none."""

    query: Sequence[str] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not request.query_params:
            return
        known = self.known() if request.method in ("GET", "HEAD") else ()
        if wrong := unknown(request.query_params, known):
            raise exceptions.ValidationError(wrong)

    def known(self) -> Sequence[str]:
        """Every name that GET takes."""
        return self.query


class ListView(ApiView, GenericAPIView[Any]):
    """A list in pages: beside ``query`` it takes the filters of its ``filterset_class`` and those of its pages."""

    def known(self) -> Sequence[str]:
        filters = getattr(self, "filterset_class", None)
        pages = KeysetPagination.parameters if self.pagination_class else ()
        return (*self.query, *(filters.base_filters if filters else ()), *pages)
