"""How quickly an errand goes: from the word to the notice, to somebody's hands, to the door.

The street's promise is ten minutes until somebody has it. The clock of the first claim runs as a limit like any other.
The figures are read from the rows themselves, and count what led on: an errand that was taken and given back was not
taken yet for whoever waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Max, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.kinds import OfferKind
from claims.models import Claim, Offer
from claims.states import HOLDING, ClaimState
from deadlines.kinds import StageKind
from deadlines.models import Stage
from deadlines.services.stages import start_stage, stop_stage
from deadlines.states import Audience, Unit
from needs.messages import errands as messages
from needs.models import Errand
from needs.services.hands import first_handlers
from needs.services.limits import lock_needs
from people.models import Area, User
from people.querysets import within

ERRAND_TAKE = "needs.errand_take"
LEAST = 5
"""Figures of fewer errands than this would tell of single people."""
SINCE = timedelta(days=90)
BROUGHT = (ClaimState.AWAITING, ClaimState.COMPLETED)
TAKEN, DELIVERED = Q(state__in=HOLDING), Q(state__in=BROUGHT)
"""A claim that was given back, taken back or ran out did not lead on."""


@dataclass(frozen=True)
class ErrandTimes:
    """The moments of one errand; None: not yet."""

    said_at: datetime
    published_at: datetime
    taken_at: datetime | None
    delivered_at: datetime | None

    @property
    def until_published(self) -> timedelta:
        """From the resident's words to the notice."""
        return self.published_at - self.said_at

    @property
    def until_taken(self) -> timedelta | None:
        """From the notice to the hands that brought it, or have it now."""
        return self.taken_at - self.published_at if self.taken_at else None

    @property
    def until_delivered(self) -> timedelta | None:
        """From those hands to the door."""
        return self.delivered_at - self.taken_at if self.taken_at and self.delivered_at else None


@dataclass(frozen=True)
class ErrandFigures:
    """Medians of the last ninety days; None where fewer than five errands came so far. ``errands``: how many in all."""

    errands: int
    until_published: timedelta | None
    until_taken: timedelta | None
    until_delivered: timedelta | None


def errand_times(errand: Errand) -> ErrandTimes:
    """When it was said, published, taken by whoever brought it or has it now, delivered."""
    found = Claim.objects.filter(offer_id=errand.offer_id).aggregate(
        taken=Min("claimed_at", filter=TAKEN), delivered=Max("delivered_at", filter=DELIVERED)
    )
    return ErrandTimes(errand.need.created_at, errand.published_at, found["taken"], found["delivered"])


def errand_figures(areas: Iterable[str]) -> ErrandFigures:
    """Medians of the errands of ``areas`` (and below) published in the last ninety days."""
    taken, brought = Q(offer__claims__state__in=HOLDING), Q(offer__claims__state__in=BROUGHT)
    rows = (
        Errand.objects.filter(within(areas, area="need__area__code", street="need__street_code"))
        .filter(published_at__gte=timezone.now() - SINCE)
        .annotate(taken_at=Min("offer__claims__claimed_at", filter=taken))
        .annotate(delivered_at=Max("offer__claims__delivered_at", filter=brought))
        .values_list("need__created_at", "published_at", "taken_at", "delivered_at")
    )
    every = [ErrandTimes(*row) for row in rows]
    return ErrandFigures(
        len(every),
        _median([times.until_published for times in every]),
        _median([times.until_taken for times in every]),
        _median([times.until_delivered for times in every]),
    )


def _median(spans: Sequence[timedelta | None]) -> timedelta | None:
    known = [span.total_seconds() for span in spans if span is not None]
    return timedelta(seconds=median(known)) if len(known) >= LEAST else None


def _subject(errand: Errand) -> str:
    return f"errand:{errand.pk}"


def await_taker(errand: Errand) -> None:
    """The clock of the first claim starts."""
    start_stage(kind=ERRAND_TAKE, subject=_subject(errand), holder=errand.by, **messages.stage_of(errand))


def taken(errand: Errand, at: datetime) -> None:
    """Somebody has it: in time or not is a fact now. Later claims find no clock."""
    stop_stage(kind=ERRAND_TAKE, subject=_subject(errand), at=at)


def called_off(errand: Errand) -> None:
    """It ended before anybody took it: nobody was late."""
    stop_stage(kind=ERRAND_TAKE, subject=_subject(errand), void=True)


def _hands(stage: Stage) -> Sequence[User]:
    """Whoever published it, and the community, which knows whom to ask."""
    near = first_handlers(Area.objects.get(pk=stage.area_code))
    return list(dict.fromkeys([*([stage.holder] if stage.holder else []), *near]))


STAGE = StageKind(
    ERRAND_TAKE,
    label=_("跑腿等人接单"),
    amount=10,
    unit=Unit.MINUTES,
    steps=((0, Audience.HANDS),),
    remind=messages.waiting,
    hands=_hands,
    lock=lock_needs,
    units=frozenset({Unit.MINUTES, Unit.HOURS}),
    most=240,
)


def _page(offer: Offer, user: User) -> str:
    return reverse("desk:errand", args=[offer.pk])


ERRANDS = OfferKind("errand", label=_("跑腿"), url=_page)
