"""The end of a day: the closing rule for whoever did not sign out, and of the activity after its last day."""

from __future__ import annotations

from django.utils import timezone

from volunteers.models import Activity, Attendance, SignUp, Slot
from volunteers.states import ActivityVerb


def close_day(slot: Slot, activity: Activity) -> None:
    """Whoever came and did not sign out left when it ended; names that the bus asked for are gone.

    ``activity`` is locked; after its last day it is over.
    """
    Attendance.objects.filter(signup__post__slot=slot, left_at__isnull=True).update(left_at=slot.ends)
    SignUp.objects.filter(post__slot=slot, real_name__isnull=False).update(real_name=None)
    if not Slot.objects.ahead().filter(activity=activity).exists():
        activity.move_to(ActivityVerb.FINISH, actor=None, changes={"ended_at": timezone.now()})
