"""What the weekly digest says to units about meetings and what was resolved there."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models import ActionItem, Invitee
from meetings.states import MeetingState
from members.services import speakers_of
from notifications.lines import Line, Period, line, register_line

COMING = register_line("meetings.coming", _("这一周有%(n)s个会请您单位参加"))
UNDONE = register_line("meetings.undone", _("没销号的行动项%(n)s件"))
WEEK = timedelta(days=7)


def weekly(period: Period) -> dict[int, list[Line]]:
    """The meetings of the coming week, and the action items that are open."""
    invited = Invitee.objects.filter(
        dropped_at__isnull=True,
        unit__isnull=False,
        meeting__state=MeetingState.CALLED,
        meeting__street_code=period.area_code,
        meeting__starts__gte=timezone.now(),
        meeting__starts__lt=timezone.now() + WEEK,
    )
    open_items = ActionItem.objects.open().filter(unit__isnull=False, street_code=period.area_code)
    found: dict[int, list[Line]] = {}
    for key, rows in ((COMING, invited), (UNDONE, open_items)):
        counts = dict(rows.order_by().values_list("unit_id").annotate(n=Count("pk")))
        for person, n in speakers_of(counts).items():
            found.setdefault(person, []).append(line(key, n=n))
    return found
