"""Everything of one kind at once: tried again when a fault has been mended, or seen, where it was missed."""

from __future__ import annotations

from collections import Counter

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotAllowed, RuleBroken
from audit.services import record
from audit.states import Action
from deadlines.models import Due
from deadlines.permissions import due_abilities
from deadlines.querysets import DueQuerySet
from deadlines.services.dues import PUT_BACK, end_dues, wake_sweep
from deadlines.states import DueState, Reason
from people.models import User

MOST = 2000
"""In one go; the rest by asking once more."""


@transaction.atomic
def retry_kind(*, kind: str, by: User) -> int:
    """Put the failed dues of ``kind`` that ``by`` may retry back on the list, however late; returns how many.

    Raises ``NotAllowed`` and ``RuleBroken`` (none has failed).
    """
    rows = _mine(Due.objects.failed().filter(kind=kind), "retry", by)
    for row in rows:
        for name, value in PUT_BACK.items():
            setattr(row, name, value)
        row.params = {**row.params, "however_late": True}
    Due.objects.bulk_update(rows, [*PUT_BACK, "params"], batch_size=500)
    _record(Action.DUE_RETRIED, kind, rows, by)
    wake_sweep()
    return len(rows)


@transaction.atomic
def settle_missed(*, kind: str, by: User) -> int:
    """``by`` has seen what was missed of ``kind``: it is off the list and ends as cancelled. Returns how many.

    Raises ``NotAllowed`` and ``RuleBroken`` (none was missed lately).
    """
    rows = _mine(Due.objects.missed().filter(kind=kind), "cancel", by)
    end_dues(Due.objects.filter(pk__in=[row.pk for row in rows]), DueState.CANCELLED, Reason.SEEN)
    _record(Action.DUE_CANCELLED, kind, rows, by)
    return len(rows)


def _mine(rows: DueQuerySet, verb: str, by: User) -> list[Due]:
    """Those of ``rows`` to which ``by`` may do ``verb``, locked."""
    if verb not in due_abilities(by):
        raise NotAllowed
    seen = rows.visible_to(by).order_by("pk").select_for_update(of=("self",), no_key=True)[:MOST]
    mine = [row for row in seen if verb in due_abilities(by, row)]
    if not mine:
        raise RuleBroken(_("没有这样的事项了，请刷新看看最新情况。"))
    return mine


def _record(action: Action, kind: str, rows: list[Due], by: User) -> None:
    for area, count in sorted(Counter(row.area_code for row in rows).items()):
        record(action, actor=by, subject=kind, area_code=area, params={"count": count})
