"""Leaders are not chased: once on a working day they read what is late and what is due, if anything is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from alliance.lib.registry import contributions
from deadlines import messages
from deadlines.kinds import DueKind, Preview, Results, register_kind
from deadlines.models import Due, Stage
from deadlines.services.calendar import calendar
from deadlines.services.dues import NewDue, add_dues
from deadlines.states import DueState, Reason
from notifications.lines import Line, Period
from notifications.services import queue
from people.models import Area
from people.services.accounts import holders
from people.states import Level, Role

DIGEST = "deadlines.digest"
AT = time(8, 30)
DAYS_AHEAD = 7
WORST = 3


def plan_digests(today: date | None = None) -> None:
    """Put the digests of the coming working days on the list, one per street that serves.

    Planned ahead, so that a server that was down finds the days it missed and says so.
    """
    first = today or timezone.localdate()
    cal = calendar()
    days = [day for n in range(DAYS_AHEAD) if cal.is_working(day := first + timedelta(days=n))]
    streets = Area.objects.served().filter(level=Level.STREET).values_list("code", "name")
    zone = timezone.get_current_timezone()
    add_dues(
        NewDue(
            kind=DIGEST,
            subject=f"street:{code}",
            label=name,
            area_code=code,
            due_at=datetime.combine(day, AT, zone),
            key=f"digest:{code}:{day:%Y%m%d}",
            params={"day": day.isoformat()},
        )
        for code, name in streets
        for day in days
    )


def send_digests(dues: Sequence[Due]) -> Results:
    """One message a day to the leaders of each street; none on a day without anything, or without a leader."""
    results: dict[int, tuple[DueState, str]] = {}
    for due in dues:
        leaders = holders([Role.LEADER], due.area_code)
        at_work = calendar().is_working(timezone.localdate(due.due_at))
        message = _worded(due) if leaders and at_work else None
        if message is None:
            results[due.pk] = (DueState.CANCELLED, Reason.STOPPED if leaders else Reason.NOBODY)
        else:
            queue(message, occurrence=due.key, users=leaders)
    return results


def foresee(dues: Sequence[Due]) -> dict[int, Preview]:
    """To whom the digests of ``dues`` go; what they say is counted on the day."""
    return {due.pk: Preview(None, holders([Role.LEADER], due.area_code)) for due in dues}


def _worded(due: Due) -> messages.DailyDigest | None:
    """The digest of a street as things stand; None if nothing is late or due."""
    running = Stage.objects.running().filter(area_code__startswith=due.area_code, paused_at__isnull=True)
    late = running.late().order_by("due_at")
    tomorrow = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    today = running.filter(due_at__lte=tomorrow).exclude(pk__in=late.values("pk")).count()
    count = late.count()
    more = _more(due)
    if not count and not today and not more:
        return None
    worst = " ".join(late.values_list("label", flat=True)[:WORST])
    return messages.digest(
        street=due.label,
        code=due.area_code,
        late=count,
        today=today,
        worst=worst,
        more=more,
        url="/admin/due/?tab=late",
    )


def _more(due: Due) -> list[Line]:
    """What is new since the working day before, and what waits for the leaders themselves."""
    cal, before = calendar(), timezone.localtime(due.due_at) - timedelta(days=1)
    while not cal.is_working(before.date()):
        before -= timedelta(days=1)
    period = Period(due.area_code, before, due.due_at)
    return [one for lines in contributions("digest.daily") for one in lines(period)]


GRACE = timedelta(hours=9)
register_kind(DueKind(DIGEST, label=messages.DIGEST_LABEL, handle=send_digests, grace=GRACE, preview=foresee))
