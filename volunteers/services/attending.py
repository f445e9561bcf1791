"""签到: by the code on the wall, by the organiser's list, from a paper sheet; 签退; 没有来, and the word against it.

Locks: the post, then the sign-up (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken
from alliance.lib.text import clean
from people.models import User
from people.services.limits import take
from volunteers import codes
from volunteers.messages import activities as messages
from volunteers.models import Attendance, SignUp, Slot
from volunteers.permissions.activities import runs
from volunteers.services.signing import hold
from volunteers.services.telling import tell_person
from volunteers.states import SHOWN, ActivityState, Appeal, How, SignUpState, SignUpVerb

TRIES, TRIES_SECONDS = 20, 600
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
    now = timezone.now()
    step = codes.step_of(now)
    left = codes.STEP - int(now.timestamp()) % codes.STEP
    return codes.code(slot.pk, step), codes.digits(slot.pk, step), left


@transaction.atomic
def check_in(*, slot: int, by: User, code: str) -> Attendance:
    """签到 of oneself, with the code of this half minute; again, it finds the first time.

    Raises ``NotFound``; ``RuleBroken`` (no seat, too early, over, called off); ``Invalid`` on ``code``; ``TooMany``.
    """
    row = _own(slot, by)
    if row.state == SignUpState.ATTENDED:
        return row.attendance
    day = row.post.slot
    _require_day(day)
    how = _how(day, by, code)
    held = hold(row.pk, by, SignUpVerb.CHECK_IN, None)
    held.move_to(SignUpVerb.CHECK_IN, actor=by)
    return Attendance.objects.create(signup=held, person=by, how=how, came_at=timezone.now())


@transaction.atomic
def check_out(*, slot: int, by: User, code: str) -> Attendance:
    """签退 of oneself. Whoever forgets left at the end. Raises as ``check_in``; ``RuleBroken`` without a 签到."""
    row = _own(slot, by)
    if row.state != SignUpState.ATTENDED:
        raise RuleBroken(_("您还没有签到。"))
    present = row.attendance
    if present.left_at is not None:
        return present
    _how(row.post.slot, by, code)
    held = hold(row.pk, by, SignUpVerb.CHECK_OUT, None)
    held.move_to(SignUpVerb.CHECK_OUT, actor=by)
    present.left_at = max(present.came_at, min(timezone.now(), row.post.slot.ends))
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


def _require_day(day: Slot) -> None:
    now = timezone.now()
    if day.called_off_at is not None or day.activity.state == ActivityState.CALLED_OFF:
        raise RuleBroken(_("这一场取消了。"))
    if now < day.starts - codes.BEFORE:
        raise RuleBroken(_("开始前一小时才能签到，请到时再来。"))
    if now > day.ends:
        raise RuleBroken(_("这一场已经结束了。来过的，请找主办人补登记。"))


def _how(day: Slot, by: User, typed: str) -> str:
    take("volunteers.check-in", f"{by.pk}:{day.pk}", limit=TRIES, seconds=TRIES_SECONDS)
    how = codes.fits(day.pk, clean(typed)[:64], timezone.now())
    if not how:
        raise Invalid({"code": [WRONG]})
    return how


@transaction.atomic
def note_present(
    *,
    slot: int,
    by: User,
    signups: Iterable[int],
    paper: bool,
    came: datetime | None = None,
    left: datetime | None = None,
) -> int:
    """点名 or 纸质签到表: those of ``signups`` who came, from ``came`` to ``left`` (the whole day's time). Who is noted
    already stays as noted; oneself is for others to note. Returns how many are new.

    Raises as ``slot_to_run``; ``RuleBroken`` before it begins; ``Invalid`` on ``came``.
    """
    day = slot_to_run(slot, by)
    if timezone.now() < day.starts - codes.BEFORE:
        raise RuleBroken(_("还没到时间，开始前一小时才能登记。"))
    if day.called_off_at is not None:
        raise RuleBroken(_("这一场取消了。"))
    first, last = came or day.starts, left or (day.ends if paper else None)
    if not day.starts - codes.BEFORE <= first <= day.ends or (last is not None and not first <= last <= day.ends):
        raise Invalid({"came": [_("时间要在这一场以内。")]})
    wanted = SignUp.objects.filter(pk__in=list(signups), post__slot=day, state=SignUpState.CONFIRMED)
    new = 0
    for pk in wanted.exclude(person=by).order_by("post_id", "pk").values_list("pk", flat=True):
        row = hold(pk, by, SignUpVerb.CHECK_IN, None)
        row.move_to(SignUpVerb.CHECK_IN, actor=by)
        how = How.PAPER if paper else How.LIST
        Attendance.objects.create(signup=row, person=row.person, how=how, came_at=first, left_at=last, noted_by=by)
        new += 1
    return new


@transaction.atomic
def note_missing(*, slot: int, by: User, signups: Iterable[int]) -> int:
    """没有来, once the day is over: whoever it is about hears of it kindly, and may say what happened.

    Raises as ``slot_to_run``; ``RuleBroken`` before the end.
    """
    day = slot_to_run(slot, by)
    if timezone.now() < day.ends:
        raise RuleBroken(_("还没有结束，等结束了再登记。"))
    wanted = SignUp.objects.filter(pk__in=list(signups), post__slot=day, state=SignUpState.CONFIRMED)
    new = 0
    for pk in wanted.exclude(person=by).order_by("post_id", "pk").values_list("pk", flat=True):
        row = hold(pk, by, SignUpVerb.NO_SHOW, None)
        row.move_to(SignUpVerb.NO_SHOW, actor=by)
        tell_person(row, messages.NotSeen)
        new += 1
    return new


@transaction.atomic
def appeal(*, pk: int, by: User, version: int | None, words: str) -> SignUp:
    """说明情况 against 没有来, once. Raises as ``signing.hold``; ``Invalid`` without words."""
    row = hold(pk, by, SignUpVerb.APPEAL, version)
    text = clean(words)[:200]
    if not text:
        raise Invalid({"words": [_("请写一句当时的情况。")]})
    row.move_to(SignUpVerb.APPEAL, actor=by, note=text, changes={"appeal": Appeal.ASKED})
    return row


@transaction.atomic
def answer_appeal(*, pk: int, by: User, version: int | None, excuse: bool) -> SignUp:
    """不算没来, or 维持: by the community, never by the person. Raises as ``signing.hold``."""
    verb = SignUpVerb.EXCUSE if excuse else SignUpVerb.UPHOLD
    row = hold(pk, by, verb, version)
    if _noted_missing(row) == by.pk:
        raise NotAllowed(_("登记没有来的人不能自己答复，请另一位同事看。"))
    answered = {"appeal": Appeal.EXCUSED if excuse else Appeal.UPHELD}
    row.move_to(verb, actor=by, changes={**answered, **({"ended_at": timezone.now()} if excuse else {})})
    tell_person(row, messages.NotSeenAnswered)
    return row


def _noted_missing(row: SignUp) -> int | None:
    last = row.events.filter(verb=SignUpVerb.NO_SHOW).order_by("-pk").first()
    return last.actor_id if last else None
