"""Meetings in the calendar of a year."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import ExtractMonth
from django.utils.translation import gettext_lazy as _

from alliance.lib.year import HERE, Tally, bounds
from meetings.models import Meeting
from meetings.states import AHEAD, MeetingState


def tallies(codes: Collection[str], year: int) -> Iterator[Tally]:
    """Meetings that were held or stand in the calendar. A meeting of offices and units is no activity for residents: a
    month with nothing else stays a gap."""
    first, after = bounds(year)
    rows = Meeting.objects.filter(area__in=codes, starts__gte=first, starts__lt=after)
    by_month: Any = rows.exclude(state=MeetingState.CALLED_OFF).annotate(month=ExtractMonth("starts", tzinfo=HERE))
    ahead = Q(state__in=AHEAD)
    found = by_month.values("area", "kind", "month").order_by()
    for one in found.annotate(held=Count("pk", filter=~ahead), planned=Count("pk", filter=ahead)):
        yield Tally(
            key="meetings",
            label=_("会议"),
            area=one["area"],
            month=one["month"],
            held=one["held"],
            planned=one["planned"],
            sort=one["kind"],
            fills=False,
        )
