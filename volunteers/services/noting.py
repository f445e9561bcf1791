"""Noted by whoever runs the day: 点名, a paper sheet, 没有来, what was noted by mistake; and the word against 没有来.

Locks: the day's posts by key, then the sign-ups by key, then the presence (docs/locking.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken, constraint_of
from alliance.lib.text import clean
from people.models import User
from volunteers import codes
from volunteers.messages import activities as messages
from volunteers.models import SignUp, Slot
from volunteers.services.attending import slot_to_run
from volunteers.services.presence import by_list, held_presence, hold_posts, require_held, until, write_presence
from volunteers.services.signing import hold
from volunteers.services.telling import tell_person
from volunteers.states import Appeal, How, SignUpState, SignUpVerb

Times = tuple[datetime | None, datetime | None]
"""When somebody came, and when they left; None: as the day says."""


@transaction.atomic
def note_present(
    *,
    slot: int,
    by: User,
    signups: Iterable[int],
    paper: bool,
    times: Mapping[int, Times] = MappingProxyType({}),
) -> int:
    """点名 or 纸质签到表: those of ``signups`` who came. ``times``: by sign-up, when somebody came and left, where that
    was not the whole day's time. Half an hour after the end, and of whoever was noted as missing, it is paper whatever
    one says. Who is noted already stays as noted; oneself is for others to note. Returns how many are new.

    Raises as ``slot_to_run``; ``RuleBroken`` before it begins, if it was called off, or for somebody who was elsewhere;
    ``Invalid`` on ``came``, naming whose time is outside the day's or out of order.
    """
    day = _held_day(slot, by)
    now, ends = timezone.now(), until(day)
    if now < day.starts - codes.BEFORE:
        raise RuleBroken(_("还没到时间，开始前一小时才能登记。"))
    paper = paper or not by_list(day, now)
    found = _of_day(day, by, signups, SignUpState.CONFIRMED, SignUpState.NO_SHOW)
    for pk in found:
        row = hold(pk, by, SignUpVerb.CHECK_IN, None)
        came, left = times.get(pk, (None, None))
        first, last = came or day.starts, left or (ends if paper else None)
        if not day.starts - codes.BEFORE <= first <= ends or (last is not None and not first <= last <= ends):
            raise Invalid({"came": [_("“%(name)s”的时间要在这一场以内，先到后走。") % {"name": row.person.name}]})
        if row.state == SignUpState.NO_SHOW:
            _seen_after_all(row, by)
            write_presence(row, how=How.PAPER, came=first, left=last or ends, by=by)
        else:
            row.move_to(SignUpVerb.CHECK_IN, actor=by)
            write_presence(row, how=How.PAPER if paper else How.LIST, came=first, left=last, by=by)
    return len(found)


def _held_day(slot: int, by: User) -> Slot:
    """The day that ``by`` runs, its posts locked; as it stands now."""
    day = slot_to_run(slot, by)
    hold_posts([day])
    return require_held(day)


def _of_day(day: Slot, by: User, signups: Iterable[int], *states: SignUpState) -> list[int]:
    """Those of ``signups`` that stand so, by key, without one's own. The day's posts are locked: they stay so."""
    rows = SignUp.objects.filter(pk__in=list(signups), post__slot=day, state__in=states).exclude(person=by)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _seen_after_all(row: SignUp, by: User) -> None:
    """From 没有来 to there, which also settles what the person may have said. They may have been elsewhere since."""
    try:
        with transaction.atomic():
            row.move_to(SignUpVerb.CHECK_IN, actor=by, changes={"appeal": Appeal.NONE, "appeal_words": ""})
    except IntegrityError as error:
        if constraint_of(error) != "coming_one_place_at_a_time":
            raise
        raise RuleBroken(_("“%(name)s”这个时间已经记在另一场了。") % {"name": row.person.name}) from error


@transaction.atomic
def take_back(*, slot: int, by: User, signups: Iterable[int]) -> int:
    """撤回签到 of ``signups`` noted by mistake, while nobody has confirmed it; they may be noted anew.

    Returns how many. Raises as ``note_present``.
    """
    day, taken = _held_day(slot, by), 0
    for pk in _of_day(day, by, signups, SignUpState.ATTENDED):
        row = hold(pk, by, SignUpVerb.TAKE_BACK, None)
        present = held_presence(row)
        if present is not None and present.confirmed_at is None:
            row.move_to(SignUpVerb.TAKE_BACK, actor=by)
            taken += 1
    return taken


@transaction.atomic
def note_missing(*, slot: int, by: User, signups: Iterable[int]) -> int:
    """没有来, once the day is over: whoever it is about hears of it kindly, and may say what happened.

    Raises as ``slot_to_run``; ``RuleBroken`` before the end, or if it was called off or broken off.
    """
    day = _held_day(slot, by)
    if until(day) < day.ends:
        raise RuleBroken(_("这一场中途取消了，不登记没有来。"))
    if timezone.now() < day.ends:
        raise RuleBroken(_("还没有结束，等结束了再登记。"))
    found = _of_day(day, by, signups, SignUpState.CONFIRMED)
    for pk in found:
        row = hold(pk, by, SignUpVerb.NO_SHOW, None)
        row.move_to(SignUpVerb.NO_SHOW, actor=by)
        tell_person(row, messages.NotSeen)
    return len(found)


@transaction.atomic
def appeal(*, pk: int, by: User, version: int | None, words: str) -> SignUp:
    """说明情况 against 没有来, once. Raises as ``signing.hold``; ``Invalid`` without words."""
    row = hold(pk, by, SignUpVerb.APPEAL, version)
    text = clean(words)[:200]
    if not text:
        raise Invalid({"words": [_("请写一句当时的情况。")]})
    row.move_to(SignUpVerb.APPEAL, actor=by, changes={"appeal": Appeal.ASKED, "appeal_words": text})
    return row


@transaction.atomic
def answer_appeal(*, pk: int, by: User, version: int | None, excuse: bool, slot: int | None = None) -> SignUp:
    """不算没来, or 维持: by the community, never by the person. ``slot``: the day on whose page it is answered.

    Raises as ``signing.hold``; ``NotFound`` for somebody of another day.
    """
    verb = SignUpVerb.EXCUSE if excuse else SignUpVerb.UPHOLD
    row = hold(pk, by, verb, version)
    if slot is not None and row.post.slot_id != slot:
        raise NotFound
    if _noted_missing(row) == by.pk:
        raise NotAllowed(_("登记没有来的人不能自己答复，请另一位同事看。"))
    answered = {"appeal": Appeal.EXCUSED if excuse else Appeal.UPHELD}
    row.move_to(verb, actor=by, changes={**answered, **({"ended_at": timezone.now()} if excuse else {})})
    tell_person(row, messages.NotSeenAnswered)
    return row


def _noted_missing(row: SignUp) -> int | None:
    last = row.events.filter(verb=SignUpVerb.NO_SHOW).order_by("-pk").first()
    return last.actor_id if last else None
