"""What falls due of an agreement that runs: a month before its last day, and the day after."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from deadlines.services.dues import NewDue, add_dues, drop_dues
from projects.models import Agreement
from projects.services.held import subject_of
from projects.states import AgreementState

SOON, OVER = "projects.agreement_soon", "projects.agreement_over"
BEFORE = timedelta(days=30)


def follow_term(agreement: Agreement) -> None:
    """The reminders follow the term as it stands now; of what does not run any more there are none."""
    for kind in (SOON, OVER):
        drop_dues(subject=subject_of(agreement), kind=kind)
    last = agreement.runs_until
    if agreement.state != AgreementState.RUNNING or last is None:
        return
    today = timezone.localdate()
    dues = [_due(agreement, OVER, max(last + timedelta(days=1), today))]
    if last - BEFORE >= today:
        dues.append(_due(agreement, SOON, last - BEFORE))
    add_dues(dues)


def _due(agreement: Agreement, kind: str, day: date) -> NewDue:
    when = timezone.make_aware(datetime.combine(day, time(9)))
    key = f"{kind}:{agreement.pk}:{agreement.version}"
    return NewDue(kind, subject_of(agreement), when, key, label=agreement.number, area_code=agreement.area_id)
