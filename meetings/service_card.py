"""What a unit's service card says of meetings: where it was, and what it did of what was resolved."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models import ActionItem, Invitee
from meetings.states import ActionState
from members.services.service_cards import Given


def given(units: Collection[int], since: datetime, until: datetime) -> list[Given]:
    """Meetings attended, action items cleared."""
    there = Invitee.objects.filter(unit_id__in=units, present_at__gte=since, present_at__lt=until)
    days = (timezone.localdate(since), timezone.localdate(until))
    done = ActionItem.objects.filter(
        unit_id__in=units, state=ActionState.DONE, done_on__gte=days[0], done_on__lt=days[1]
    )
    return [
        Given(label, dict(rows.order_by().values_list("unit_id").annotate(n=Count("pk"))))
        for label, rows in ((_("参加会议"), there), (_("销号的行动项"), done))
    ]
