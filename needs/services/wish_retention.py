"""How long a household stays with its wish: a year after the end, or until the need it came from is forgotten. What was
never published is kept a year from when it was registered.

Source of the rule: the privacy notice (PIPL 19, 47). What was wished for and that it was fulfilled stays.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from claims.states import OfferState
from needs.models import Wish
from needs.querysets import WishQuerySet
from needs.services.wish_limits import decided
from needs.states.wish import WishState

KEEP = timedelta(days=365)
BATCH = 200


def forget_households() -> int:
    """Empty names, circumstances and phones of wishes that are over; returns how many.

    In batches of 200, each its own transaction; rows somebody holds are left for the next time. Running it twice
    changes nothing more.
    """
    done = 0
    while batch := _forget_some():
        done += batch
    return done


def _over() -> WishQuerySet:
    """Nobody can take or bring them any more, and the year has passed or the person asked to be forgotten; what waits
    to be verified is over a year after it was registered.
    """
    limit = timezone.now() - KEEP
    over = Q(state__in=[WishState.REJECTED, WishState.WITHDRAWN]) | Q(offer__state=OfferState.CLOSED)
    waiting = Q(state=WishState.TO_VERIFY)
    ended = Coalesce("offer__ended_at", "decided_at", "verified_at", "created_at")
    rows = Wish.objects.filter(over | waiting, forgotten_at__isnull=True).annotate(over_since=ended)
    waited = waiting & Q(created_at__lt=limit)
    forgotten = Q(need__isnull=False, need__phone_index="")
    return rows.filter(forgotten | Q(over_since__lt=limit) | waited).order_by("created_at")


@transaction.atomic
def _forget_some() -> int:
    rows = list(_over().select_for_update(of=("self",), no_key=True, skip_locked=True)[:BATCH])
    for wish in rows:
        wish.beneficiary = wish.household = wish.phone = ""
        wish.forgotten_at = timezone.now()
        if wish.state == WishState.TO_VERIFY:
            decided(wish, void=True)
    Wish.objects.bulk_update(rows, ["beneficiary", "household", "phone", "forgotten_at"])
    return len(rows)
