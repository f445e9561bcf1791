"""Trying again everything of one kind that failed: for the day after a fault has been mended."""

from __future__ import annotations

from collections import Counter

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotAllowed, RuleBroken
from audit.services import record
from audit.states import Action
from deadlines.models import Due
from deadlines.permissions import due_abilities
from deadlines.services.dues import wake_sweep
from deadlines.states import DueState
from people.models import User

MOST = 2000
"""In one go; the rest by asking once more."""


@transaction.atomic
def retry_kind(*, kind: str, by: User) -> int:
    """Put the failed dues of ``kind`` that ``by`` may retry back on the list, however late; returns how many.

    Raises ``NotAllowed`` and ``RuleBroken`` (none has failed).
    """
    if "retry" not in due_abilities(by):
        raise NotAllowed
    failed = Due.objects.visible_to(by).filter(kind=kind, state=DueState.FAILED).order_by("pk")
    rows = [
        row for row in failed.select_for_update(of=("self",), no_key=True)[:MOST] if "retry" in due_abilities(by, row)
    ]
    if not rows:
        raise RuleBroken(_("没有可以重办的，请刷新看看最新情况。"))
    for row in rows:
        row.state, row.attempts, row.last_error, row.ended_at = DueState.WAITING, 0, "", None
        row.params = {**row.params, "however_late": True}
    Due.objects.bulk_update(rows, ["state", "attempts", "last_error", "ended_at", "params"], batch_size=500)
    for area, count in sorted(Counter(row.area_code for row in rows).items()):
        record(Action.DUE_RETRIED, actor=by, subject=kind, area_code=area, params={"count": count})
    wake_sweep()
    return len(rows)
