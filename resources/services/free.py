"""Several resources at a time, or one over several days: a fixed number of statements, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Text
from resources.models import Closure, Hold, Mode, Opening, Part, Resource
from resources.services import hours
from resources.services.hours import Day
from resources.services.refusals import Wanted, wrong_time
from resources.states import Form

NOBODY_ASKS = _("这里不用预约，开放时间直接去就行。")


def days_of(resource: Resource, first: date, number: int) -> list[Day]:
    """``number`` days from ``first`` on: open, taken and free; what ``hours.free_on`` says of each."""
    last = first + timedelta(days=number - 1)
    closures = _closures([resource], first, last)
    week = hours.weekly(resource)
    leaves = hours.leaves(resource)
    begin, end = hours.start_of(first), hours.start_of(last + timedelta(days=1))
    held = list(Hold.objects.filter(resource__in=leaves, live=True, during__overlap=(begin, end)))
    found = []
    for day in (first + timedelta(days=n) for n in range(number)):
        opened = hours.day_of(day, week, _closed(resource, day, closures))
        found.append(hours.with_taken(opened, held, resource.quantity))
    return found


def days_of_many(resources: Sequence[Resource], day: date) -> dict[int, Day]:
    """By resource: when it is open on ``day``. For lists; says nothing of what is taken."""
    closures, weeks = _closures(resources, day, day), _weeks(resources)
    return {row.pk: hours.day_of(day, weeks[row.pk], _closed(row, day, closures)) for row in resources}


def obstacles(rows: Sequence[Resource], starts: datetime, ends: datetime, people: int | None = None) -> dict[int, Text]:
    """By resource that cannot be had from ``starts`` until before ``ends``: why. Those that can are not in it.

    For a list to choose from; ``book`` decides on the locked rows.
    """
    day, last = timezone.localdate(starts), timezone.localdate(ends - timedelta(microseconds=1))
    closures, weeks = _closures(rows, day, last), _weeks(rows)
    leaves = leaves_of([row.pk for row in rows])
    held = _held(leaves, starts - timedelta(hours=4), ends + timedelta(hours=4))
    modes = set(Mode.objects.filter(emergency=True).values_list("street", flat=True))
    found: dict[int, Text] = {}
    for row in rows:
        why = _unsuited(row, Wanted(starts, ends), people, modes)
        why = why or _shut(row, (day, last), (starts, ends), weeks[row.pk], closures)
        why = why or _taken(row, leaves[row.pk], held, starts, ends)
        if why:
            found[row.pk] = why
    return found


def _unsuited(row: Resource, wanted: Wanted, people: int | None, modes: Collection[str]) -> Text | None:
    if row.kind.form == Form.WALK_IN:
        return NOBODY_ASKS
    if people and row.capacity and people > row.capacity:
        return _("最多容纳%(n)d人") % {"n": row.capacity}
    if row.emergency and row.street_code in modes:
        return _("现在是战时，由街道统一安排")
    return wrong_time(row, wanted)


def _shut(
    row: Resource,
    days: tuple[date, date],
    span: tuple[datetime, datetime],
    week: Sequence[Opening],
    closures: Sequence[Closure],
) -> Text | None:
    for day in dict.fromkeys(days):
        opened = hours.day_of(day, week, _closed(row, day, closures))
        if opened.closed_why is not None:
            return _("那天关门：%(why)s") % {"why": opened.closed_why} if opened.closed_why else _("那天关门")
        if not opened.open:
            return _("那天不开放")
        if row.kind.form == Form.PIECES:
            continue
        begin = hours.start_of(day)
        first, last = ((moment - begin).total_seconds() / 60 for moment in span)
        if not any(opens <= first and last <= closes for opens, closes in opened.open):
            return _("不在开放时间里")
    return None


def _taken(row: Resource, leaves: Iterable[int], held: Any, starts: datetime, ends: datetime) -> Text | None:
    edge = timedelta(minutes=row.buffer_minutes)
    lower, upper = starts - edge, ends + edge
    for leaf in leaves:
        there = [hold for hold in held[leaf] if hold.during.lower < upper and hold.during.upper > lower]
        most = max(
            (sum(h.quantity for h in there if max(one.during.lower, lower) in h.during) for one in there), default=0
        )
        if row.kind.form == Form.SPACE and there:
            return _("这个时间有人约了")
        if row.kind.form != Form.SPACE and most >= row.quantity:
            return _("这段时间都约出去了")
    return None


def leaves_of(keys: Collection[int]) -> dict[int, set[int]]:
    """By resource: what is held when it is booked, its parts down to the last or itself."""
    parts: dict[int, set[int]] = {}
    asked, more = set[int](), set(keys)
    while more:
        rows = list(Part.objects.filter(whole__in=more).values_list("whole", "part"))
        asked |= more
        for whole, part in rows:
            parts.setdefault(whole, set()).add(part)
        more = {part for _whole, part in rows} - asked

    def down(key: int) -> set[int]:
        return {leaf for part in parts[key] for leaf in down(part)} if key in parts else {key}

    return {key: down(key) for key in keys}


def _held(leaves: dict[int, set[int]], begin: datetime, end: datetime) -> dict[int, list[Hold]]:
    every = {leaf for found in leaves.values() for leaf in found}
    held = defaultdict(list)
    for hold in Hold.objects.filter(resource__in=every, live=True, during__overlap=(begin, end)):
        held[hold.resource_id].append(hold)
    return held


def _closures(rows: Iterable[Resource], first: date, last: date) -> list[Closure]:
    keys = {key for row in rows for key in (row.pk, row.within_id) if key}
    return list(Closure.objects.filter(resource__in=keys, starts_on__lte=last, ends_on__gte=first))


def _closed(row: Resource, day: date, closures: Iterable[Closure]) -> Closure | None:
    mine = (one for one in closures if one.resource_id in (row.pk, row.within_id) and one.covers(day))
    return next(mine, None)


def _weeks(rows: Sequence[Resource]) -> dict[int, list[Opening]]:
    """By resource: its hours of the week, else those of the station it lies in."""
    keys = {key for row in rows for key in (row.pk, row.within_id) if key}
    found = defaultdict(list)
    for opening in Opening.objects.filter(Q(resource__in=keys)).order_by("weekday", "opens"):
        found[opening.resource_id].append(opening)
    return {row.pk: found[row.pk] or (found[row.within_id] if row.within_id else []) for row in rows}
