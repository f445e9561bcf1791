"""Meetings as a calendar reads them: the one, and those that somebody comes to."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from alliance.lib.calendar_file import Happening
from claims.querysets import seated_units
from meetings.models import Invitee, Meeting
from meetings.permissions import KEEPERS
from meetings.states import MeetingState
from people.models import User

MOST = 200


def happening(row: Meeting) -> Happening:
    """``row`` with its file's address, behind which only those who may see it come."""
    return Happening(
        key=row.subject,
        starts=row.starts,
        ends=row.ends,
        title=row.title,
        place=row.place,
        words=row.number,
        url=f"{settings.SITE_URL.rstrip('/')}{reverse('meetings:file', args=[row.pk])}",
        revision=row.version,
        cancelled=row.state == MeetingState.CALLED_OFF,
    )


def happenings(user: User, since: datetime) -> list[Happening]:
    """Meetings that were called and end after ``since``, to which ``user``, a unit they speak for or their own office
    was invited, or which their own office keeps. Who looks after a whole street is not given every community's."""
    offices = user.areas_of(*KEEPERS)
    asked = Invitee.objects.asked()
    mine = asked.filter(Q(user=user) | Q(unit__in=seated_units(user)) | Q(office__in=offices))
    rows = Meeting.objects.filter(Q(pk__in=mine.values("meeting")) | Q(area__in=offices))
    rows = rows.filter(called_at__isnull=False, ends__gte=since)
    return [happening(row) for row in rows.order_by("starts", "pk")[:MOST]]
