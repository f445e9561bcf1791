"""Who is behind a claim, and which units somebody may claim for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from claims.models import Claim, Offer
from claims.querysets import seated_units
from members.models import Liaison, MemberUnit
from notifications.messages import MessageClass
from notifications.services import queue
from people.models import User

QUIET_FROM, QUIET_UNTIL = 21, 8
"""Hours of the night in which nobody's phone rings."""


def units_for(user: User, offer: Offer) -> list[MemberUnit]:
    """Units that ``user`` may claim ``offer`` for today: seated there, members in its street, not suspended."""
    if not offer.for_units:
        return []
    units = MemberUnit.objects.members_in(offer.street_code).filter(pk__in=seated_units(user))
    return list(units.filter(suspended_at__isnull=True))


def claimers(claim: Claim) -> list[User]:
    """The person, or whoever speaks for the unit today."""
    return claimers_of([claim])[claim.pk]


def claimers_of(claims: Iterable[Claim]) -> dict[int, list[User]]:
    """By claim: the person, or whoever speaks for the unit today. Two queries for all of them."""
    every = list(claims)
    people = User.objects.in_bulk({claim.person_id for claim in every if claim.person_id})
    seats: dict[int, list[User]] = {}
    units = {claim.unit_id for claim in every if claim.unit_id}
    for seat in Liaison.objects.active().filter(unit_id__in=units).select_related("user").order_by("is_second", "pk"):
        seats.setdefault(seat.unit_id, []).append(seat.user)
    return {
        claim.pk: seats.get(claim.unit_id, []) if claim.unit_id else [people[claim.person_id or 0]] for claim in every
    }


def tell(claim: Claim, message: MessageClass) -> None:
    """``message`` to whoever is behind ``claim``, once for this turn of it; phones ring by day."""
    queue(message, occurrence=occurrence(claim), users=claimers(claim), not_before=by_daylight())


def occurrence(claim: Claim) -> str:
    """This turn of the claim."""
    return f"claim:{claim.pk}:{claim.version}"


def by_daylight() -> datetime:
    """Now, or eight in the morning."""
    now = timezone.localtime()
    if QUIET_UNTIL <= now.hour < QUIET_FROM:
        return now
    morning = now.replace(hour=QUIET_UNTIL, minute=0, second=0, microsecond=0)
    return morning if now.hour < QUIET_UNTIL else morning + timedelta(days=1)
