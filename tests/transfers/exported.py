"""Files that went out, as tests look at them."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.storage import default_storage
from openpyxl import load_workbook

from people.models import User
from tests.cast import fresh
from transfers.models import Export
from transfers.services.export_files import export_all
from transfers.services.exporting import request_export

UNITS, LIAISONS = "members.units", "members.liaisons"


def exported(by: User, listing: str = UNITS, **values: Any) -> Export:
    export = request_export(by=fresh(by), listing=listing, **{"query": {}, **values})
    export_all()
    return Export.objects.get(pk=export.pk)


def content_of(export: Export) -> bytes:
    with default_storage.open(export.file) as file:
        found: bytes = file.read()
    return found


def sheet_of(export: Export) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(content_of(export)))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


def rows_of(export: Export) -> list[list[Any]]:
    """Numbered rows, without heading and foot."""
    return [row for row in sheet_of(export)[1:] if isinstance(row[0], int)]
