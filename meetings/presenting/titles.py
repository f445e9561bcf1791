"""What falls due, in words, for whoever may read it."""

from __future__ import annotations

from django.urls import reverse

from meetings.models import ActionItem, Meeting
from people.models import User
from resources.services.subjects import Subject


def due_titles(user: User, subjects: list[str]) -> dict[str, str]:
    """``{subject: sentence}`` of meetings and action items; one query for each kind."""
    found: dict[str, str] = {}
    for kind, rows in (("meeting", Meeting.objects.visible_to(user)), ("action", ActionItem.objects.visible_to(user))):
        keys = [
            key for name, _colon, key in (one.partition(":") for one in subjects) if name == kind and key.isdecimal()
        ]
        wanted = [int(key) for key in keys if len(key) < 18]
        if wanted:
            found |= {row.subject: str(row) for row in rows.filter(pk__in=wanted)}
    return found


def booked_for(user: User, key: str) -> Subject | None:
    """The meeting for which a room is booked, for whoever keeps it."""
    kind, _colon, pk = key.partition(":")
    if kind != "meeting" or not (pk.isdecimal() and len(pk) < 18):
        return None
    row = Meeting.objects.kept_by(user).filter(pk=pk).first()
    return Subject(row.title, reverse("admin:meetings_meeting_change", args=[row.pk]), row.title) if row else None
