"""A need of which its resident has heard nothing for days: they are told that nobody has forgotten it, once a silence.

A silence begins with the last line of the history that the resident reads, and ends with the next one. How many
working days it may last is a setting of the street's alliance (``Alliance.quiet_days``); 0: nothing is sent. While
something is waited for from the resident, and once the need is done, nobody is silent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db.models import CharField, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deadlines.kinds import DueKind, Results
from deadlines.models import Due
from deadlines.services.calendar import calendar
from deadlines.services.dues import NewDue, add_dues
from deadlines.services.retention import KEPT
from deadlines.states import DueState, Reason
from deadlines.worktime import Calendar
from members.models import Alliance
from needs.messages.silence import NeedStillOpen
from needs.messages.triage import for_resident
from needs.models import Need, NeedEvent
from needs.services.daylight import by_daylight
from needs.services.hands import account_of
from needs.services.limits import subject_of
from needs.states import OPEN_STATES, Audience
from notifications.services import queue

QUIET = "needs.quiet"
USUAL = Alliance._meta.get_field("quiet_days").get_default
MOST = 2000
"""In one go; the next hour finds the rest."""


def quiet_days_by_street() -> dict[str, int]:
    """Of streets that have an alliance of their own; all others take the usual number."""
    rows = Alliance.objects.filter(parent__isnull=True).order_by("-pk")
    return dict(rows.values_list("street_code", "quiet_days"))


def plan_lines() -> int:
    """Put a line on the list for every need that is silent by today; returns for how many.

    One that is there already, of the same silence, is not added again; on a day off nothing is.
    """
    cal, today = calendar(), timezone.localdate()
    if not cal.is_working(today):
        return 0
    streets = quiet_days_by_street()
    found = 0
    for days in {USUAL(), *streets.values()} - {0}:
        found += _plan(_silent(days, streets, _since(cal, today, days)), cal.opening(today))
    return found


def _since(cal: Calendar, today: date, days: int) -> datetime:
    """Whoever heard something from then on has not been without news for ``days`` working days, today among them."""
    first = cal.next_working(today, 1 - days) if days > 1 else today
    return timezone.make_aware(datetime.combine(first, time()))


def _silent(days: int, streets: Mapping[str, int], since: datetime) -> QuerySet[Any, Any]:
    """Open needs of the streets with ``days`` of which nothing was heard since: key, number, area, last line."""
    here = [code for code, own in streets.items() if own == days]
    mine = Q(street_code__in=here) | (~Q(street_code__in=list(streets)) if days == USUAL() else Q(pk__in=[]))
    heard = NeedEvent.objects.filter(need=OuterRef("pk"), audience=Audience.RESIDENT)
    key = Concat(Value(f"{QUIET}:"), OuterRef("pk"), Value(":"), OuterRef("last"), output_field=CharField())
    rows = Need.objects.filter(mine, state__in=OPEN_STATES, waiting_since__isnull=True, created_at__lt=since)
    # Of a silence as long as the list remembers nobody knows whether it was broken: it is left alone.
    rows = rows.filter(~Exists(heard.filter(at__gte=since)), Exists(heard.filter(at__gt=timezone.now() - KEPT)))
    last = heard.values("need").annotate(last=Max("pk")).values("last")
    return (
        rows.annotate(last=Subquery(last))
        .filter(~Exists(Due.objects.filter(key=key)))
        .values("pk", "number", "area_id", "last")
    )


def _plan(rows: QuerySet[Any, Any], opening: datetime) -> int:
    at = opening if opening > timezone.now() else None
    dues = [
        NewDue(
            kind=QUIET,
            subject=f"need:{row['pk']}",
            due_at=at,
            key=f"{QUIET}:{row['pk']}:{row['last']}",
            label=row["number"],
            area_code=row["area_id"],
            params={"after": row["last"]},
        )
        for row in rows.order_by("pk")[:MOST]
    ]
    return add_dues(dues)


def break_silences(dues: Sequence[Due]) -> Results:
    """Tell the residents; whoever has heard something meanwhile, is asked something, or whose need is done is not."""
    needs, streets = _locked(dues), quiet_days_by_street()
    results: dict[int, tuple[DueState, str]] = {}
    for due in dues:
        need = needs.get(due.subject)
        if need is None or not streets.get(need.street_code, USUAL()) or not _still_silent(need, due):
            results[due.pk] = (DueState.CANCELLED, Reason.STOPPED)
            continue
        queue(
            for_resident(NeedStillOpen, need),
            occurrence=f"{need.number}:{due.params['after']}",
            users=account_of(need),
            phones=[need.contact_phone],
            not_before=by_daylight(),
        )
    return results


def _still_silent(need: Need, due: Due) -> bool:
    last = need.events.filter(audience=Audience.RESIDENT).aggregate(last=Max("pk"))["last"]
    return need.state in OPEN_STATES and need.waiting_since is None and last == due.params["after"]


def _locked(dues: Sequence[Due]) -> dict[str, Need]:
    """The needs of ``dues`` by subject, locked before the dues are, as every service here does."""
    keys = [int(due.subject.partition(":")[2]) for due in dues]
    rows = Need.objects.filter(pk__in=keys).select_related("area__parent").order_by("pk")
    return {subject_of(need): need for need in rows.select_for_update(of=("self",), no_key=True)}


DUES = (DueKind(QUIET, label=_("告诉居民还在办"), handle=break_silences),)
