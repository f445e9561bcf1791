"""What stands around the wishes of one page, read once for all of them: claims, who approves, running limits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from claims.models import Claim
from claims.states import ClaimState
from deadlines.models import Stage
from deadlines.services.calendar import calendar
from deadlines.worktime import Calendar
from needs import wish_selectors
from needs.models import Wish
from needs.services import errand_confirm
from needs.services.wish_limits import brought_subject, subject_of
from needs.states.wish import APPROVE_WAIT, CONFIRM_WAIT, VERIFY_WAIT, WishState


@dataclass(frozen=True)
class WishAround:
    """For the wishes of one page: the working calendar, the moment, their claims, those about which the street decides,
    the limits of what waits.
    """

    cal: Calendar
    now: datetime
    claims: Mapping[int, Sequence[Claim]]
    at_street: Collection[int]
    stages: Mapping[str, Stage]

    def claims_of(self, wish: Wish) -> Sequence[Claim]:
        """Claims of ``wish`` in hand and done, the newest first."""
        return self.claims.get(wish.offer_id or 0, ())

    def wait(self, wish: Wish) -> Stage | None:
        """The limit until it is verified, or decided."""
        return self.stages.get(subject_of(wish))

    def to_confirm(self, wish: Wish) -> Stage | None:
        """The first limit to end of what was brought and waits to be confirmed."""
        keys = [brought_subject(claim.pk) for claim in self.claims_of(wish) if claim.state == ClaimState.AWAITING]
        return min((self.stages[key] for key in keys if key in self.stages), key=lambda one: one.due_at, default=None)


def confirm_days(claims: Iterable[Claim]) -> dict[int, date]:
    """By claim of a wish or an errand that waits for it: the day before which the community says whether it is there.
    One query, and none where nothing waits.
    """
    waiting = [claim.pk for claim in claims if claim.state == ClaimState.AWAITING]
    keys = {name(pk): pk for pk in waiting for name in (brought_subject, errand_confirm.brought_subject)}
    kinds = (CONFIRM_WAIT, errand_confirm.ERRAND_CONFIRM)
    stages = Stage.objects.running().filter(subject__in=list(keys), kind__in=kinds) if keys else ()
    return {keys[stage.subject]: stage.due_on for stage in stages}


def wish_around(wishes: Sequence[Wish]) -> WishAround:
    """What the rows of ``wishes`` read, in four statements at most however many they are."""
    claims = wish_selectors.claims_of(wishes)
    brought = [claim.pk for own in claims.values() for claim in own if claim.state == ClaimState.AWAITING]
    waiting = [wish for wish in wishes if wish.state == WishState.TO_VERIFY]
    subjects = [*map(subject_of, waiting), *map(brought_subject, brought)]
    kinds = (VERIFY_WAIT, APPROVE_WAIT, CONFIRM_WAIT)
    stages = Stage.objects.running().filter(subject__in=subjects, kind__in=kinds) if subjects else ()
    return WishAround(
        calendar(),
        timezone.now(),
        claims,
        wish_selectors.for_street(wish.pk for wish in waiting if wish.verified_by_id),
        {stage.subject: stage for stage in stages},
    )
