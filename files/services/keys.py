"""What a draft's secret is stored as, and deleting rows with their files."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction

from alliance.lib.privacy import blind_index
from files.models import Attachment


def hashed(hold_key: str) -> str:
    """What is stored of a draft's secret; empty for no secret, which holds nothing."""
    return blind_index("held-files", hold_key)


def delete_rows(rows: list[Attachment]) -> None:
    """Delete the rows now and their files once that is certain."""
    names = [str(field.name) for row in rows for field in (row.file, row.thumbnail) if field]
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    transaction.on_commit(partial(remove_files, names), robust=True)


def remove_files(names: Iterable[str]) -> None:
    """Delete files by their names in the storage."""
    for name in names:
        default_storage.delete(name)
