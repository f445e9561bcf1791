"""The end of a day: the closing rule for whoever did not sign out, and of the activity after its last day."""

from __future__ import annotations

from django.utils import timezone

from volunteers.models import Activity, Attendance, Slot
from volunteers.states import ActivityVerb


def close_day(slot: Slot, activity: Activity) -> None:
    """Whoever came and did not sign out left when it ended. ``activity`` is locked; after its last day it is over."""
    Attendance.objects.filter(signup__post__slot=slot, left_at__isnull=True).update(left_at=slot.ends)
    if not Slot.objects.ahead().filter(activity=activity).exists():
        activity.move_to(ActivityVerb.FINISH, actor=None, changes={"ended_at": timezone.now()})
