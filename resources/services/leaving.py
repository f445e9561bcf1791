"""Whoever goes keeps nobody from what they had booked."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from people.models import User
from resources import messages
from resources.models import Booking
from resources.services.moving import move
from resources.services.people import tell_giving_side
from resources.states import BookingVerb


@transaction.atomic
def cancel_all_of(user: User) -> int:
    """Cancel what ``user`` booked in person and has not been handed; whoever gives it is told. Returns how many."""
    rows = Booking.objects.live().filter(person=user, handed_at__isnull=True, ends__gt=timezone.now())
    found = list(rows.select_related("resource").order_by("pk").select_for_update(of=("self",), no_key=True))
    for booking in found:
        move(booking, BookingVerb.CANCEL, by=user)
        tell_giving_side(booking, messages.BookingCancelled, but=user)
    return len(found)
