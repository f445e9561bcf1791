"""What a unit's service card says of needs: those it was asked to help with and reported as done."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from members.services.service_cards import Given
from needs.models import NeedEvent
from needs.states import Verb


def given(units: Collection[int], since: datetime, until: datetime) -> list[Given]:
    """Needs with a report of the unit, each once; a need does not keep its unit, its history does."""
    told = NeedEvent.objects.filter(verb=Verb.REPORT, params__unit_id__in=list(units), at__gte=since, at__lt=until)
    counts = told.order_by().values_list("params__unit_id").annotate(n=Count("need", distinct=True))
    return [Given(_("协助办好的诉求"), dict(counts))]
