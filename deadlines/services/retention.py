"""What has ended is kept for half a year, then deleted: the list stays as long as what it is for."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from deadlines.models import Due
from deadlines.states import DueState

KEPT = timedelta(days=180)
"""Longer than any key may come up again: nothing is put on the list for a moment so long ago."""
ENDED = (DueState.DONE, DueState.MISSED, DueState.CANCELLED)
"""What failed stays until somebody deals with it."""
PORTION = 1000
MOST = 100 * PORTION


def purge_ended() -> int:
    """Delete dues that ended half a year ago, in portions; returns how many. Rows in somebody's hands are left."""
    total = 0
    while total < MOST:
        with transaction.atomic():
            old = Due.objects.filter(state__in=ENDED, ended_at__lt=Now() - KEPT).order_by("ended_at")
            held = old.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:PORTION]
            keys = list(held)
            Due.objects.filter(pk__in=keys).delete()
        total += len(keys)
        if len(keys) < PORTION:
            break
    return total
