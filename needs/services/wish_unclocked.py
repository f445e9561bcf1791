"""Wishes that wait without a limit: those from before their waits had any."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from claims.models import Claim, Offer
from claims.querysets import ClaimQuerySet
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

    They count from when the wait began; reminders begin with the present moment. In portions of 500, each its own
    transaction; a wish or an offer in somebody's hands just now is left for the next time. Three queries where nothing
    is missing.
    """
    started = 0
    for kind in (VERIFY_WAIT, APPROVE_WAIT):
        while portion := _start_some(kind):
            started += portion
    return started + _start_brought()


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
    """How many were really started: what cannot be is not tried over and over."""
    rows = _waiting(kind).select_related("area").order_by("pk")
    wishes = list(rows.select_for_update(of=("self",), no_key=True, skip_locked=True)[:PORTION])
    for wish in wishes:
        if kind == VERIFY_WAIT:
            await_verifying(wish, at=wish.created_at, lay_out_from=timezone.now())
        else:
            await_approval(wish, at=wish.verified_at, lay_out_from=timezone.now())
    left = _waiting(kind).filter(pk__in=[wish.pk for wish in wishes]).count() if wishes else 0
    return len(wishes) - left


def _start_brought() -> int:
    """By the keys of claims, each behind the last: what is skipped is not met again."""
    started, last = 0, 0
    while found := list(_brought().filter(pk__gt=last).order_by("pk").values_list("pk", "offer_id")[:PORTION]):
        started += sum(_start_one(pk, offer) for pk, offer in found)
        last = found[-1][0]
    return started


@transaction.atomic
def _start_one(pk: int, offer_id: int) -> int:
    """1 where it was started. Nobody waits: a locked offer is passed over, and a claim is locked under its offer."""
    offers, claims = Offer.objects.filter(pk=offer_id), _brought().filter(pk=pk)
    offer = offers.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    claim = claims.select_for_update(of=("self",), no_key=True, skip_locked=True).first() if offer else None
    wish = wish_of(offer) if offer and claim else None
    if claim is None or wish is None:
        return 0
    await_confirmation(wish, claim, lay_out_from=timezone.now())
    return 1
