"""What residents answered, as sums: the only way in which those who handle needs read answers.

A sum of few, or one that moves by one, tells what a single person said. So an area's answers are numbered from its
first one, whatever is asked for, and count in fives: nothing is shown below five, the figures move when five more have
come, and five leave them together, when the last of them is too old.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from needs.models import Answer
from needs.querysets import seen_areas
from needs.states import Outcome
from people.models import Area, User
from people.states import Level

BATCH = 5
WITHIN = timedelta(days=90)


@dataclass(frozen=True)
class Figures:
    """The answers of one area. ``n`` is 0, and all the rest with it, where there are fewer than five."""

    area: str
    name: str
    n: int = 0
    solved: int = 0
    partly: int = 0
    unsolved: int = 0
    silent: int = 0

    @property
    def shown(self) -> bool:
        return self.n > 0


def answer_figures(areas: Iterable[Area], since: datetime) -> list[Figures]:
    """The answers since ``since`` in each of ``areas``, in their order: whole fives whose last answer is no older."""
    wanted = list(areas)
    counts = _in_fives([area.code for area in wanted], since)
    return [
        Figures(
            area.code,
            area.name,
            n=counts[area.code].total(),
            solved=counts[area.code][Outcome.SOLVED],
            partly=counts[area.code][Outcome.PARTLY],
            unsolved=counts[area.code][Outcome.UNSOLVED],
            silent=counts[area.code][Outcome.SILENT],
        )
        for area in wanted
    ]


def _in_fives(codes: list[str], since: datetime) -> dict[str, Counter[str]]:
    placed = Answer.objects.filter(area_id__in=codes).annotate(
        place=Window(RowNumber(), partition_by="area_id", order_by=["at", "id"]),
        of_area=Window(Count("pk"), partition_by="area_id"),
        older=Window(Count("pk", filter=Q(at__lt=since)), partition_by="area_id"),
    )
    whole = placed.filter(place__gt=F("older") - F("older") % BATCH, place__lte=F("of_area") - F("of_area") % BATCH)
    rows = Answer.objects.filter(pk__in=whole.values("pk")).order_by().values_list("area_id", "outcome")
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for area, outcome, n in rows.annotate(n=Count("pk")):
        found[area][outcome] = n
    return found


def figures_for(user: User) -> list[Figures]:
    """The last 90 days in the streets and communities in which ``user`` works."""
    codes = seen_areas(user)
    if not codes:
        return []
    levels = [Level.STREET, Level.COMMUNITY]
    areas = [
        area
        for area in Area.objects.served().filter(level__in=levels).order_by("code")
        if any(area.code.startswith(code) for code in codes)
    ]
    return answer_figures(areas, timezone.now() - WITHIN)
