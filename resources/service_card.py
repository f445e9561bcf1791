"""What a unit's service card says of what it lent: bookings of its resources that took place."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from members.services.service_cards import Given
from resources.models import Booking
from resources.states import BookingState


def given(units: Collection[int], since: datetime, until: datetime) -> list[Given]:
    """How often the unit's places, things and people were used by others."""
    used = Booking.objects.filter(
        state=BookingState.USED, resource__unit_id__in=units, ends__gte=since, ends__lt=until
    ).order_by()
    return [Given(_("资源被用"), dict(used.values_list("resource__unit_id").annotate(n=Count("pk"))))]
