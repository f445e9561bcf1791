"""Where one goes on with what is offered or in hand: an errand, a wish and a project have pages of their own."""

from __future__ import annotations

from django.urls import reverse

from claims.models import Claim, Offer
from needs.services.errand_ends import KIND as ERRAND
from projects.services.project_offers import OFFER_KIND as PROJECT

PAGES = {ERRAND: "desk:errand", PROJECT: "desk:project_offer"}


def offer_url(offer: Offer) -> str:
    """Where one may take it."""
    return reverse(PAGES.get(offer.kind, "desk:offer"), args=[offer.pk])


def claim_url(claim: Claim) -> str:
    """Where one goes on with it; a project's own page follows from what is on offer of it."""
    return offer_url(claim.offer) if claim.offer.kind == PROJECT else reverse("desk:claim", args=[claim.pk])
