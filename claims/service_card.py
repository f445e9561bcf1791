"""What a unit's service card says of claims: what was brought, and confirmed by whoever received it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claims.states import ClaimState
from members.services.service_cards import Given


def given(units: Collection[int], since: datetime, until: datetime) -> list[Given]:
    """Completed claims."""
    done = Claim.objects.filter(state=ClaimState.COMPLETED, unit_id__in=units, ended_at__gte=since, ended_at__lt=until)
    return [Given(_("认领并送到"), dict(done.order_by().values_list("unit_id").annotate(n=Count("pk"))))]
