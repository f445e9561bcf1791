"""The halls of days: on the page of an activity, and the day on the page of a booking."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.urls import reverse

from people.models import User
from resources.models import Booking
from resources.services.subjects import Subject
from volunteers.models import Activity, Slot
from volunteers.services.dues import subject_of


def with_halls(days: list[dict[str, Any]], page: str = "admin:resources_booking_change") -> list[dict[str, Any]]:
    """``days`` (see ``presenting.activities.days``), each with what is booked for it; one query.

    ``page``: the name of a booking's address.
    """
    subjects = {subject_of(one["slot"]): one for one in days}
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    rows = Booking.objects.live().filter(subject__in=list(subjects)).select_related("resource").order_by("pk")
    for row in rows:
        url = reverse(page, args=[row.pk])
        found[row.subject].append({"text": row.resource.name, "url": url, "state": row.get_state_display()})
    for subject, one in subjects.items():
        one["halls"] = found[subject]
    return days


def booked_for_day(user: User, key: str) -> Subject | None:
    """The activity for a day of which something is booked, for whoever may see it."""
    kind, _colon, pk = key.partition(":")
    if kind != "slot" or not (pk.isdecimal() and len(pk) < 18):
        return None
    slot = Slot.objects.visible_to(user).select_related("activity").filter(pk=pk).first()
    if slot is None:
        return None
    row = slot.activity
    kept = Activity.objects.kept_by(user).filter(pk=row.pk).exists()
    page = "admin:volunteers_activity_change" if kept else "volunteers:activity"
    return Subject(row.title, reverse(page, args=[row.pk]), row.title)
