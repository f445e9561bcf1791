"""Offer something, claim it, bring it, confirm it."""

from claims.services.claiming import claim_offer
from claims.services.moving import end_of_day
from claims.services.offers import (
    hold_offer,
    hold_offer_of,
    hold_offers,
    lock_with_offer,
    publish_offer,
    reopen_offer,
    withdraw_offer,
)
from claims.services.people import claimers, units_for
from claims.services.steps import confirm, deliver, not_there, photos_of, release_claim, return_claim, send

__all__ = [
    "claim_offer",
    "claimers",
    "confirm",
    "deliver",
    "end_of_day",
    "hold_offer",
    "hold_offer_of",
    "hold_offers",
    "lock_with_offer",
    "not_there",
    "photos_of",
    "publish_offer",
    "release_claim",
    "reopen_offer",
    "return_claim",
    "send",
    "units_for",
    "withdraw_offer",
]
