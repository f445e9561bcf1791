"""What noting, confirming and the day's end share: whether a day was held, its locks, the row of who was there.

Locks: the posts of a day by key, then sign-ups by key, then presences by key (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import RuleBroken
from people.models import User
from volunteers.models import Attendance, Post, SignUp, Slot
from volunteers.states import ActivityState, How

LIST_AFTER = timedelta(minutes=30)
"""So long after the end the organiser still calls the roll from what they see; later, from paper and memory."""


def hold_posts(slots: Iterable[Slot]) -> list[Post]:
    """The posts of ``slots``, locked by key: nobody is noted there, and nothing of it called off, until the end."""
    rows = Post.objects.filter(slot__in=list(slots)).order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True))


def require_held(slot: Slot) -> Slot:
    """The day as it stands **now**: under the lock of one of its posts it is not called off any more before it begins.

    Raises ``RuleBroken`` if it was called off, alone or with its activity.
    """
    day: Slot = Slot.objects.select_related("activity__area", "activity__unit").get(pk=slot.pk)
    if day.called_off_at is not None or until(day) <= day.starts:
        raise RuleBroken(_("这一场取消了。"))
    return day


def until(day: Slot) -> datetime:
    """When ``day`` ends, or ended: at once, if its activity was called off while it ran."""
    activity = day.activity
    if activity.state == ActivityState.CALLED_OFF and activity.ended_at is not None:
        return min(day.ends, activity.ended_at)
    return day.ends


def by_list(day: Slot, now: datetime) -> bool:
    """Whether the roll is still called from what one sees."""
    return now <= until(day) + LIST_AFTER


def held_presence(signup: SignUp) -> Attendance | None:
    """The row of the **locked** ``signup``, locked: what it said before may be old."""
    rows = Attendance.objects.filter(signup=signup).select_for_update(of=("self",), no_key=True)
    return rows.first()


def write_presence(
    signup: SignUp, *, how: How | str, came: datetime, left: datetime | None = None, by: User | None = None
) -> Attendance:
    """Who was there, of the **locked** ``signup``; on the row that was taken back before, if there is one.

    Raises ``RuleBroken`` for what somebody has confirmed.
    """
    row = held_presence(signup) or Attendance(signup=signup, person=signup.person)
    if row.confirmed_at is not None:
        raise RuleBroken(_("时长已经确认了，不能再改登记。"))
    row.how, row.came_at, row.left_at, row.noted_by, row.noted_at = how, came, left, by, timezone.now()
    row.save()
    return row
