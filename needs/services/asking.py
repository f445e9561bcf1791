"""The one question after a need is done: asked again once, and then taken as silence. Silence is never satisfaction.

Street usage: a reminder after three working days, 未评价 after ten. Both are dues; an answer takes them off the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deadlines.kinds import DueKind, Results
from deadlines.models import Due
from deadlines.services.calendar import calendar
from deadlines.services.dues import NewDue, add_dues, drop_dues
from deadlines.states import DueState, Reason
from deadlines.worktime import Calendar
from needs import wording
from needs.messages.answers import asked_again
from needs.models import Answer, Need
from needs.services.daylight import by_daylight
from needs.services.hands import account_of
from needs.services.limits import subject_of
from needs.services.retention import forget_at_end
from needs.states import Outcome, State, Verb
from notifications.services import queue

ASK_AGAIN, LAPSE = "needs.ask_again", "needs.answer_lapse"
REMIND_AFTER, LAPSE_AFTER = 3, 10
"""Working days after the question was put; the day itself does not count."""


def last_day(need: Need, cal: Calendar | None = None) -> date:
    """The last day on which the resident may answer."""
    return answer_until(need.finished_at, cal or calendar())


def answer_until(asked: datetime | None, cal: Calendar) -> date:
    """The last day of the answer to what was asked at the moment ``asked``."""
    return cal.next_working(timezone.localdate(asked), LAPSE_AFTER)


def await_answer(need: Need) -> None:
    """The question has been put: remind once, and do not wait for ever. In the transaction of ``finish_need``."""
    cal = calendar()
    add_dues([_remind_due(need, cal), _lapse_due(need, cal)])


def _remind_due(need: Need, cal: Calendar) -> NewDue:
    day = cal.next_working(timezone.localdate(need.finished_at), REMIND_AFTER)
    return NewDue(
        kind=ASK_AGAIN,
        subject=subject_of(need),
        due_at=cal.opening(day),
        key=f"{ASK_AGAIN}:{need.pk}:{need.rounds}:{day}",
        label=need.number,
        area_code=need.area_id,
        params={"round": need.rounds},
    )


def _lapse_due(need: Need, cal: Calendar) -> NewDue:
    last = last_day(need, cal)
    return NewDue(
        kind=LAPSE,
        subject=subject_of(need),
        due_at=cal.end_of(last),
        key=f"{LAPSE}:{need.pk}:{need.rounds}:{last}",
        label=need.number,
        area_code=need.area_id,
        params={"round": need.rounds},
    )


def stop_asking(need: Need) -> None:
    """The resident has answered. The need is locked."""
    for kind in (ASK_AGAIN, LAPSE):
        drop_dues(subject=subject_of(need), kind=kind)


def ask_again(dues: Sequence[Due]) -> Results:
    """Remind the residents who have not answered yet; where the time is over already, it is too late for that. Counted
    anew, since the calendar may have changed.
    """
    needs, cal = _locked(dues), calendar()
    results: dict[int, tuple[DueState, str]] = {}
    for due in dues:
        need = needs.get(due.subject)
        if need is None or not _still_asked(need, due):
            results[due.pk] = (DueState.CANCELLED, Reason.STOPPED)
        elif (last := last_day(need, cal)) < timezone.localdate():
            results[due.pk] = (DueState.MISSED, Reason.TOO_LATE)
        elif _later(_remind_due(need, cal), due):
            results[due.pk] = (DueState.CANCELLED, Reason.MOVED)
        else:
            queue(
                asked_again(need, wording.day(last)),
                occurrence=f"{need.number}:{need.rounds}",
                users=account_of(need),
                phones=[need.contact_phone],
                not_before=by_daylight(),
            )
    return results


def _later(counted: NewDue, due: Due) -> bool:
    """Days have been decreed free since ``due`` was laid out: it is laid out anew, for the day ``counted`` now."""
    if counted.key == due.key or counted.due_at is None or counted.due_at <= due.due_at:
        return False
    add_dues([counted])
    return True


def lapse(dues: Sequence[Due]) -> Results:
    """Nobody answered in time: 未评价, and the need is done. Counted anew, since the calendar may have changed."""
    needs, cal = _locked(dues), calendar()
    results: dict[int, tuple[DueState, str]] = {}
    for due in dues:
        need = needs.get(due.subject)
        if need is None or not _still_asked(need, due):
            results[due.pk] = (DueState.CANCELLED, Reason.STOPPED)
        elif cal.end_of(last_day(need, cal)) > due.due_at:
            add_dues([_lapse_due(need, cal)])
            results[due.pk] = (DueState.CANCELLED, Reason.MOVED)
        else:
            _close_silently(need)
    return results


def _still_asked(need: Need, due: Due) -> bool:
    return need.state == State.TO_ANSWER and need.rounds == due.params["round"]


def _close_silently(need: Need) -> None:
    Answer.objects.create(
        need=need, round=need.rounds, outcome=Outcome.SILENT, area_id=need.area_id, category_id=need.category_id
    )
    need.move_to(Verb.LAPSE, actor=None, changes={"ended_at": timezone.now()})
    drop_dues(subject=subject_of(need), kind=ASK_AGAIN)  # the lapse itself is being ended by whoever handles it
    forget_at_end(need)


def _locked(dues: Sequence[Due]) -> dict[str, Need]:
    """The needs of ``dues`` by subject, locked before the dues are, as every service here does."""
    keys = [int(due.subject.partition(":")[2]) for due in dues]
    rows = Need.objects.filter(pk__in=keys).select_related("area").order_by("pk")
    return {subject_of(need): need for need in rows.select_for_update(of=("self",), no_key=True)}


DUES = (
    DueKind(ASK_AGAIN, label=_("提醒居民评价"), handle=ask_again),
    DueKind(LAPSE, label=_("评价截止"), handle=lapse, grace=timedelta(days=3650)),
)
