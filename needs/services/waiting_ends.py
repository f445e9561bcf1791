"""等居民补充 does not last for ever: the resident is reminded once, and after that whoever handles it.

Street usage: the resident after three working days, the office after ten, which may call, or go on without. Both are
dues; what the resident adds, and everything else that ends the wait, takes them off the list. Nothing ends by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.dates import kept_day
from deadlines.kinds import DueKind, Results
from deadlines.models import Due
from deadlines.services.calendar import calendar
from deadlines.services.dues import NewDue, add_dues, drop_dues
from deadlines.services.retention import KEPT
from deadlines.states import DueState, Reason
from deadlines.worktime import Calendar
from needs.messages.triage import NeedAskedAgain, NeedStillWaiting, for_resident, for_staff
from needs.models import Need
from needs.querysets import NeedQuerySet
from needs.services.daylight import by_daylight
from needs.services.hands import account_of, hands
from needs.services.limits import subject_of
from notifications.services import call_off, first_said, queue, retire

REMIND, IDLE = "needs.supplement_remind", "needs.supplement_idle"
REMIND_AFTER, IDLE_AFTER = 3, 10
"""Working days after the question was put; the day itself does not count."""


def idle_on(since: datetime, cal: Calendar) -> date:
    """The day on which whoever handles it is reminded that the resident has added nothing."""
    return cal.next_working(timezone.localdate(since), IDLE_AFTER)


def await_supplement(need: Need) -> None:
    """The question has been put to the resident of ``need``, locked: two reminders, on working mornings."""
    if need.waiting_since:
        add_dues(_reminders(need, need.waiting_since, calendar()))


def _reminders(need: Need, since: datetime, cal: Calendar) -> Iterator[NewDue]:
    remind_on = cal.next_working(timezone.localdate(since), REMIND_AFTER)
    for kind, day in ((REMIND, remind_on), (IDLE, idle_on(since, cal))):
        yield NewDue(
            kind=kind,
            subject=subject_of(need),
            due_at=cal.opening(day),
            key=f"{kind}:{need.pk}:{since.isoformat()}:{day}",
            label=need.number,
            area_code=need.area_id,
            params={"since": since.isoformat()},
        )


def stop_waiting(need: Need, since: datetime | None) -> None:
    """Nobody waits for the resident of ``need``, locked, any more, if anybody did (``since``). Called after its clocks
    have been dealt with: dues are locked last.
    """
    if since is None:
        return
    for said in (NeedAskedAgain, NeedStillWaiting):
        retire(said, occurrence=_occurrence(need.number, since))
    call_off(NeedAskedAgain, subject_label=need.number)  # one from last night, which would ask for what has come
    for kind in (REMIND, IDLE):
        drop_dues(subject=subject_of(need), kind=kind)


def _occurrence(number: str, since: datetime) -> str:
    return f"{number}:{since:%Y%m%d%H%M%S%f}"


def told_office(needs: Sequence[Need]) -> dict[int, date]:
    """The day on which whoever handles it was reminded in this wait, by the key of the need, where it was."""
    waits = {_occurrence(need.number, need.waiting_since): need.pk for need in needs if need.waiting_since}
    told = first_said(NeedStillWaiting, occurrences=waits) if waits else {}
    return {waits[occurrence]: timezone.localdate(at) for occurrence, at in told.items()}


def start_missing_reminders() -> int:
    """Lay out the reminders of waits from before there were any; returns of how many waits.

    Of those that would be past the last one comes at once. Nothing is added twice. One query where nothing is missing.
    """
    needs = list(_unreminded().only("number", "area_id", "waiting_since").order_by("pk"))
    cal, now = calendar() if needs else None, timezone.now()
    for need in needs:
        if cal and need.waiting_since:
            dues = list(_reminders(need, need.waiting_since, cal))
            past = [replace(due, due_at=None) for due in dues if due.due_at and due.due_at <= now]
            add_dues([*past[-1:], *(due for due in dues if due.due_at and due.due_at > now)])
    return len(needs)


def _unreminded() -> NeedQuerySet:
    """Those that wait without any reminder on the list, to come or past. Of a wait as long as the list remembers nobody
    knows whether it was reminded of: it is left alone.
    """
    subject = Concat(Value("need:"), Cast(OuterRef("pk"), CharField()))
    laid_out = Due.objects.filter(subject=subject, kind__in=[REMIND, IDLE], created_at__gte=OuterRef("waiting_since"))
    return Need.objects.filter(~Exists(laid_out), waiting_since__gt=timezone.now() - KEPT)


def _later(need: Need, since: datetime, due: Due, cal: Calendar) -> bool:
    """Days have been decreed free since ``due`` was laid out: it is laid out anew, for the day that is counted now."""
    other = [new for new in _reminders(need, since, cal) if new.kind == due.kind and new.key != due.key]
    later = [new for new in other if new.due_at and new.due_at > due.due_at]
    add_dues(later)
    return bool(later)


def remind_residents(dues: Sequence[Due]) -> Results:
    """Ask the residents once more for what was asked. Counted anew, since the calendar may have changed."""
    needs, cal = _locked(dues), calendar()
    results: dict[int, tuple[DueState, str]] = {}
    for due in dues:
        need = needs.get(due.subject)
        since = need.waiting_since if need and _still_waits(need, due) else None
        if need is None or since is None:
            results[due.pk] = (DueState.CANCELLED, Reason.STOPPED)
            continue
        if _later(need, since, due, cal):
            results[due.pk] = (DueState.CANCELLED, Reason.MOVED)
            continue
        queue(
            for_resident(NeedAskedAgain, need),
            occurrence=_occurrence(need.number, since),
            users=account_of(need),
            phones=[need.contact_phone],
            not_before=by_daylight(),
        )
    return results


def remind_office(dues: Sequence[Due]) -> Results:
    """Tell whoever has the needs that nothing has come: to call, or to go on without. Counted anew as well."""
    needs, cal = _locked(dues), calendar()
    results: dict[int, tuple[DueState, str]] = {}
    for due in dues:
        need = needs.get(due.subject)
        since = need.waiting_since if need and _still_waits(need, due) else None
        if need is None or since is None:
            results[due.pk] = (DueState.CANCELLED, Reason.STOPPED)
            continue
        if _later(need, since, due, cal):
            results[due.pk] = (DueState.CANCELLED, Reason.MOVED)
            continue
        told = for_staff(NeedStillWaiting, need, day=kept_day(timezone.localdate(since)))
        queue(told, occurrence=_occurrence(need.number, since), users=hands(need))
    return results


def _still_waits(need: Need, due: Due) -> bool:
    return need.waiting_since is not None and need.waiting_since.isoformat() == due.params["since"]


def _locked(dues: Sequence[Due]) -> dict[str, Need]:
    """The needs of ``dues`` by subject, locked before the dues are, as every service here does."""
    keys = [int(due.subject.partition(":")[2]) for due in dues]
    rows = Need.objects.filter(pk__in=keys).select_related("area__parent", "holder").order_by("pk")
    return {subject_of(need): need for need in rows.select_for_update(of=("self",), no_key=True)}


DUES = (
    DueKind(REMIND, label=_("提醒居民补充"), handle=remind_residents),
    DueKind(IDLE, label=_("居民没补充，提醒经办人"), handle=remind_office),
)
