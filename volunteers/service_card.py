"""What a unit's service card says of activities: those it held."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from members.services.service_cards import Given
from volunteers.models import Activity
from volunteers.states import ActivityState


def given(units: Collection[int], since: datetime, until: datetime) -> list[Given]:
    """Activities that came to their end."""
    held = Activity.objects.filter(
        state=ActivityState.DONE, unit_id__in=units, ended_at__gte=since, ended_at__lt=until
    ).order_by()
    return [Given(_("举办活动"), dict(held.values_list("unit_id").annotate(n=Count("pk"))))]
