"""The limits of a need: the first response (two office hours), the promised reply (five working days), after it the end
(five more, or the day the reply named), and the leader's call (three).

Every function is called with the need locked, in the transaction of what causes it. Defaults of limits and ladder:
the street's usage; the 民法典 (art. 201, 203) says how days are counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import NotFound, RuleBroken
from deadlines.kinds import StageKind
from deadlines.models import Stage
from deadlines.services.stages import (
    extend_stage,
    hand_over,
    last_day,
    pause_stage,
    resume_stage,
    start_stage,
    stop_stage,
)
from deadlines.states import Audience, Unit
from deadlines.worktime import Calendar
from needs import messages
from needs.messages.answers import call_late
from needs.messages.done import DoneDayMoved, done_day_moved, done_moved, done_reminder
from needs.models import Errand, Extension, Need
from needs.services.daylight import by_daylight
from needs.services.follow_up import link_for
from needs.services.hands import account_of, hands_of
from needs.states import CALL_BACK, DONE, FIRST_RESPONSE, OPEN_STATES, PROMISES, REPLY, Office, Verb
from notifications.services import call_off, queue
from people.models import User

LADDER = ((-1, Audience.HANDS), (0, Audience.HANDS), (1, Audience.SUPERVISOR), (3, Audience.PARTY_OFFICE))
"""The street's ladder: whoever has it the working day before and on the day, then the superiors, then the party office.
"""
GIVE_BACK = "needs.return"
"""How long whoever has it may give it back (退回): a limit without a clock of its own."""


def subject_of(need: Need) -> str:
    return f"need:{need.pk}"


def response_due(need: Need) -> datetime | None:
    """Until when somebody should take it up where it lies now, or call; None where no such limit runs."""
    running = Stage.objects.running().filter(subject=subject_of(need), kind__in=[FIRST_RESPONSE, CALL_BACK])
    return running.order_by("-started_at").values_list("due_at", flat=True).first()


def default_reply_by(cal: Calendar | None = None) -> date:
    """The day promised unless staff choose another: five working days on. ``cal``: the calendar, if it is read."""
    return last_day(REPLY, cal=cal)


def default_done_by(need: Need) -> date:
    """The day named for the end unless staff choose another: the one promised, if it is to come, else the usual."""
    ahead = need.reply_by is not None and need.reply_by > timezone.localdate()
    return need.reply_by if ahead and need.reply_by else last_day(DONE)


def promise_field(need: Need) -> str:
    """Where the day is kept that the resident counts on now."""
    return "done_by" if need.first_reply_at else "reply_by"


def _promise_of(need: Need) -> str:
    return DONE if need.first_reply_at else REPLY


def _start(
    need: Need, kind: str, *, at: datetime | None, due_on: date | None = None, schedule_from: datetime | None = None
) -> Stage:
    return start_stage(
        kind=kind,
        subject=subject_of(need),
        label=need.number,
        area_code=need.desk.pk,
        holder=need.holder,
        url=reverse("admin:needs_need_change", args=[need.pk]),
        params=messages.stage_params(need),
        due_on=due_on,
        started_at=at,
        lay_out_from=schedule_from,
    )


def await_acceptance(need: Need, *, at: datetime | None = None, schedule_from: datetime | None = None) -> None:
    """Somebody at the office that has it should look within the time for a first response, the leader should call
    within the time for that (``at``: now). ``schedule_from``: reminders of before that moment are not sent afterwards.
    """
    kind = CALL_BACK if need.office == Office.LEADER else FIRST_RESPONSE
    _start(need, kind, at=at, schedule_from=schedule_from)


def await_reply(need: Need, *, at: datetime | None = None, schedule_from: datetime | None = None) -> None:
    """Accepted: the first response was given; the promised reply is awaited. As ``await_acceptance``.

    A promise that was given before goes on in the hands of whoever has it now.
    """
    responded(need, at=at)
    _start(need, REPLY, at=at, due_on=need.reply_by, schedule_from=schedule_from)
    handed_over(need)


def responded(need: Need, *, at: datetime | None = None) -> None:
    """The first response was given, or the leader has called."""
    for kind in (FIRST_RESPONSE, CALL_BACK):
        stop_stage(kind=kind, subject=subject_of(need), at=at)


def handed_over(need: Need) -> None:
    """Whoever has it now, and at which office, is who is chased; the promise stays."""
    hand_over(subject=subject_of(need), holder=need.holder, area_code=need.desk.pk)


def moved(need: Need) -> None:
    """It lies at another office, or with the whole office again: the first response there is awaited anew."""
    responded(need)
    handed_over(need)
    await_acceptance(need)


def pause(need: Need) -> None:
    """The clock of the promise stands while the resident is waited for."""
    with suppress(NotFound):
        pause_stage(kind=_promise_of(need), subject=subject_of(need))


def go_on(need: Need) -> date | None:
    """The clock goes on with what was left; the day promised now. What never stood stays as it is."""
    with suppress(NotFound, RuleBroken):
        return resume_stage(kind=_promise_of(need), subject=subject_of(need)).due_on
    return need.promised


def extended(need: Need, until: date) -> None:
    """More time was granted: the promise is for ``until``."""
    extend_stage(kind=_promise_of(need), subject=subject_of(need), due_on=until)
    call_off(messages.PromiseMoved, subject_label=need.number)


def replied(need: Need, *, at: datetime | None = None) -> None:
    """The first reply keeps the promise, or breaks it late; what it says of the end is the next one."""
    stop_stage(kind=REPLY, subject=subject_of(need), at=at)
    call_off(messages.PromiseMoved, subject_label=need.number)
    if need.done_by:
        _start(need, DONE, at=at, due_on=need.done_by)


def done(need: Need, *, at: datetime | None = None) -> None:
    """It is done, whether the resident had heard before or not."""
    for kind in PROMISES:
        stop_stage(kind=kind, subject=subject_of(need), at=at)
    for moved in (messages.PromiseMoved, DoneDayMoved):
        call_off(moved, subject_label=need.number)


def ended(need: Need, *, at: datetime | None = None) -> None:
    """The resident took it back: nobody met or missed anything."""
    for kind in (FIRST_RESPONSE, CALL_BACK, *PROMISES):
        stop_stage(kind=kind, subject=subject_of(need), void=True, at=at)
    for moved in (messages.PromiseMoved, DoneDayMoved):
        call_off(moved, subject_label=need.number)


@transaction.atomic
def follow_calendar(stage: Stage) -> None:
    """The promised day moved with the working calendar: write it down, tell the handler and the resident."""
    need: Need = Need.objects.locked(int(stage.subject.partition(":")[2]))
    if need.state not in OPEN_STATES or stage.kind != _promise_of(need) or need.promised == stage.due_on:
        return
    field = promise_field(need)
    setattr(need, field, stage.due_on)
    need.touch(**{field: stage.due_on})
    need.write_event(verb=Verb.MOVE, actor=None, source=need.state, target=need.state, note="")
    occurrence = f"{need.number}:{stage.generation}"
    replied = need.first_reply_at is not None
    # One from last night names another day.
    call_off(DoneDayMoved if replied else messages.PromiseMoved, subject_label=need.number)
    told = done_moved(need) if replied else messages.reply_moved(need)
    queue(told, occurrence=occurrence, users=[need.holder] if need.holder else [])
    queue(
        done_day_moved(need) if replied else messages.promise_moved(need),
        occurrence=occurrence,
        users=account_of(need),
        phones=[need.contact_phone],
        not_before=by_daylight(),
    )


def lock_needs(subjects: Sequence[str]) -> None:
    """Lock the needs of limits before the limits, in the order every service here does: all of them by key, whether a
    limit is about the need itself, a request for more time (``extension:``), an errand (``errand:``) or one that was
    brought (``errand_claim:``).
    """
    named: dict[str, list[int]] = defaultdict(list)
    for subject in subjects:
        noun, _colon, key = subject.partition(":")
        named[noun].append(int(key))
    keys = set(named["need"])
    about = (
        ("extension", Extension.objects.all(), "pk__in"),
        ("errand", Errand.objects.all(), "pk__in"),
        ("errand_claim", Errand.objects.all(), "offer__claims__in"),
    )
    for noun, rows, by_key in about:
        if named[noun]:
            keys |= set(rows.filter(**{by_key: named[noun]}).values_list("need_id", flat=True))
    list(Need.objects.filter(pk__in=keys).select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))


def _hands(stage: Stage) -> Sequence[User]:
    return hands_of(stage.holder, stage.area_code)


STAGES = (
    StageKind(
        FIRST_RESPONSE,
        label=_("首次响应"),
        amount=2,
        unit=Unit.WORK_HOURS,
        steps=LADDER[1:],
        remind=messages.accept_reminder,
        hands=_hands,
        lock=lock_needs,
    ),
    StageKind(
        REPLY,
        label=_("答复居民"),
        amount=5,
        unit=Unit.WORK_DAYS,
        steps=LADDER,
        remind=messages.reply_reminder,
        hands=_hands,
        lock=lock_needs,
        secrets=link_for,
        units=frozenset({Unit.WORK_DAYS}),
        most=60,
        promised=True,
    ),
    StageKind(
        DONE,
        label=_("办好"),
        amount=5,
        unit=Unit.WORK_DAYS,
        steps=LADDER,
        remind=done_reminder,
        hands=_hands,
        lock=lock_needs,
        secrets=link_for,
        units=frozenset({Unit.WORK_DAYS}),
        most=60,
        promised=True,
    ),
    # Leaders are not chased: they read of it in their digest, and the party office that it is late.
    StageKind(
        CALL_BACK,
        label=_("领导回访"),
        amount=3,
        unit=Unit.WORK_DAYS,
        steps=((1, Audience.PARTY_OFFICE),),
        remind=call_late,
        hands=lambda stage: [],
        lock=lock_needs,
        units=frozenset({Unit.WORK_DAYS}),
        most=20,
    ),
    StageKind(
        GIVE_BACK,
        label=_("退回"),
        amount=1,
        unit=Unit.WORK_DAYS,
        steps=(),
        remind=lambda stage, offset, audience: None,
        hands=_hands,
        most=10,
    ),
)
