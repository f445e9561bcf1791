"""When a resource is open on a day, and what of that is still free. Minutes of the local day, half open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, Text
from resources.models import Closure, Hold, Opening, Resource
from resources.reach import Reach, reach_of

DAY = 24 * 60
MOST_BUFFER = timedelta(hours=4)
Span = tuple[int, int]
WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


def clock(minute: int) -> str:
    """540 → 09:00; the end of the day is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


@dataclass(frozen=True)
class Day:
    """One day of a resource: ``open`` spans, ``taken`` spans with buffers, why it is closed if it is."""

    day: date
    open: tuple[Span, ...]
    taken: tuple[Span, ...] = ()
    closed_why: str | None = None
    free: tuple[Span, ...] = field(default=())


@transaction.atomic
def set_hours(resource: Resource, spans: Iterable[tuple[int, int, int]]) -> None:
    """Replace the weekly hours by ``spans`` of (weekday 1–7, opens, closes). The caller holds the resource.

    Without any hours a room is open when its station is, and a thing at any time. Raises ``Invalid``, with every day
    that is wrong.
    """
    rows = [Opening(resource=resource, weekday=day, opens=opens, closes=closes) for day, opens, closes in spans]
    ordered = sorted(rows, key=lambda row: (row.weekday, row.opens))
    if wrong := _wrong(ordered):
        raise Invalid({"hours": wrong})
    resource.openings.all().delete()
    Opening.objects.bulk_create(ordered)


def _wrong(ordered: Sequence[Opening]) -> list[Text]:
    """What is wrong with the spans of a week, a sentence for each day."""
    found: dict[int, Text] = {}
    for row in ordered:
        if not (1 <= row.weekday <= 7 and 0 <= row.opens < row.closes <= DAY):
            found[row.weekday] = _("%(day)s：关门要晚于开门，不超过24点。") % {"day": _name(row.weekday)}
    for one, other in pairwise(ordered):
        if one.weekday == other.weekday and other.opens < one.closes:
            found.setdefault(one.weekday, _("%(day)s：两段时间重叠了。") % {"day": _name(one.weekday)})
    return [found[day] for day in sorted(found)]


def _name(weekday: int) -> Text:
    return WEEKDAYS[weekday - 1] if 1 <= weekday <= 7 else str(weekday)


def own_spans(resource: Resource) -> list[list[int]]:
    """Its own hours, as its history keeps them."""
    rows = resource.openings.order_by("weekday", "opens")
    return [list(span) for span in rows.values_list("weekday", "opens", "closes")]


def weekly(resource: Resource) -> list[Opening]:
    """Its hours of the week, else those of the station it lies in; none at all: always open."""
    own = list(resource.openings.all())
    return own if own or resource.within is None else list(resource.within.openings.all())


def open_on(reach: Reach, day: date) -> Day:
    """When it is open on ``day``; closed when something of it is, or the station of that."""
    closed = Closure.objects.filter(resource__in=reach.keys, starts_on__lte=day, ends_on__gte=day).first()
    return day_of(day, () if closed else weekly(reach.row), closed)


def day_of(day: date, week: Sequence[Opening], closed: Closure | None) -> Day:
    """``day`` by the hours of the ``week``; without any, always open."""
    if closed is not None:
        return Day(day, (), closed_why=closed.why)
    if not week:
        return Day(day, ((0, DAY),))
    return Day(day, tuple((row.opens, row.closes) for row in week if row.weekday == day.isoweekday()))


def free_on(resource: Resource, day: date) -> Day:
    """``open_on`` less what live bookings of it, of its wholes and of its parts hold. Of pieces: where all are out."""
    reach = reach_of(resource)
    holds = Hold.objects.filter(resource__in=reach.held, live=True, during__overlap=around(resource, day))
    return with_taken(open_on(reach, day), list(holds), resource)


def around(resource: Resource, first: date, number: int = 1) -> tuple[datetime, datetime]:
    """``number`` days from ``first`` on, with the time before and after in which a booking would be in its way."""
    edge = timedelta(minutes=resource.buffer_minutes)
    return start_of(first) - edge, start_of(first + timedelta(days=number)) + edge


def with_taken(found: Day, holds: Iterable[Hold], resource: Resource) -> Day:
    """``found`` with what ``holds``, of any days, take of it.

    Who comes next needs the time before and after as well: ``free`` begins that much later and ends that much earlier
    than what is taken.
    """
    begin, edge = start_of(found.day), resource.buffer_minutes
    spans = [(_minute(h.during.lower, begin), _minute(h.during.upper, begin), h.quantity) for h in holds]
    full = _full(spans, resource.quantity)
    taken = tuple((max(lower, 0), min(upper, DAY)) for lower, upper in full if lower < DAY and upper > 0)
    kept = [(lower - edge, upper + edge) for lower, upper in full]
    return Day(found.day, found.open, taken, found.closed_why, tuple(_less(found.open, kept)))


def leaves(resource: Resource) -> list[int]:
    """Keys of what is held when it is booked: its parts down to the last, or itself."""
    return sorted(reach_of(resource).held)


def start_of(day: date) -> datetime:
    """Midnight where we are."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _minute(moment: datetime, begin: datetime) -> int:
    return int((moment - begin).total_seconds() // 60)


def _full(spans: Iterable[tuple[int, int, int]], quantity: int) -> list[Span]:
    """Where the sum of ``spans`` reaches ``quantity``, joined."""
    steps: dict[int, int] = {}
    for begin, end, number in spans:
        steps[begin] = steps.get(begin, 0) + number
        steps[end] = steps.get(end, 0) - number
    found: list[Span] = []
    total, since = 0, None
    for minute in sorted(steps):
        total += steps[minute]
        if total >= quantity and since is None:
            since = minute
        elif total < quantity and since is not None:
            found.append((since, minute))
            since = None
    return found


def _less(open_: Iterable[Span], taken: Sequence[Span]) -> list[Span]:
    found = []
    for begin, end in open_:
        at = begin
        for lower, upper in taken:
            if upper <= at or lower >= end:
                continue
            if lower > at:
                found.append((at, lower))
            at = max(at, upper)
        if at < end:
            found.append((at, end))
    return found
