"""Reminders of a round: a week before the last day and on it, to the liaisons of units that have not sent theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deadlines.kinds import DueKind, Preview, Results
from deadlines.models import Due
from deadlines.services.calendar import calendar
from deadlines.services.dues import NewDue, add_dues, drop_dues
from deadlines.states import DueState, Reason
from needs.messages import lists as messages
from needs.models import ListRound
from needs.services.list_units import ask_units, tell, waited_for
from needs.states.lists import RoundState
from people.models import User

SOON, TODAY = "needs.lists_soon", "needs.lists_today"
WEEK = timedelta(days=7)
SAYS = {SOON: messages.ListsWait, TODAY: messages.ListsToday}


def subject_of(row: ListRound) -> str:
    return f"lists:{row.pk}"


def lay_out(row: ListRound) -> None:
    """Both reminders of the last day as it is now, as far as they are to come. The round is locked, or new."""
    drop(row)
    cal, now = calendar(), timezone.now()
    days = {SOON: row.last_day - WEEK, TODAY: row.last_day}
    add_dues(
        NewDue(
            kind=kind,
            subject=subject_of(row),
            due_at=cal.opening(day),
            key=f"{kind}:{row.pk}:{row.version}:{row.last_day}",
            label=row.title,
            area_code=row.alliance.area_id,
            params={"last_day": row.last_day.isoformat()},
        )
        for kind, day in days.items()
        if cal.opening(day) > now
    )


def drop(row: ListRound) -> None:
    """Nobody is reminded any more."""
    drop_dues(subject=subject_of(row))


def remind(dues: Sequence[Due]) -> Results:
    """Tell those who have not sent theirs; a round that closed or whose day moved reminds nobody."""
    keys = [int(due.subject.partition(":")[2]) for due in dues]
    rows = ListRound.objects.filter(pk__in=keys).select_related("alliance").order_by("pk")
    rounds = {subject_of(row): row for row in rows.select_for_update(of=("self",), no_key=True)}
    results: dict[int, tuple[DueState, str]] = {}
    for due in dues:
        row = rounds.get(due.subject)
        if row is None or row.state != RoundState.OPEN:
            results[due.pk] = (DueState.CANCELLED, Reason.STOPPED)
        elif due.params["last_day"] != row.last_day.isoformat():
            results[due.pk] = (DueState.CANCELLED, Reason.MOVED)
        elif row.last_day < timezone.localdate():
            results[due.pk] = (DueState.MISSED, Reason.TOO_LATE)
        else:
            ask_units(row)
            tell(SAYS[due.kind], row, waited_for(row), row.last_day)
    return results


def preview(dues: Sequence[Due]) -> Mapping[int, Preview]:
    """What would go out, and to whom."""
    keys = [int(due.subject.partition(":")[2]) for due in dues]
    open_ = ListRound.objects.open().filter(pk__in=keys).select_related("alliance")
    rounds = {subject_of(row): row for row in open_}
    return {
        due.pk: Preview(messages.of_round(SAYS[due.kind], row), _people(row))
        for due in dues
        if (row := rounds.get(due.subject)) and due.params["last_day"] == row.last_day.isoformat()
    }


def _people(row: ListRound) -> list[User]:
    return list({user.pk: user for users in waited_for(row).values() for user in users}.values())


DUES = (
    DueKind(SOON, label=_("提醒填两张清单"), handle=remind, preview=preview),
    DueKind(TODAY, label=_("两张清单最后一天"), handle=remind, preview=preview),
)
