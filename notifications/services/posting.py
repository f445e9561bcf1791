"""Queue what groups are told, and say it: at most twenty calls a minute and robot, many things in one when it is busy.

A worker leases a robot, commits, calls, confirms. Who dies meanwhile leaves what was in hand, which is then uncertain:
neither platform recognises a repetition.
"""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from alliance.lib.inserting import insert_new
from alliance.lib.wake import wake
from notifications.channels import Unavailable, signed
from notifications.channels import robots as channel
from notifications.channels.robots import LONGEST, REST_SECONDS, Throttled
from notifications.messages import MessageClass, in_source_language
from notifications.models import Robot, RobotPost, RobotSending
from notifications.querysets import PostQuerySet
from notifications.services.holding import is_quiet_now
from notifications.states import Part, PostState, Reason

POST_TASK = "notifications.post"
A_MINUTE = 20
SINGLY = 3
"""So many are said one by one; more than that at a time are put together."""
TOGETHER = 20
MAX_ATTEMPTS = 5
BACK_OFF = (60, 120, 300, 900)
LEASE_SECONDS, RUN_SECONDS = 120, 45
MINUTE = timedelta(minutes=1)
_log = structlog.get_logger("tongxin.notifications")


def rows_for(letters: Iterable[tuple[MessageClass, str]]) -> list[RobotPost]:
    """What the groups of each message's area are to be told: one query for all, none if no class is for groups."""
    told = [(message, occurrence) for message, occurrence in letters if message.group and message.area_code]
    if not told:
        return []
    by_area: dict[str, list[Robot]] = defaultdict(list)
    for robot in Robot.objects.filter(is_active=True):
        by_area[robot.area_id].append(robot)
    return [
        post_of(robot, message, occurrence)
        for message, occurrence in told
        for code, robots in by_area.items()
        if message.area_code.startswith(code)
        for robot in robots
    ]


def post_of(robot: Robot, message: MessageClass, occurrence: str) -> RobotPost:
    """Number, title, day and link of ``message``: nothing else of it."""
    return RobotPost(
        robot=robot,
        rule=message.rule,
        occurrence=occurrence,
        number=message.subject_label,
        title=in_source_language(message.source(Part.TITLE), message.params)[:120],
        day=str(message.params.get("day", ""))[:20],
        url=message.url,
        at_once=message.urgent,
        not_before=Now(),
        expires_at=Now() + message.lasts,
    )


def write_posts(rows: Sequence[RobotPost]) -> int:
    """Insert what is new and ask the workers to look."""
    if not rows:
        return 0
    written = insert_new(rows)
    if written:
        wake(POST_TASK)
    return len(written)


def say_all() -> int:
    """Say what is due until nothing is, or a task's time is used up; returns how many calls were made.

    At night only what is 紧急.
    """
    RobotPost.objects.too_late().filter(batch__isnull=True).update(state=PostState.MISSED, last_error=Reason.TOO_LATE)
    ends, calls, seen = time.monotonic() + RUN_SECONDS, 0, set[int]()
    while time.monotonic() < ends and (robot := _lease(due(), seen)) is not None:
        seen.add(robot.pk)
        try:
            calls += _speak(robot, ends)
        finally:
            Robot.objects.filter(pk=robot.pk).update(leased_until=None)
    return calls


def due() -> PostQuerySet:
    """What is to be said now."""
    rows = RobotPost.objects.due()
    return rows.filter(at_once=True) if is_quiet_now() else rows


def _lease(waiting: PostQuerySet, seen: set[int]) -> Robot | None:
    """A robot with something to say that nobody speaks for; what a dead worker had in hand is uncertain."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
    rested = Q(paused_until__isnull=True) | Q(paused_until__lte=Now())
    with transaction.atomic(durable=True):
        rows = Robot.objects.filter(free, rested, is_active=True, posts__in=waiting).exclude(pk__in=seen)
        keys = rows.order_by("pk").values_list("pk", flat=True).distinct()
        robot = (
            Robot.objects.filter(free, pk__in=list(keys))
            .order_by("pk")
            .select_for_update(skip_locked=True, of=("self",), no_key=True)
            .first()
        )
        if robot is None:
            return None
        in_hand = RobotPost.objects.filter(robot=robot, state=PostState.WAITING, batch__isnull=False)
        in_hand.update(state=PostState.UNCERTAIN, last_error=Reason.INTERRUPTED)
        Robot.objects.filter(pk=robot.pk).update(leased_until=Now() + timedelta(seconds=LEASE_SECONDS))
    return robot


def _speak(robot: Robot, ends: float) -> int:
    """Say what ``robot`` has to say as far as the minute allows; returns the calls made."""
    calls = 0
    while time.monotonic() < ends:
        rows = list(due().filter(robot=robot, batch__isnull=True).order_by("not_before", "id")[:200])
        allowed = A_MINUTE - RobotSending.objects.filter(robot=robot, at__gt=Now() - MINUTE).count()
        if not rows or allowed <= 0:
            break
        # More than a few, or more than we may: together. Also after a pause, when much has gathered.
        together = len(rows) > min(SINGLY, allowed) or robot.paused_until is not None
        batch = _fitting(rows[:TOGETHER]) if together else rows[:1]
        calls += 1
        if not _say(robot, batch):
            break
    return calls


def _fitting(rows: Sequence[RobotPost]) -> Sequence[RobotPost]:
    """As many of ``rows`` as one text holds; at least one."""
    count = len(rows)
    while count > 1 and len(text_of(rows[:count]).encode()) > LONGEST:
        count -= 1
    return rows[:count]


def text_of(rows: Sequence[RobotPost]) -> str:
    """One line per post: number, title, day; the link below it."""
    said = []
    for row in rows:
        line = " ".join(part for part in (row.number, row.title, row.day) if part)
        link = f"{settings.SITE_URL.rstrip('/')}{row.url}" if row.url and settings.SITE_URL else ""
        said.append(f"{line}\n{link}" if link else line)
    if len(said) == 1:
        return signed(said[0])
    return signed("\n".join([in_source_language(_("%(n)s件事"), {"n": len(said)}), *said]))


def _say(robot: Robot, rows: Sequence[RobotPost]) -> bool:
    """One call, counted before it is made. Whether to go on."""
    batch = uuid.uuid4()
    mine = RobotPost.objects.filter(pk__in=[row.pk for row in rows], state=PostState.WAITING)
    with transaction.atomic(durable=True):
        RobotSending.objects.create(robot=robot, batch=batch, at=Now(), posts=len(rows))
        mine.update(batch=batch, attempts=F("attempts") + 1)
    mine = mine.filter(batch=batch)
    answer, goes_on = _outcome(robot, mine, text_of(rows))
    RobotSending.objects.filter(batch=batch).update(answer=answer)
    _log.info("robot_said", robot_id=robot.pk, posts=len(rows), answer=answer)
    return goes_on


def _outcome(robot: Robot, mine: Any, text: str) -> tuple[str, bool]:
    """Call, and write down what became of the posts: the answer in a word, and whether to go on."""
    try:
        answer = channel.say(robot.kind, robot.secret, robot.sign_secret, text)
    except Throttled:
        rest = timedelta(seconds=REST_SECONDS[robot.kind])
        Robot.objects.filter(pk=robot.pk).update(paused_until=Now() + rest)
        mine.update(batch=None, attempts=F("attempts") - 1, last_error=Reason.UNAVAILABLE)
        return "throttled", False
    except Unavailable:
        worn_out = mine.filter(attempts__gte=MAX_ATTEMPTS)
        worn_out.update(state=PostState.FAILED, last_error=Reason.UNAVAILABLE)
        for tried, pause_seconds in enumerate(BACK_OFF, start=1):
            again = mine.filter(attempts=tried)
            again.update(batch=None, not_before=Now() + timedelta(seconds=pause_seconds), last_error=Reason.UNAVAILABLE)
        return str(Reason.UNAVAILABLE), False
    except TimeoutError:
        mine.update(state=PostState.UNCERTAIN, last_error=Reason.TIMEOUT)
        return str(Reason.TIMEOUT), False
    if not answer.accepted:
        mine.update(state=PostState.FAILED, last_error=f"errcode.{answer.errcode}")
        return f"errcode.{answer.errcode}", False
    mine.update(state=PostState.SENT, sent_at=Now(), last_error="")
    Robot.objects.filter(pk=robot.pk).update(paused_until=None)
    robot.paused_until = None
    return "0", True
