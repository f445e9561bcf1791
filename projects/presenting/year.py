"""What agreements and projects promised, in the calendar of a year."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import Count, Q
from django.db.models.functions import Coalesce, ExtractMonth
from django.utils.translation import gettext_lazy as _

from alliance.lib.year import Tally
from projects.models import Milestone
from projects.states import ProjectState


def tallies(codes: Collection[str], year: int) -> Iterator[Tally]:
    """Milestones of projects, those of agreements among them, on the day they were reached or are promised for; what
    a stopped project had not reached is promised no more. A milestone is no activity: a month with nothing else stays a
    gap."""
    rows = Milestone.objects.filter(project__area__in=codes).exclude(project__state=ProjectState.DRAFT)
    rows = rows.exclude(project__state=ProjectState.STOPPED, done_on__isnull=True)
    rows = rows.annotate(on=Coalesce("done_on", "due_on")).filter(on__range=(date(year, 1, 1), date(year, 12, 31)))
    done = Q(done_on__isnull=False)
    found = rows.annotate(month=ExtractMonth("on")).values("project__area", "month").order_by()
    for one in found.annotate(held=Count("pk", filter=done), planned=Count("pk", filter=~done)):
        yield Tally(
            key="milestones",
            label=_("共建节点"),
            area=one["project__area"],
            month=one["month"],
            held=one["held"],
            planned=one["planned"],
            fills=False,
        )
