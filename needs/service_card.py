"""What a unit's service card says of needs: those it helped with that came to an end."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from members.services.service_cards import Given
from needs.models import Need
from needs.states import State


def given(units: Collection[int], since: datetime, until: datetime) -> list[Given]:
    """Closed needs in which the unit helped."""
    done = Need.objects.filter(state=State.CLOSED, unit_id__in=units, ended_at__gte=since, ended_at__lt=until)
    return [Given(_("协助办结的诉求"), dict(done.order_by().values_list("unit_id").annotate(n=Count("pk"))))]
