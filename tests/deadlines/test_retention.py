"""What ended half a year ago is deleted; what waits or failed is not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

if TYPE_CHECKING:
    from tests.cast import Cast

STATES = ("done", "missed", "cancelled", "failed", "waiting")


def test_half_a_year_after_its_end_a_due_is_deleted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from deadlines.models import Due
    from deadlines.services import retention
    from tests.deadlines.boards import broken

    monkeypatch.setattr(retention, "PORTION", 2)
    for number, state in enumerate(STATES):
        for days in (179, 181):
            due = broken(cast.chengxiang, state, 1000 * number + days)
            ended = None if state == "waiting" else timezone.now() - timedelta(days=days)
            Due.objects.filter(pk=due.pk).update(due_at=timezone.now() - timedelta(days=days), ended_at=ended)
    assert retention.purge_ended() == 3
    left = {(row.state, int(row.label.rpartition("-")[2]) % 1000) for row in Due.objects.all()}
    assert left == {(state, 179) for state in STATES} | {("failed", 181), ("waiting", 181)}
    assert retention.purge_ended() == 0
