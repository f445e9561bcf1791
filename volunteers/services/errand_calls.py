"""转跑腿: some volunteers of the community hear of an errand. Who takes it first has it (``claims``)."""

from __future__ import annotations

from django.db.models import QuerySet

from claims.models import Offer
from claims.services.people import by_daylight
from needs.models import Errand
from notifications.services import call_off, queue, retire
from volunteers.messages.errands import ErrandNear, near
from volunteers.models import Volunteer
from volunteers.services.policies import policy_of
from volunteers.states.people import Skill


def call_nearby(errand: Errand) -> int:
    """One message each to as many as the street says, drawn by lot, so that it is not always the same. Never at night:
    what would be over by the morning is told to nobody. Returns how many hear of it.
    """
    offer, at = errand.offer, by_daylight()
    most = policy_of(offer.area_id).errand_calls
    if not most or (offer.closes_at is not None and offer.closes_at <= at):
        return 0
    drawn = [row.user for row in runners(offer.area_id).exclude(user=errand.by_id).order_by("?")[:most]]
    queue(near(errand), occurrence=offer.label, users=drawn, not_before=at)
    return len(drawn)


def runners(area_code: str) -> QuerySet[Volunteer]:
    """Grown-up volunteers of the community who said that they run errands."""
    rows = Volunteer.objects.active().filter(area_id=area_code, born__isnull=True, user__is_active=True)
    return rows.filter(skills__contains=[Skill.ERRANDS]).select_related("user")


def not_wanted(offer: Offer) -> None:
    """Somebody has it, or it is over: what has not gone out stays, and is news no more."""
    call_off(ErrandNear, subject_label=offer.label)
    retire(ErrandNear, occurrence=offer.label)
