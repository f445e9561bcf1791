"""When an activity happens: single days, and rules by which it comes again. Days to which somebody comes stay.

Locks: the activity (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib import recurring
from alliance.lib.errors import Invalid
from alliance.lib.text import clean
from people.models import User
from resources.services.calling_off import cancel_for
from volunteers.models import Activity, Post, Series, SignUp, Slot
from volunteers.permissions.activities import hands
from volunteers.services import seats
from volunteers.services.activities import hold
from volunteers.services.checked import require_worth
from volunteers.services.dues import drop_slots, plan_slots, subject_of
from volunteers.states import ActivityState, ActivityVerb, Hand
from volunteers.states.teams import QualificationKind

MOST_DAYS, MOST_POSTS, AHEAD = 200, 12, timedelta(days=400)
FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY"})
PARTS = frozenset({"INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY"})


@dataclass(frozen=True, kw_only=True)
class Place:
    """What there is to do on a day, and for how many."""

    capacity: int
    name: str = ""
    is_service: bool = False
    needs: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "capacity": self.capacity, "is_service": self.is_service, "needs": self.needs}


@transaction.atomic
def add_slot(
    *, activity: int, by: User, version: int | None, starts: datetime, ends: datetime, posts: Sequence[Place]
) -> Slot:
    """加一场. Raises as ``hold``; ``Invalid`` (in the past, out of order, two of one name, too many, service that the
    office has not approved)."""
    row = hold(activity, by, ActivityVerb.PLAN, version)
    _check_time(starts, ends)
    require_worth(row.coefficient, [starts])
    wanted = checked_posts(posts)
    _require_service(row, by, wanted)
    if Slot.objects.filter(activity=row).count() >= MOST_DAYS:
        raise Invalid({"starts": [_("一个活动最多%(n)d场。") % {"n": MOST_DAYS}]})
    try:
        with transaction.atomic():
            slot = _make(row, [starts], ends - starts, wanted, of_series=False)[0]
    except IntegrityError:
        raise Invalid({"starts": [_("这个时间已经有一场了。")]}) from None
    row.move_to(ActivityVerb.PLAN, actor=by)
    return slot


def _make(
    row: Activity, days: Sequence[datetime], length: timedelta, posts: Sequence[Place], *, of_series: bool
) -> list[Slot]:
    slots = Slot.objects.bulk_create(
        Slot(activity=row, starts=day, ends=day + length, of_series=of_series) for day in days
    )
    Post.objects.bulk_create(Post(slot=slot, **one.as_json()) for slot in slots for one in posts)
    if row.state == ActivityState.PUBLISHED:
        plan_slots(slots, row)
    return slots


def _require_service(row: Activity, by: User, posts: Sequence[Place]) -> None:
    """Hours and points are the office's to promise: once it is published, only they add service."""
    if row.state != ActivityState.PUBLISHED or Hand.KEEPER in hands(by, row):
        return
    if any(one.is_service for one in posts):
        raise Invalid({"capacity": [_("记服务时长的岗位，发布以后由社区或街道来加，请联系他们。")]})


@transaction.atomic
def set_capacity(*, post: int, by: User, version: int | None, capacity: int) -> Post:
    """More places (they go to the line at once) or fewer, never than are taken. Raises as ``hold``; ``Invalid``."""
    seen = Post.objects.select_related("slot").filter(pk=post).first()
    row = hold(seen.slot.activity_id if seen else 0, by, ActivityVerb.PLAN, version)
    found = seats.held_post(post)
    if not found.taken <= capacity <= 10_000 or capacity < 1:
        raise Invalid({"capacity": [_("已经有%(n)d人报了，名额不能比这少。") % {"n": found.taken}]})
    found.capacity = capacity
    found.save(update_fields=["capacity"])
    seats.offer(found)
    row.move_to(ActivityVerb.PLAN, actor=by)
    return found


def _check_time(starts: datetime, ends: datetime) -> None:
    if starts <= timezone.now():
        raise Invalid({"starts": [_("开始时间已经过了，请选以后的时间。")]})
    if starts > timezone.now() + AHEAD:
        raise Invalid({"starts": [_("太远了，请选一年以内的时间。")]})
    if not timedelta(minutes=15) <= ends - starts <= timedelta(hours=24):
        raise Invalid({"ends": [_("结束要在开始以后，最少15分钟，最多24小时。")]})


def checked_posts(posts: Sequence[Place]) -> list[Place]:
    """As they may be. Raises ``Invalid`` on ``capacity``."""
    tidy = [
        Place(
            capacity=one.capacity,
            name=clean(one.name)[:30],
            is_service=bool(one.is_service),
            needs=one.needs if one.needs in QualificationKind.values else "",
        )
        for one in posts
    ]
    if not 1 <= len(tidy) <= MOST_POSTS or any(not 1 <= one.capacity <= 10_000 for one in tidy):
        raise Invalid({"capacity": [_("请填名额，1到10000个。")]})
    if len({one.name for one in tidy}) != len(tidy):
        raise Invalid({"capacity": [_("两个岗位不能叫一样的名字。")]})
    return tidy


@transaction.atomic
def set_series(
    *,
    activity: int,
    by: User,
    version: int | None,
    rule: str,
    starts: datetime,
    minutes: int,
    posts: Sequence[Place],
) -> Series:
    """按规律排: days come and go with the rule; those to which somebody has signed up stay as they are, all others are
    as the new rule says.

    Raises as ``hold``; ``Invalid`` on ``rule`` (unknown, without an end, more than ``MOST_DAYS`` days in all, finer
    than a day), ``starts``, ``ends``, ``capacity``.
    """
    row = hold(activity, by, ActivityVerb.PLAN, version)
    length = timedelta(minutes=minutes)
    _check_time(starts, starts + length)
    wanted, days = checked_posts(posts), occurrences(rule, starts)
    require_worth(row.coefficient, days)
    _require_service(row, by, wanted)
    values = {
        "rule": recurring.tidy_rule(rule),
        "starts": starts,
        "minutes": minutes,
        "posts": [p.as_json() for p in wanted],
    }
    series, _made = Series.objects.update_or_create(activity=row, defaults=values)
    _drop_empty(row, by)
    there = set(Slot.objects.filter(activity=row).values_list("starts", flat=True))
    new = [day for day in days if day not in there]
    if len(there) + len(new) > MOST_DAYS:
        raise Invalid({"rule": [_("一个活动最多%(n)d场。") % {"n": MOST_DAYS}]})
    _make(row, new, length, wanted, of_series=True)
    row.move_to(ActivityVerb.PLAN, actor=by, note=series.rule)
    return series


def _drop_empty(row: Activity, by: User) -> None:
    """Days of the old rule to which nobody has ever signed up."""
    ahead = Slot.objects.filter(activity=row, of_series=True, starts__gt=timezone.now(), called_off_at=None)
    gone = ahead.order_by("pk")
    # Whoever signs up at this moment holds the post: wait, and then look.
    posts = Post.objects.filter(slot__in=gone).order_by("pk").select_for_update(of=("self",), no_key=True)
    held = [post.pk for post in posts]
    with_people = set(SignUp.objects.filter(post__in=held).values_list("post__slot", flat=True))
    empty = list(gone.exclude(pk__in=with_people))
    drop_slots(empty)
    Post.objects.filter(slot__in=empty).delete()
    halls = [subject_of(slot) for slot in empty]
    Slot.objects.filter(pk__in=[slot.pk for slot in empty]).delete()
    cancel_for(halls, by=by)


def occurrences(rule: str, starts: datetime) -> list[datetime]:
    """The moments of ``rule`` from ``starts`` on, in China's time. Raises ``Invalid`` on ``rule``."""
    until = timezone.now() + AHEAD
    return recurring.occurrences(rule, starts, frequencies=FREQUENCIES, parts=PARTS, most=MOST_DAYS, until=until)
