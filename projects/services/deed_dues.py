"""The monthly report of a published livelihood item falls due on the 25th; whoever is responsible is reminded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.services.people import by_daylight
from deadlines.kinds import DueKind
from deadlines.models import Due
from deadlines.services.dues import NewDue, add_dues
from deadlines.states import DueState, Reason
from notifications.services import queue
from people.models import User
from people.querysets import STREET_LENGTH
from people.services.accounts import holders
from projects import messages_deeds as messages
from projects.models import Deed, DeedReport
from projects.permissions import APPROVERS
from projects.services.people import liaisons_of
from projects.states import DeedState

MONTHLY = "projects.deed_report"
ON_DAY = 25


def remind_monthly(deed: Deed, after: date | None = None) -> None:
    """Put the next 25th after ``after`` (today) on the list."""
    day = after or timezone.localdate()
    when = day.replace(day=ON_DAY)
    if when <= day:
        when = (when.replace(day=1) + timedelta(days=32)).replace(day=ON_DAY)
    at = timezone.make_aware(datetime.combine(when, time(9)))
    key = f"{MONTHLY}:{deed.pk}:{when:%Y-%m}"
    add_dues([NewDue(MONTHLY, deed.subject, at, key, label=deed.number, area_code=deed.area_id)])


def months_to_report(deed: Deed, today: date) -> list[date]:
    """Months of the item's year that have begun by ``today``, the newest first: for these it can be reported."""
    last = min(today, date(deed.year, 12, 1))
    return [date(deed.year, number, 1) for number in range(last.month, 0, -1)] if last.year == deed.year else []


def month_missing(deed: Deed, reported: Iterable[date], since: date | None, today: date) -> date | None:
    """The newest month of a published item that should have been reported by ``today`` and was not; None: nothing
    is missing. ``reported``: first days of months; ``since``: when it was published, for before that nothing falls due.
    """
    if deed.state != DeedState.PUBLISHED or since is None:
        return None
    last = max(reported, default=date.min)
    due = [month for month in months_to_report(deed, today) if since <= month.replace(day=ON_DAY) < today]
    return due[0] if due and due[0] > last else None


def responsible(deed: Deed) -> list[User]:
    """The unit's liaisons; of the office's own, or of a unit for which nobody speaks, whoever proposed it; where they
    have gone, whoever looks after the street's items."""
    found = liaisons_of([deed.unit_id]) if deed.unit_id is not None else []
    own = [deed.proposed_by] if deed.proposed_by and deed.proposed_by.is_active else []
    return found or own or holders(APPROVERS, deed.area_id[:STREET_LENGTH])


def remind(dues: Sequence[Due]) -> Mapping[int, tuple[DueState, str]]:
    """Who has not reported this month is asked to; the next month follows, as long as it is not cleared."""
    keys = {int(due.subject.partition(":")[2]) for due in dues}
    rows = Deed.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True)
    deeds = {row.pk: row for row in rows}
    ended: dict[int, tuple[DueState, str]] = {}
    for due in dues:
        deed = deeds.get(int(due.subject.partition(":")[2]))
        if deed is None or deed.state != DeedState.PUBLISHED:
            ended[due.pk] = (DueState.CANCELLED, Reason.STOPPED)
            continue
        month = timezone.localdate(due.due_at).replace(day=1)
        if month.year > deed.year:  # its year is over: there is nothing more to report
            ended[due.pk] = (DueState.CANCELLED, Reason.STOPPED)
            continue
        open_ = month in months_to_report(deed, month)
        if open_ and not DeedReport.objects.filter(deed=deed, month__gte=month).exists():
            mark = f"deed:{deed.pk}:{month:%Y-%m}"
            queue(
                messages.of_deed(messages.DeedToReport, deed),
                occurrence=mark,
                users=responsible(deed),
                not_before=by_daylight(),
            )
        remind_monthly(deed, max(month.replace(day=ON_DAY), timezone.localdate()))
    return ended


KINDS = (DueKind(MONTHLY, label=_("提醒报民生实事进度"), handle=remind, grace=timedelta(days=20)),)
