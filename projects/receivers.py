"""What projects hear from below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from claims.models import Claim, Offer
from claims.signals import claim_moved
from people.models import User
from projects.services import project_offers


@receiver(claim_moved, dispatch_uid="projects.claim_moved")
def claim_of_a_project_moved(
    sender: Any, claim: Claim, offer: Offer, verb: str, by: User | None, note: str = "", **kwargs: Any
) -> None:
    if offer.kind == project_offers.OFFER_KIND:
        project_offers.claim_has_moved(claim=claim, offer=offer, verb=verb, by=by, note=note)
