"""Activities in the calendar of a year."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import ExtractMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.year import HERE, Tally, bounds
from volunteers.models import Slot
from volunteers.states import ActivityState

SHOWN = (ActivityState.PUBLISHED, ActivityState.DONE)


def tallies(codes: Collection[str], year: int) -> Iterator[Tally]:
    """Days of published activities that were not called off."""
    first, after = bounds(year)
    rows = Slot.objects.filter(activity__area__in=codes, activity__state__in=SHOWN, called_off_at__isnull=True)
    rows = rows.filter(starts__gte=first, starts__lt=after)
    by_month: Any = rows.annotate(month=ExtractMonth("starts", tzinfo=HERE))
    over = Q(ends__lte=timezone.now())
    found = by_month.values("activity__area", "activity__kind", "month").order_by()
    for one in found.annotate(held=Count("pk", filter=over), planned=Count("pk", filter=~over)):
        yield Tally(
            key="activities",
            label=_("活动"),
            area=one["activity__area"],
            month=one["month"],
            held=one["held"],
            planned=one["planned"],
            sort=one["activity__kind"],
        )
