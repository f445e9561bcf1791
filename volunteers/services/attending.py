"""签到 and 签退 of oneself, with the code on the wall; who runs the day.

Locks: the post, then the sign-up, then the presence (docs/locking.md).
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from people.models import User
from people.services.limits import take, untake
from volunteers import codes
from volunteers.models import Attendance, SignUp, Slot
from volunteers.permissions.activities import runs
from volunteers.services.presence import held_presence, require_held, until, write_presence
from volunteers.services.signing import hold, hold_rows, require_step
from volunteers.states import SHOWN, SignUpState, SignUpVerb

TRIES, TRIES_SECONDS = 20, 600
"""So many wrong codes in so many seconds, for each person and day."""
WRONG = _("码不对，或者过期了。请看现场屏幕上的新码再试。")


def slot_to_run(pk: int, by: User) -> Slot:
    """The day that ``by`` runs. Raises ``NotFound`` (also for what was never published), ``NotAllowed``."""
    slot = Slot.objects.visible_to(by).select_related("activity__area", "activity__unit").filter(pk=pk).first()
    if slot is None or slot.activity.state not in SHOWN:
        raise NotFound
    if not runs(by, slot.activity):
        raise NotAllowed
    return slot


def codes_now(slot: Slot) -> tuple[str, str, int]:
    """The picture's code, the six digits, and for how many seconds they stay. Whoever runs the day shows them."""
    return codes.codes_at(slot.pk, timezone.now())


def check_in(*, slot: int, by: User, code: str) -> Attendance:
    """签到 of oneself, with the code of this half minute; again, or with a second tap at once, it finds the first.

    Raises ``NotFound``; ``RuleBroken`` (no seat, too early, over, called off); ``Invalid`` on ``code``; ``TooMany``.
    Not for use inside a transaction: wrong codes stay counted.
    """
    row = _own(slot, by)
    if row.state == SignUpState.ATTENDED:
        return row.attendance
    _require_day(row.post.slot)
    how = _how(row.post.slot, by, code)
    with transaction.atomic():
        held = hold_rows(row.pk, by)
        if held.state == SignUpState.ATTENDED:
            return held.attendance
        day = _require_day(held.post.slot)
        require_step(held, by, SignUpVerb.CHECK_IN)
        held.move_to(SignUpVerb.CHECK_IN, actor=by)
        return write_presence(held, how=how, came=min(timezone.now(), until(day)))


def check_out(*, slot: int, by: User, code: str) -> Attendance:
    """签退 of oneself, until it is over. Whoever forgets left at the end. Raises as ``check_in``; ``RuleBroken``
    without a 签到. Not for use inside a transaction."""
    row = _own(slot, by)
    if row.state != SignUpState.ATTENDED:
        raise RuleBroken(_("您还没有签到。"))
    if row.attendance.left_at is not None:
        return row.attendance
    _require_day(row.post.slot, leaving=True)
    _how(row.post.slot, by, code)
    with transaction.atomic():
        held = hold(row.pk, by, SignUpVerb.CHECK_OUT, None)
        present = held_presence(held) or held.attendance
        if present.left_at is not None or present.confirmed_at is not None:
            return present
        day = _require_day(held.post.slot, leaving=True)
        held.move_to(SignUpVerb.CHECK_OUT, actor=by)
        present.left_at = max(present.came_at, min(timezone.now(), until(day)))
        present.save(update_fields=["left_at"])
        return present


def _own(slot: int, by: User) -> SignUp:
    """The sign-up of ``by`` for the day, whose seat is their own."""
    if not Slot.objects.visible_to(by).filter(pk=slot).exists():
        raise NotFound
    rows = SignUp.objects.filter(post__slot=slot, person=by).select_related("post__slot__activity", "attendance")
    row = rows.exclude(state=SignUpState.CANCELLED).order_by("pk").first()
    if row is None:
        raise RuleBroken(_("您没有报这一场。请找现场的工作人员登记。"))
    if row.state in (SignUpState.WAITING, SignUpState.OFFERED):
        raise RuleBroken(_("您还在候补，没有名额。请找现场的工作人员。"))
    if row.state == SignUpState.NO_SHOW:
        raise RuleBroken(_("这一场记了没有见到您。情况不对，请在“我的活动”里说明。"))
    return row


def _require_day(slot: Slot, *, leaving: bool = False) -> Slot:
    """The day as it stands now, while one comes and goes."""
    day, now = require_held(slot), timezone.now()
    if now < day.starts - codes.BEFORE:
        raise RuleBroken(_("开始前一小时才能签到，请到时再来。"))
    if now > until(day) and leaving:
        raise RuleBroken(_("这一场已经结束了，不用签退，按结束的时间记。"))
    if now > until(day):
        raise RuleBroken(_("这一场已经结束了。来过的，请找主办人补登记。"))
    return day


def _how(day: Slot, by: User, typed: str) -> str:
    """Counted before it is known whether it fits: otherwise many tries at once would all find the count at nothing."""
    rule, subject = "volunteers.check-in", f"{by.pk}:{day.pk}"
    take(rule, subject, limit=TRIES, seconds=TRIES_SECONDS)
    how = codes.fits(day.pk, clean(typed)[:64], timezone.now())
    if not how:
        raise Invalid({"code": [WRONG]})
    untake(rule, subject, seconds=TRIES_SECONDS)
    return how
