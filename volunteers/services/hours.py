"""服务时长: what of somebody's presence counts, confirmed by somebody else, and the points for it, once.

Locks: one person's day (an advisory lock), then the presence, then the account (docs/locking.md).
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import DomainError, Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from deadlines.services.calendar import calendar
from members.permissions import keeps_place
from people.models import User
from points.models import Rule
from points.services.awarding import award_and_tell
from points.worth import of_service
from volunteers.messages import activities as messages
from volunteers.models import Attendance, Hours, SignUp, Slot
from volunteers.models.hours import DAY_MOST, STEP
from volunteers.services.attending import slot_to_run
from volunteers.services.checked import ORDINARY, keys_of
from volunteers.services.presence import require_held, until
from volunteers.services.telling import tell_person
from volunteers.states import ON_THE_SPOT, SignUpState, SignUpVerb

logger = logging.getLogger(__name__)

WORK_DAYS = 3
"""Until so many working days after it ended, what is confirmed earns points; later, hours alone."""
HOURS_LOCK = 7265901
"""First half of the advisory lock under which one person's day is summed up."""


@dataclass(frozen=True)
class Confirmed:
    """How many were confirmed; how many wait for somebody else (one's own, and what one noted oneself); how many could
    not be written down just now and are asked for again."""

    done: int
    others: int
    failed: int = 0


def confirm_day(*, slot: int, by: User) -> Confirmed:
    """确认时长 of all who came: hours for each, and points where it was noted in time. Again, it adds nothing.

    One short transaction for each person, so that nobody's fault keeps the others from theirs. Nobody confirms their
    own, nor whom they noted themselves. Raises as ``attending.slot_to_run``; ``RuleBroken`` before it is over, or if
    it was called off.
    """
    day = require_held(slot_to_run(slot, by))
    if timezone.now() < until(day):
        raise RuleBroken(_("还没有结束，等结束了再确认。"))
    rows = Attendance.objects.filter(signup__post__slot=day, confirmed_at__isnull=True)
    rows = rows.filter(signup__state=SignUpState.ATTENDED).order_by("person_id", "pk")
    found: Counter[str] = Counter()
    for pk, person in list(rows.values_list("pk", "person_id")):
        try:
            with transaction.atomic():
                found[_confirm(pk, person, day, by)] += 1
        except DomainError:
            logger.exception("hours of presence %s were not confirmed", pk)
            found["failed"] += 1
    return Confirmed(found["done"], found["others"], found["failed"])


def _confirm(pk: int, person: int, day: Slot, by: User) -> str:
    """``done``; ``others``: not by ``by``; ``nothing``: confirmed or taken back meanwhile."""
    before = hold_day(person, timezone.localdate(day.starts))
    rows = Attendance.objects.filter(pk=pk, confirmed_at__isnull=True)
    row = rows.select_for_update(of=("self",), no_key=True).first()
    if row is None:
        return "nothing"
    row.signup = SignUp.objects.select_related("post", "person").get(pk=row.signup_id)
    if row.signup.state != SignUpState.ATTENDED:
        return "nothing"
    if by.pk in (row.person_id, row.noted_by_id):
        return "others"
    now, row.signup.post.slot = timezone.now(), day
    row.left_at = row.left_at or max(row.came_at, until(day))
    row.confirmed_by, row.confirmed_at = by, now
    row.in_time = row.how in ON_THE_SPOT or in_time(until(day), now)
    row.save(update_fields=["left_at", "confirmed_by", "confirmed_at", "in_time"])
    row.signup.write_event(verb=SignUpVerb.CONFIRM, actor=by, source=row.signup.state, target=row.signup.state, note="")
    if row.signup.post.is_service and row.signup.myself:
        _note(row, day, by, before)
    return "done"


def in_time(ended: datetime, now: datetime) -> bool:
    """Whether ``now`` is at the latest the third working day after ``ended``."""
    return timezone.localdate(now) <= calendar().next_working(timezone.localdate(ended), WORK_DAYS)


def _note(row: Attendance, day: Slot, by: User, before: int) -> None:
    minutes = min(whole_steps(row, day), DAY_MOST - before)
    if minutes <= 0:
        return
    activity, on = day.activity, timezone.localdate(day.starts)
    rule = Rule.objects.on(on).first()
    made = Hours.objects.create(
        person=row.person,
        street_id=activity.street_code,
        attendance=row,
        source=source_of(row),
        day=on,
        minutes=minutes,
        label=activity.title,
        with_points=bool(row.in_time) and rule is not None,
        by=by,
    )
    if row.in_time and rule is not None:
        _award(made, day, rule, before)
    tell_person(row.signup, messages.HoursNoted, hours=as_hours(minutes))


def _award(made: Hours, day: Slot, rule: Rule, before: int) -> None:
    """Points for ``made``, once for the attendance. Whoever works there gets none: it is their job."""
    activity = day.activity
    # A coefficient that the rule of the day has no more is worth what is ordinary, which every rule has.
    coefficient = activity.coefficient if activity.coefficient in keys_of(rule) else ORDINARY
    amount = of_service(rule, made.minutes, before=before, coefficient=coefficient)
    if amount > 0 and made.person.is_active:
        award_and_tell(
            person=made.person,
            area_code=activity.area_id,
            source=made.source,
            amount=amount,
            label=made.label,
            day=made.day,
            by=made.by,
            rule=rule,
        )


def source_of(row: Attendance) -> str:
    """The key under which its hours and its points are kept: there are no second ones."""
    return f"attendance:{row.pk}"


def whole_steps(row: Attendance, day: Slot) -> int:
    """Minutes of presence within the day's time, in whole half hours. Coming early earns nothing."""
    ends = until(day)
    first, last = max(row.came_at, day.starts), min(row.left_at or ends, ends)
    minutes = int((last - first) / timedelta(minutes=1))
    return max(0, minutes) // STEP * STEP


def hold_day(person: int, on: date) -> int:
    """Minutes that ``person`` has on the day so far; nobody adds to them until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [HOURS_LOCK, f"{person}:{on:%Y%m%d}"])
    return minutes_on(person, on)


def minutes_on(person: int, on: date) -> int:
    """Minutes that count for ``person`` on the day."""
    return Hours.objects.filter(person_id=person, day=on).aggregate(sum=Sum("minutes"))["sum"] or 0


def minutes_of(person: User, first: date | None = None, last: date | None = None) -> int:
    """Minutes that count for ``person``, from ``first`` to ``last`` (both counted) or in all."""
    rows = Hours.objects.filter(person=person)
    rows = rows.filter(day__gte=first) if first else rows
    rows = rows.filter(day__lte=last) if last else rows
    return rows.aggregate(sum=Sum("minutes"))["sum"] or 0


def as_hours(minutes: int) -> str:
    """1.5, 2: as one reads them."""
    return f"{minutes / 60:.1f}".removesuffix(".0")


@transaction.atomic
def correct_hours(*, pk: int, by: User, minutes: int, why: str) -> Hours:
    """更正 to ``minutes`` in all, by a further row; points stay and are taken back where points are kept.

    Raises ``NotFound``, ``NotAllowed`` (not of the street's office, one's own, noted or confirmed oneself: a second
    person puts it right), ``Invalid`` (no reason, no half hours, over a
    day's most), ``RuleBroken`` (as it stands already; a correction is not itself corrected).
    """
    row = Hours.objects.visible_to(by).select_related("attendance", "person").filter(pk=pk).first()
    if row is None:
        raise NotFound
    if row.person_id == by.pk or not keeps_place(by, row.street_id):
        raise NotAllowed
    if by.pk in (row.by_id, row.attendance.noted_by_id if row.attendance else None):
        raise NotAllowed(_("登记的人、确认的人不能自己更正，请另一位同事办。"))
    if row.corrects_id is not None:
        raise RuleBroken(_("请更正最早的那一条。"))
    words = clean(why)[:200]
    if not words:
        raise Invalid({"why": [_("请写为什么更正，本人看得到。")]})
    before = hold_day(row.person_id, row.day)
    rows = Hours.objects.filter(corrects=row)
    now = row.minutes + (rows.aggregate(sum=Sum("minutes"))["sum"] or 0)
    if minutes % STEP or minutes < 0 or before - now + minutes > DAY_MOST:
        raise Invalid({"minutes": [_("按半小时填，一天最多8小时。")]})
    if minutes == now:
        raise RuleBroken(_("和现在记的一样，不用更正。"))
    more: dict[str, Any] = {"source": f"{row.source}:c{rows.count() + 1}", "label": row.label, "why": words}
    return Hours.objects.create(
        person=row.person,
        street_id=row.street_id,
        attendance=row.attendance,
        corrects=row,
        day=row.day,
        minutes=minutes - now,
        by=by,
        **more,
    )
