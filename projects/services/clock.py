"""What falls due of agreements: a unit has said nothing, the term comes to its end, the term has passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deadlines.kinds import DueKind
from deadlines.models import Due
from deadlines.states import DueState, Reason
from people.services.accounts import holders
from projects import messages
from projects.models import Agreement, Amendment
from projects.permissions import APPROVERS
from projects.services.clock_dues import OVER, SOON
from projects.services.held import asks_of
from projects.services.people import office_people, parties_people, tell
from projects.services.sending import AGAIN, send_cards
from projects.services.wording import written
from projects.states import AgreementState

Ended = Mapping[int, tuple[DueState, str]]
MODELS: dict[str, Any] = {"agreement": Agreement, "amendment": Amendment}


def _held(dues: Sequence[Due]) -> dict[int, Any]:
    """By due: its agreement or amendment, agreements locked before amendments, each by key."""
    found: dict[str, Any] = {}
    for kind, model in MODELS.items():
        keys = {int(due.subject.partition(":")[2]) for due in dues if due.subject.startswith(f"{kind}:")}
        rows = model.objects.filter(pk__in=keys).order_by("pk")
        for row in rows.select_for_update(of=("self",), no_key=True):
            found[f"{kind}:{row.pk}"] = row
    return {due.pk: found[due.subject] for due in dues if due.subject in found}


def ask_again(dues: Sequence[Due]) -> Ended:
    """温馨提醒, once, to units that have said nothing about these words; the link is a new one."""
    rows, done = _held(dues), set()
    for due in dues:
        paper = rows.get(due.pk)
        if paper is None or paper.state != AgreementState.CONFIRMING or paper.turn != due.params.get("turn"):
            continue
        if isinstance(paper, Amendment) and paper.agreement.state != AgreementState.RUNNING:
            continue
        asks = list(asks_of(paper).open().filter(turn=paper.turn).select_related("party__unit"))
        for ask in asks:
            send_cards(paper, ask, messages.AgreementToConfirmAgain, f"ask:{ask.pk}:again")
        if asks:
            done.add(due.pk)
    return _others(dues, done)


def ends_soon(dues: Sequence[Due]) -> Ended:
    """A month before the last day: both sides think about what comes then."""
    return _remind(dues, messages.AgreementEndsSoon, units=True)


def is_over(dues: Sequence[Due]) -> Ended:
    """The day after: whoever looks after it says how it went."""
    return _remind(dues, messages.AgreementIsOver, units=False)


def _remind(dues: Sequence[Due], kind: Any, *, units: bool) -> Ended:
    rows, done = _held(dues), set()
    for due in dues:
        row = rows.get(due.pk)
        if row is None or row.state != AgreementState.RUNNING:
            continue
        people = office_people(row) or holders(APPROVERS, row.street_code)
        users = [*people, *(parties_people(row) if units else [])]
        if "day" in kind.sample:
            tell(row, kind, users, day=written(row.runs_until))
        else:
            tell(row, kind, users)
        done.add(due.pk)
    return _others(dues, done)


def _others(dues: Sequence[Due], done: set[int]) -> Ended:
    return {due.pk: (DueState.CANCELLED, Reason.STOPPED) for due in dues if due.pk not in done}


def days_left(agreement: Agreement) -> int:
    """Until the last day of the term; negative once it has passed."""
    return (agreement.runs_until - timezone.localdate()).days if agreement.runs_until else 0


KINDS = (
    DueKind(AGAIN, label=_("再请单位看看协议"), handle=ask_again, grace=timedelta(days=7)),
    DueKind(SOON, label=_("提醒协议快到期"), handle=ends_soon, grace=timedelta(days=25)),
    DueKind(OVER, label=_("提醒期满评估"), handle=is_over, grace=timedelta(days=3650)),
)
