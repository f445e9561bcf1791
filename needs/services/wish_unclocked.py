"""Wishes that wait without a limit: those from before their waits had any."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from claims.models import Claim
from claims.querysets import ClaimQuerySet
from claims.services.offers import hold_offer
from claims.states import ClaimState
from deadlines.models import Stage
from needs.models import Wish
from needs.querysets import WishQuerySet
from needs.services.wish_following import OFFER_KIND, wish_of
from needs.services.wish_limits import await_approval, await_confirmation, await_verifying
from needs.states.wish import APPROVE_WAIT, CONFIRM_WAIT, VERIFY_WAIT

PORTION = 500


def start_missing_wish_clocks() -> int:
    """Start the limits of wishes that wait to be verified, for a yes, or to be confirmed, and have none; returns how
    many.

    They count from when the wait began; reminders begin with the present moment. A wish in somebody's hands just now
    is left for the next time. Three queries where nothing is missing.
    """
    started = sum(_start_some(kind) for kind in (VERIFY_WAIT, APPROVE_WAIT))
    return started + sum(_start_one(pk, offer) for pk, offer in _brought().values_list("pk", "offer_id")[:PORTION])


def _without(kind: str, prefix: str) -> Any:
    subject = Concat(Value(prefix), Cast(OuterRef("pk"), CharField()))
    return ~Exists(Stage.objects.running().filter(subject=subject, kind=kind))


def _waiting(kind: str) -> WishQuerySet:
    rows = Wish.objects.to_verify() if kind == VERIFY_WAIT else Wish.objects.to_approve()
    return rows.filter(_without(kind, "wish:"), forgotten_at__isnull=True)


def _brought() -> ClaimQuerySet:
    rows = Claim.objects.filter(state=ClaimState.AWAITING, offer__kind=OFFER_KIND)
    return rows.filter(_without(CONFIRM_WAIT, "wish_claim:"))


@transaction.atomic
def _start_some(kind: str) -> int:
    rows = _waiting(kind).select_related("area").order_by("pk")
    wishes = list(rows.select_for_update(of=("self",), no_key=True, skip_locked=True)[:PORTION])
    for wish in wishes:
        if kind == VERIFY_WAIT:
            await_verifying(wish, at=wish.created_at, lay_out_from=timezone.now())
        else:
            await_approval(wish, at=wish.verified_at, lay_out_from=timezone.now())
    return len(wishes)


@transaction.atomic
def _start_one(pk: int, offer_id: int) -> int:
    offer = hold_offer(offer_id)
    claim = Claim.objects.locked(pk)
    wish = wish_of(offer)
    if wish is None or claim.state != ClaimState.AWAITING:
        return 0
    await_confirmation(wish, claim, lay_out_from=timezone.now())
    return 1
