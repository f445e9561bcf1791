"""What files said is forgotten after thirty days; that they came in stays."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from transfers.models import ImportBatch, ImportRow
from transfers.states import WORKED, BatchState

KEPT = timedelta(days=30)
PORTION = 20
MOST = 50


def purge_imports() -> int:
    """Delete the rows of imports of thirty days ago, in portions; returns how many imports. Those at work are left."""
    total = 0
    for _turn in range(MOST):
        with transaction.atomic():
            old = ImportBatch.objects.filter(purged_at__isnull=True, made_at__lt=Now() - KEPT).exclude(state__in=WORKED)
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
