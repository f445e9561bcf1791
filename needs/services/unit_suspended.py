"""A unit is suspended while somebody waits for it: whoever asked it and whoever keeps what it has claimed are told.

Inside the transaction of the suspension. Nothing is locked and nothing taken away: the unit may still answer and bring.
"""

from __future__ import annotations

from claims.models import Claim
from claims.states import ON_THE_WAY
from members.models import MemberUnit
from needs.messages.triage import NeedUnitSuspended, for_staff
from needs.messages.wishes import WishUnitSuspended, about
from needs.models import Need, Wish
from needs.services.hands import hands, others
from needs.services.wish_people import wish_keepers
from notifications.services import queue
from people.models import User


def tell_who_waits(*, unit: MemberUnit, by: User) -> None:
    """Once for this suspension and each thing: the holder of every need the unit was asked about, and the keepers
    of every wish it has taken and not brought."""
    since = f"{unit.pk}:{unit.suspended_at:%Y%m%d%H%M%S%f}"
    for need in Need.objects.at_units([unit.pk]).select_related("area", "holder").order_by("pk"):
        message = for_staff(NeedUnitSuspended, need, unit=str(unit))
        queue(message, occurrence=f"{need.number}:{since}", users=others(hands(need), by))
    claimed = Claim.objects.filter(unit=unit, state__in=ON_THE_WAY).values("offer_id")
    wishes = Wish.objects.filter(offer__in=claimed).select_related("area", "raised_by", "verified_by")
    for wish in wishes.order_by("pk"):
        message = about(WishUnitSuspended, wish, unit=str(unit))
        queue(message, occurrence=f"{wish.number}:{since}", users=others(wish_keepers(wish), by))
