"""Once a week units and staff read what is theirs; once a day or a week everybody what they wanted gathered.

Planned ahead like the leaders' digest, so that a server that was down finds what it missed. What people wanted gathered
is not lost by that: it goes along with the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from alliance.lib.registry import contributions
from deadlines import messages
from deadlines.kinds import DueKind, Preview, Results, register_kind
from deadlines.models import Due
from deadlines.services.calendar import calendar
from deadlines.services.dues import NewDue, add_dues
from deadlines.states import DueState, Reason
from notifications.lines import Period, merged
from notifications.services import queue_many, send_gathered
from notifications.states import Pace
from people.models import Area, User
from people.states import Level

WEEKLY, GATHER = "deadlines.weekly", "deadlines.gather"
AT, GATHERED_AT = time(8, 40), time(8, 50)
DAYS_AHEAD, WEEK = 7, timedelta(days=7)


def plan_weekly(today: date | None = None) -> None:
    """Put on the list: the week's digests of every street on its first working day, and what is gathered on each day.

    Those who work on no day of a week (a long holiday) hear of it in the next.
    """
    first = today or timezone.localdate()
    days = [first + timedelta(days=n) for n in range(DAYS_AHEAD)]
    streets = list(Area.objects.served().filter(level=Level.STREET).values_list("code", "name"))
    mondays = sorted({day - timedelta(days=day.weekday()) for day in days})
    begun = [(monday, day) for monday in mondays if (day := _first_working(monday)) and day in days]
    add_dues(
        NewDue(
            kind=WEEKLY,
            subject=f"street:{code}",
            label=name,
            area_code=code,
            due_at=_at(day, AT),
            key=f"weekly:{code}:{monday:%Y%m%d}",
            params={"monday": monday.isoformat()},
        )
        for monday, day in begun
        for code, name in streets
    )
    paces = [(Pace.DAILY, day, day) for day in days] + [(Pace.WEEKLY, monday, day) for monday, day in begun]
    add_dues(
        NewDue(
            kind=GATHER,
            subject=f"gather:{pace}",
            label=str(pace.label),
            due_at=_at(day, GATHERED_AT),
            key=f"gather:{pace}:{named:%Y%m%d}",
            params={"pace": pace},
        )
        for pace, named, day in paces
    )


def send_weekly(dues: Sequence[Due]) -> Results:
    """One message to each person with anything to read; the same few statements per street, however many people."""
    results: dict[int, tuple[DueState, str]] = {}
    for due in dues:
        period = Period(due.area_code, due.due_at - WEEK, due.due_at)
        said = merged(part(period) for part in contributions("digest.weekly"))
        people = User.objects.filter(pk__in=said, is_active=True)
        letters = [
            (messages.WeeklyDigest(street=due.label, code=due.area_code, lines=said[one.pk]), due.key, [one])
            for one in people
        ]
        queue_many(letters)
        if not letters:
            results[due.pk] = (DueState.CANCELLED, Reason.NOBODY)
    return results


def gather(dues: Sequence[Due]) -> Results:
    """What was kept for those who want it once a day, or once a week, in one message each."""
    results: dict[int, tuple[DueState, str]] = {}
    for due in dues:
        if not send_gathered(due.params["pace"], occurrence=due.key):
            results[due.pk] = (DueState.CANCELLED, Reason.NOBODY)
    return results


def foresee(dues: Sequence[Due]) -> dict[int, Preview]:
    """To whom they go and what they say is counted on the day."""
    return {due.pk: Preview(None, []) for due in dues}


def _first_working(monday: date) -> date | None:
    cal = calendar()
    return next((day for n in range(7) if cal.is_working(day := monday + timedelta(days=n))), None)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, timezone.get_current_timezone())


register_kind(
    DueKind(WEEKLY, label=messages.WEEKLY_LABEL, handle=send_weekly, grace=timedelta(days=2), preview=foresee)
)
register_kind(DueKind(GATHER, label=messages.GATHER_LABEL, handle=gather, grace=timedelta(hours=9), preview=foresee))
