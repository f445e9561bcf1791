"""What may help with a need, and what is booked for it, as the need's page shows it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from needs.models import Need
from needs.services.proposing import fitting
from resources.models import Booking
from resources.presenting import facts, times
from resources.states import Form

FEW = 5


def fitting_rows(need: Need) -> list[dict[str, Any]]:
    """The best resources, each with why, and the way to book it for this need."""
    return [
        {
            "pk": one.resource.pk,
            "name": one.resource.name,
            "who": " · ".join((str(one.resource.unit or one.resource.area.name), one.resource.kind.label)),
            "reasons": one.reasons,
            "proposed": one.proposed,
            "url": _page(one.resource.pk),
            "book_url": "" if one.resource.kind.form == Form.WALK_IN else _page(one.resource.pk, need),
        }
        for one in fitting(need)
    ]


def _page(pk: int, need: Need | None = None) -> str:
    url = reverse("admin:resources_resource_change", args=[pk])
    return f"{url}?{urlencode({'for': f'need:{need.pk}'})}#way-book" if need else url


def booked_for(need: Need) -> list[dict[str, str]]:
    """What is booked for it, the next first."""
    rows = Booking.objects.filter(subject=f"need:{need.pk}").select_related("resource").order_by("starts", "pk")
    return [
        {
            "text": row.resource.name,
            "small": f"{times.between(row.starts, row.ends)} · {facts.booking_badge(row)['label']}",
            "url": reverse("admin:resources_booking_change", args=[row.pk]),
        }
        for row in rows[:FEW]
    ]
