"""Put something on the list of what falls due, take it off, try it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotAllowed, RuleBroken
from alliance.lib.inserting import insert_new
from alliance.lib.wake import wake
from audit.services import record
from audit.states import Action
from deadlines.models import Due
from deadlines.permissions import due_abilities
from deadlines.states import DueState, Reason
from people.models import User

SWEEP_TASK = "deadlines.sweep"


@dataclass(frozen=True)
class NewDue:
    """What ``add_dues`` puts on the list. ``key`` says which happening this is: adding it again adds nothing.

    ``due_at`` None: at once, by the database's clock, which decides what is due.
    """

    kind: str
    subject: str
    due_at: datetime | None
    key: str
    label: str = ""
    area_code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


def add_dues(dues: Iterable[NewDue]) -> int:
    """Put ``dues`` on the list in the transaction of whatever causes them; those whose key is there add nothing.

    Returns how many were given, new or not.

    ``params`` hold no personal data. What is due at once waits for the sweep, or for ``wake_sweep``.
    """
    rows = [
        Due(
            kind=due.kind,
            subject=due.subject,
            due_at=due.due_at or Now(),
            key=due.key,
            label=due.label,
            area_code=due.area_code,
            params=dict(due.params),
        )
        for due in dues
    ]
    insert_new(rows)
    return len(rows)


def wake_sweep() -> None:
    """Have the list looked at after commit, for what is due at once."""
    wake(SWEEP_TASK)


@transaction.atomic(savepoint=False)
def drop_dues(*, subject: str, kind: str = "", reason: str = Reason.STOPPED) -> int:
    """Cancel what still waits for ``subject``; returns how many. A due in a sweeper's hands is cancelled as well: the
    sweeper finds it ended and takes back what it did."""
    rows = Due.objects.undone().of(subject)
    if kind:
        rows = rows.filter(kind=kind)
    return end_dues(rows, DueState.CANCELLED, reason)


def move_dues(*, subjects: Sequence[str], area_code: str) -> int:
    """What waits for ``subjects`` is of another area from now on; returns how many."""
    waiting = Due.objects.undone().filter(subject__in=subjects).order_by("pk")
    keys = list(waiting.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    return Due.objects.filter(pk__in=keys).update(area_code=area_code)


def end_dues(rows: QuerySet[Due], state: str, reason: str = "") -> int:
    """End ``rows``, locked in the order of their keys, so that two who end the same ones never wait for each other."""
    keys = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    if not keys:
        return 0
    return Due.objects.filter(pk__in=keys).update(state=state, last_error=reason, ended_at=Now(), leased_until=None)


def _locked(pk: int, by: User, verb: str) -> Due:
    due: Due = Due.objects.visible_to(by).locked(pk)
    if verb not in due_abilities(by, due):
        raise NotAllowed
    return due


PUT_BACK: dict[str, Any] = {
    "state": DueState.WAITING,
    "attempts": 0,
    "leased_until": None,
    "last_error": "",
    "ended_at": None,
}
"""What a due that is tried again is like: new, but for ``params["however_late"]``."""


@transaction.atomic
def retry_due(*, pk: int, by: User) -> Due:
    """Try again what failed or was missed, now, however late it is.

    Raises ``NotFound`` (not in one's areas), ``NotAllowed``, ``RuleBroken`` (done or cancelled).
    """
    due = _locked(pk, by, "retry")
    if due.state not in (DueState.FAILED, DueState.MISSED) and not (due.state == DueState.WAITING and due.attempts):
        raise RuleBroken(_("这一条现在是“%(state)s”，不用重办。") % {"state": due.get_state_display()})
    params = {**due.params, "however_late": True}
    Due.objects.filter(pk=due.pk).update(
        **PUT_BACK,
        params=params,
        due_at=Now() if due.state == DueState.WAITING else F("due_at"),
    )
    record(Action.DUE_RETRIED, actor=by, subject=due.label or due.subject, area_code=due.area_code)
    wake_sweep()
    due.refresh_from_db()
    return due


@transaction.atomic
def cancel_due(*, pk: int, by: User, reason: str = "") -> Due:
    """Take off the list what waits, failed or was missed. Raises as ``retry_due``."""
    due = _locked(pk, by, "cancel")
    if due.state not in (DueState.WAITING, DueState.FAILED, DueState.MISSED):
        raise RuleBroken(_("这一条现在是“%(state)s”，不用取消。") % {"state": due.get_state_display()})
    end_dues(Due.objects.filter(pk=due.pk), DueState.CANCELLED, Reason.BY_HAND)
    record(
        Action.DUE_CANCELLED, actor=by, subject=due.label or due.subject, area_code=due.area_code, reason=reason[:200]
    )
    due.refresh_from_db()
    return due
