"""Clearing away what was held and never claimed, and files without a row."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from files.models import THUMBNAIL_MARK, Attachment
from files.services.keys import delete_rows, remove_files

HELD_FOR = timedelta(hours=24)
BATCH = 500


def purge_held() -> int:
    """Delete what has been held for more than 24 hours, and files without a row; returns how many rows.

    May run twice at the same time: rows in somebody's hands are passed over.
    """
    before, total = timezone.now() - HELD_FOR, 0
    while True:
        with transaction.atomic():
            rows = Attachment.objects.abandoned(before).select_for_update(of=("self",), skip_locked=True)
            batch = list(rows[:BATCH])
            delete_rows(batch)
        total += len(batch)
        if len(batch) < BATCH:
            break
    purge_orphans(before)
    return total


def purge_orphans(before: datetime) -> int:
    """Delete files of this month and the last, older than ``before`` and without a row; returns how many.

    A younger file may belong to a transaction that has not committed yet.
    """
    today = timezone.localdate()
    removed = 0
    for month in (today, today.replace(day=1) - timedelta(days=1)):
        for names in _batches(month):
            known = set(Attachment.objects.filter(pk__in=set(names.values())).values_list("pk", flat=True))
            lost = [name for name, pk in names.items() if pk not in known]
            orphans = [name for name in lost if _is_older(name, before)]
            remove_files(orphans)
            removed += len(orphans)
    return removed


def _is_older(name: str, before: datetime) -> bool:
    """Whether the file is there and older: a second sweep at the same moment may have removed it."""
    try:
        return default_storage.get_modified_time(name) < before
    except FileNotFoundError:
        return False


def _batches(month: date) -> Iterator[dict[str, UUID]]:
    """Our files of one month with the keys in their names, some hundreds at a time."""
    folder = f"{month:%Y/%m}"
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for start in range(0, len(files), BATCH):
        batch: dict[str, UUID] = {}
        for name in files[start : start + BATCH]:
            with contextlib.suppress(ValueError):
                batch[f"{folder}/{name}"] = UUID(name.partition(".")[0].removesuffix(THUMBNAIL_MARK))
        yield batch
