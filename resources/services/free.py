"""Several resources at a time, or one over several days: a fixed number of statements, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Text
from members.models import MemberUnit
from people.models import User
from resources.models import Closure, Hold, Mode, Opening, Resource
from resources.reach import Reach, reach_of, reaches_of
from resources.services import hours
from resources.services.clashes import Mine, clash, nobody
from resources.services.hours import Day
from resources.services.refusals import Wanted, not_for, pauses_of, unusable, wrong_time
from resources.states import Form


def days_of(resource: Resource, first: date, number: int) -> list[Day]:
    """``number`` days from ``first`` on: open, taken and free; what ``hours.free_on`` says of each."""
    last = first + timedelta(days=number - 1)
    reach = reach_of(resource)
    closures = _closures([reach], first, last)
    week = hours.weekly(resource)
    span = hours.around(resource, first, number)
    held = list(Hold.objects.filter(resource__in=reach.held, live=True, during__overlap=span))
    found = []
    for day in (first + timedelta(days=n) for n in range(number)):
        opened = hours.day_of(day, week, _closed(reach, day, closures))
        found.append(hours.with_taken(opened, held, resource))
    return found


def days_of_many(
    resources: Sequence[Resource], day: date, reaches: Mapping[int, Reach] | None = None
) -> dict[int, Day]:
    """By resource: when it is open on ``day``. For lists; says nothing of what is taken."""
    return {pk: days[0] for pk, days in days_of_each(resources, day, 1, reaches).items()}


def days_of_each(
    resources: Sequence[Resource], first: date, number: int, reaches: Mapping[int, Reach] | None = None
) -> dict[int, list[Day]]:
    """As ``days_of_many``, of ``number`` days from ``first`` on."""
    reaches, weeks = reaches or _reaches(resources), _weeks(resources)
    days = [first + timedelta(days=n) for n in range(number)]
    closures = _closures(reaches.values(), days[0], days[-1])
    return {
        row.pk: [hours.day_of(day, weeks[row.pk], _closed(reaches[row.pk], day, closures)) for day in days]
        for row in resources
    }


def obstacles(
    rows: Sequence[Resource],
    starts: datetime,
    ends: datetime,
    people: int | None = None,
    *,
    by: User | None = None,
    unit: MemberUnit | None = None,
) -> dict[int, Text]:
    """By resource that cannot be had from ``starts`` until before ``ends``: why. Those that can are not in it.

    With ``by`` it is asked for ``unit``, or without one for ``by`` in person; not what hangs on the office for which
    somebody works. For a list to choose from; ``book`` decides on the locked rows. The times are within five years.
    """
    day, last = timezone.localdate(starts), timezone.localdate(ends - timedelta(microseconds=1))
    reaches, weeks = reaches_of(rows), _weeks(rows)
    closures = _closures(reaches.values(), day, last)
    given = set(Resource.objects.given().filter(pk__in=reaches).values_list("pk", flat=True))
    held = _held(reaches.values(), starts - timedelta(hours=4), ends + timedelta(hours=4))
    modes = set(Mode.objects.filter(emergency=True).values_list("street", flat=True))
    pauses = pauses_of(by, unit.pk if unit else None) if by else {}
    mine = _mine(by, unit)
    found: dict[int, Text] = {}
    for row in rows:
        reach = reaches[row.pk]
        why = unusable(reach, given=row.pk in given) or _unsuited(reach, Wanted(starts, ends), people, modes)
        why = why or (not_for(row, by, unit, pauses) if by else None)
        why = why or _shut(reach, (day, last), (starts, ends), weeks[row.pk], closures)
        why = why or _taken(row, reach.held, held, (starts, ends), mine)
        if why:
            found[row.pk] = why
    return found


def _unsuited(reach: Reach, wanted: Wanted, people: int | None, modes: Collection[str]) -> Text | None:
    row = reach.row
    if people and row.capacity and people > row.capacity:
        return _("最多容纳%(n)d人") % {"n": row.capacity}
    if reach.is_reserved and row.street_code in modes:
        return _("现在是战时，由街道统一安排")
    return wrong_time(reach, wanted)


def _shut(
    reach: Reach,
    days: tuple[date, date],
    span: tuple[datetime, datetime],
    week: Sequence[Opening],
    closures: Sequence[Closure],
) -> Text | None:
    for day in dict.fromkeys(days):
        opened = hours.day_of(day, week, _closed(reach, day, closures))
        if opened.closed_why is not None:
            return _("那天关门：%(why)s") % {"why": opened.closed_why} if opened.closed_why else _("那天关门")
        if not opened.open:
            return _("那天不开放")
        if reach.row.kind.form == Form.PIECES:
            continue
        begin = hours.start_of(day)
        first, last = ((moment - begin).total_seconds() / 60 for moment in span)
        if not any(opens <= first and last <= closes for opens, closes in opened.open):
            return _("不在开放时间里")
    return None


def _mine(by: User | None, unit: MemberUnit | None) -> Mine:
    if by is None:
        return nobody
    return lambda one: one.unit_id == unit.pk if unit else one.person_id == by.pk


def _taken(row: Resource, leaves: Iterable[int], held: Any, span: tuple[datetime, datetime], mine: Mine) -> Text | None:
    edge = timedelta(minutes=row.buffer_minutes)
    lower, upper = span[0] - edge, span[1] + edge
    for leaf in leaves:
        there = [hold for hold in held[leaf] if hold.during.lower < upper and hold.during.upper > lower]
        most = max(
            (sum(h.quantity for h in there if max(one.during.lower, lower) in h.during) for one in there), default=0
        )
        if row.kind.form == Form.SPACE and there:
            return clash(row, there, span, mine) or _("这个时间有人约了")
        if row.kind.form != Form.SPACE and most >= row.quantity:
            return _("这段时间都约出去了")
    return None


def _held(reaches: Iterable[Reach], begin: datetime, end: datetime) -> dict[int, list[Hold]]:
    every = {leaf for reach in reaches for leaf in reach.held}
    held = defaultdict(list)
    rows = Hold.objects.filter(resource__in=every, live=True, during__overlap=(begin, end))
    for hold in rows.select_related("booking__resource"):
        held[hold.resource_id].append(hold)
    return held


def _reaches(rows: Sequence[Resource]) -> dict[int, Reach]:
    """Of each; where one just walks in there is nothing to look up."""
    booked = reaches_of([row for row in rows if row.kind.form != Form.WALK_IN])
    return {row.pk: booked.get(row.pk) or Reach(row, leaves=(row,)) for row in rows}


def _closures(reaches: Iterable[Reach], first: date, last: date) -> list[Closure]:
    keys = {key for reach in reaches for key in reach.keys}
    return list(Closure.objects.filter(resource__in=keys, starts_on__lte=last, ends_on__gte=first))


def _closed(reach: Reach, day: date, closures: Iterable[Closure]) -> Closure | None:
    mine = (one for one in closures if one.resource_id in reach.keys and one.covers(day))
    return next(mine, None)


def _weeks(rows: Sequence[Resource]) -> dict[int, list[Opening]]:
    """By resource: its hours of the week, else those of the station it lies in."""
    keys = {key for row in rows for key in (row.pk, row.within_id) if key}
    found = defaultdict(list)
    for opening in Opening.objects.filter(Q(resource__in=keys)).order_by("weekday", "opens"):
        found[opening.resource_id].append(opening)
    return {row.pk: found[row.pk] or (found[row.within_id] if row.within_id else []) for row in rows}
