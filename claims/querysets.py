"""Who sees which offers and claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliance.lib.locking import LockingQuerySet

if TYPE_CHECKING:
    from claims.models import Claim, Offer  # noqa: F401 (named in strings below)


class OfferQuerySet(LockingQuerySet["Offer"]):
    """Offers as one person sees them."""


class ClaimQuerySet(LockingQuerySet["Claim"]):
    """Claims as one person sees them."""
