"""In whose hands an errand is, since when and until when: one answer, which every page puts into words of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from claims.models import Claim, Offer
from claims.states import ON_THE_WAY, ClaimState
from needs.services import errand_confirm


class Turn(StrEnum):
    """Whose turn it is. Once it is said to be there, the resident's: the community may say so for them."""

    TAKER = "taker"
    RUNNER = "runner"
    RESIDENT = "resident"
    NOBODY = "nobody"


@dataclass(frozen=True)
class ErrandHand:
    """``until`` is None where no moment was agreed; once it is there, when the community says so for the resident."""

    turn: Turn
    since: datetime
    until: datetime | None = None


def errand_hand(offer: Offer, claim: Claim | None, confirm_by: Mapping[int, datetime] | None = None) -> ErrandHand:
    """``claim``: whoever has the errand behind ``offer`` now, or who brought it; None: nobody has taken it.

    ``confirm_by``: as ``errand_confirm.confirm_by`` has it, for lists.
    """
    if claim is not None and claim.state == ClaimState.AWAITING:
        known = errand_confirm.confirm_by([claim]) if confirm_by is None else confirm_by
        return ErrandHand(Turn.RESIDENT, claim.delivered_at or claim.claimed_at, known.get(claim.pk))
    if claim is not None and claim.state in ON_THE_WAY:
        return ErrandHand(Turn.RUNNER, claim.held_since, claim.deliver_by or offer.closes_at)
    if claim is not None:
        return ErrandHand(Turn.NOBODY, claim.delivered_at or claim.ended_at or claim.claimed_at)
    if offer.ended_at is not None:
        return ErrandHand(Turn.NOBODY, offer.ended_at)
    return ErrandHand(Turn.TAKER, offer.waits_since, offer.closes_at)
