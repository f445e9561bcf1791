"""What files said is forgotten thirty days after it was imported, or was sent and never was; that it came in stays."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Coalesce, Now

from transfers.models import ImportBatch, ImportRow
from transfers.models.imports import KEPT
from transfers.states import WORKED, BatchState

PORTION = 20
MOST = 50


def purge_imports() -> int:
    """Delete the rows of imports of thirty days ago, in portions; returns how many imports. Those at work are left.

    So long one can be taken back, counted from the day it was imported.
    """
    total = 0
    for _turn in range(MOST):
        with transaction.atomic():
            # Nothing is imported before it is sent: the index by that day narrows, the last day counts.
            there = ImportBatch.objects.filter(purged_at__isnull=True, made_at__lt=Now() - KEPT)
            last = Coalesce("applied_at", "ended_at", "made_at")
            old = there.annotate(last=last).filter(last__lt=Now() - KEPT).exclude(state__in=WORKED)
            held = old.order_by("made_at").select_for_update(of=("self",), skip_locked=True, no_key=True)
            keys = list(held.values_list("pk", flat=True)[:PORTION])
            ImportRow.objects.filter(batch__in=keys).delete()
            mine = ImportBatch.objects.filter(pk__in=keys)
            mine.filter(state=BatchState.READY).update(state=BatchState.DROPPED, ended_at=Now())
            mine.update(purged_at=Now())
        total += len(keys)
        if len(keys) < PORTION:
            break
    return total
