"""The end of days: the closing rule for whoever did not sign out, and of an activity after its last day.

Locks: activities by key, then the posts of all days by key, sign-ups by key, presences by key (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from volunteers.models import Activity, Attendance, SignUp, Slot
from volunteers.services.presence import hold_posts, until
from volunteers.states import ActivityState, ActivityVerb


def hold_days(keys: Iterable[int]) -> list[Slot]:
    """The days, with their activities locked by key; those that are gone are left out."""
    slots = list(Slot.objects.filter(pk__in=list(keys)).order_by("pk"))
    rows = Activity.objects.filter(pk__in={slot.activity_id for slot in slots}).order_by("pk")
    held = {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}
    for slot in slots:
        slot.activity = held[slot.activity_id]
    return slots


def close_days(slots: Sequence[Slot]) -> None:
    """Whoever came and did not sign out left when it ended; names that the bus asked for are gone. However it ended:
    called off meanwhile, finished by hand or by the clock. After its last day a published activity is over.

    ``slots`` as ``hold_days`` gives them.
    """
    posts = hold_posts(slots)
    named = SignUp.objects.filter(post__in=posts, real_name__isnull=False).order_by("pk")
    names = list(named.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    SignUp.objects.filter(pk__in=names).update(real_name=None)
    rows = Attendance.objects.filter(signup__post__in=posts, left_at__isnull=True).order_by("pk")
    there = list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    for slot in slots:
        open_ended = Attendance.objects.filter(pk__in=there, signup__post__slot=slot)
        open_ended.update(left_at=Greatest(F("came_at"), Value(until(slot))))
        _finish(slot.activity)


def _finish(activity: Activity) -> None:
    if activity.state == ActivityState.PUBLISHED and not Slot.objects.ahead().filter(activity=activity).exists():
        activity.move_to(ActivityVerb.FINISH, actor=None, changes={"ended_at": timezone.now()})
