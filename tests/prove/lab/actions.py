"""What the forge's processes do: the product's own services, and the world they meet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from deadlines.defaults import load_ladder_defaults
from deadlines.models import Due, Stage, WorkDay
from deadlines.services.dues import NewDue, add_dues
from deadlines.services.ladder import PASSED, subject_of
from deadlines.services.stages import start_stage
from deadlines.services.sweep import sweep_all
from notifications.services import deliver_all, queue
from people.models import RoleGrant, User
from people.services.accounts import create_user
from people.services.areas import import_areas
from people.states import Role
from tests.prove.lab import dying, naive
from tests.prove.lab.things import LabReminder

AREA, STREET = "330109001048", "330109001"
AREAS = [
    ("3301", "杭州市", "city", ""),
    ("330109", "萧山区", "district", "3301"),
    (STREET, "城厢街道", "street", "330109"),
    (AREA, "万寿桥社区", "community", STREET),
]
PEOPLE = {
    "lab-worker": (Role.COMMUNITY_STAFF, AREA),
    "lab-colleague": (Role.COMMUNITY_STAFF, AREA),
    "lab-secretary": (Role.COMMUNITY_SECRETARY, AREA),
    "lab-party": (Role.PARTY_OFFICE, STREET),
    "lab-leader": (Role.LEADER, STREET),
}
RUNGS = {-1: -39.5, 0: -15.5, 1: 8.5, 3: 56.5}
"""Hours from the end, which is a midnight, to each rung of the ladder: half past eight of its day."""
LATER = timedelta(days=3650)
"""Where dues stand until their batch is released."""


def people() -> dict[str, str]:
    """Recipient keys by name."""
    import_areas([dict(zip(("code", "name", "level", "parent_code"), row, strict=True)) for row in AREAS], served=True)
    load_ladder_defaults()
    for number, (name, (role, area)) in enumerate(PEOPLE.items()):
        user = create_user(username=name, name=name, phone=f"1380000{number:04d}")
        User.objects.filter(pk=user.pk).update(email=f"{name}@tongxin.example")
        RoleGrant.objects.create(user=user, role=role, area_id=area)
    return {user.username: f"u:{user.pk}" for user in User.objects.filter(username__in=PEOPLE)}


def arrange(batches: int, stages: int = 1, first: int = 0) -> int:
    """Pairs of stages, one late and one of today ("e"), each with the rungs that are then in force, and one thing to
    do, in batches that wait to be released."""
    for batch in range(first, first + batches):
        with transaction.atomic():
            for number in range(stages):
                label = f"B{batch}-{number}"
                _start(label, -timedelta(hours=1), {1, 3})
                _start(f"{label}e", timedelta(days=1), {0})
                add_dues([NewDue("lab.thing", f"lab:{label}", timezone.now(), f"thing:{label}", label=label)])
            Due.objects.undone().filter(label__startswith=f"B{batch}-").update(due_at=Now() + LATER)
    return Due.objects.undone().count()


def _start(label: str, left: timedelta, rungs: set[int]) -> None:
    worker = User.objects.get(username="lab-worker")
    stage = start_stage(kind="lab.answer", subject=f"lab:{label}", label=label, area_code=AREA, holder=worker)
    Stage.objects.filter(pk=stage.pk).update(due_at=Now() + left)
    others = Due.objects.of(subject_of(stage)).exclude(params__offset__in=list(rungs))
    (others.exclude(kind=PASSED) if left < timedelta() else others).delete()


def start_ladders(ends: list[float], down: float) -> int:
    """A stage with its whole ladder for each of ``ends`` (hours ago; negative: ahead). Before the workers went away,
    ``down`` hours ago, whatever had come by then was sent."""
    now = timezone.now()
    for end in ends:
        worker = User.objects.get(username="lab-worker")
        start_stage(kind="lab.answer", subject=f"lab:{end}", label=f"L{end}", area_code=AREA, holder=worker)
        Stage.objects.filter(label=f"L{end}").update(due_at=now - timedelta(hours=end - down))
        for offset, hours in RUNGS.items():
            rung = Due.objects.filter(label=f"L{end}", params__offset=offset)
            came_before = end - hours > down
            rung.update(due_at=now if came_before else now + LATER)
    return Due.objects.undone().filter(label__startswith="L", due_at__lte=now).count()


def let_time_pass(ends: list[float]) -> int:
    """The stages of ``start_ladders`` end when they were said to, and what waits of their ladders comes around that."""
    now = timezone.now()
    for end in ends:
        moment = now - timedelta(hours=end)
        Stage.objects.filter(label=f"L{end}").update(due_at=moment)
        waiting = Due.objects.undone().filter(label=f"L{end}")
        waiting.filter(kind=PASSED).update(due_at=moment)
        for offset, hours in RUNGS.items():
            waiting.filter(params__offset=offset).update(due_at=moment + timedelta(hours=hours))
    return Due.objects.undone().filter(label__startswith="L", due_at__lte=now).count()


def add_things(moments: list[float], mark: str) -> int:
    """Things that fell due so many seconds ago (negative: in so many seconds), by the clock of this process."""
    now = timezone.now()
    return add_dues(
        NewDue(
            "lab.thing", f"lab:{mark}", now - timedelta(seconds=ago), f"{mark}:{n}", label=f"{mark}-{n}", area_code=AREA
        )
        for n, ago in enumerate(moments)
    )


def add_digests(days_ago: list[float]) -> int:
    now = timezone.now()
    # Whatever the day of the week: on a day off leaders are left alone.
    for ago in days_ago:
        WorkDay.objects.update_or_create(day=timezone.localdate(now - timedelta(days=ago)), defaults={"working": True})
    return add_dues(
        NewDue("deadlines.digest", f"street:{STREET}", now - timedelta(days=ago), f"digest:{n}", "城厢街道", STREET)
        for n, ago in enumerate(days_ago)
    )


def queue_texts(seconds_ago: list[float], mark: str) -> int:
    """Reminders to the worker that should have gone out so long ago (negative: in so long)."""
    worker, now = User.objects.get(username="lab-worker"), timezone.now()
    return sum(
        queue(
            LabReminder(params={"label": mark, "offset": "0"}),
            occurrence=f"{mark}:{n}",
            users=[worker],
            not_before=now - timedelta(seconds=ago),
        )
        for n, ago in enumerate(seconds_ago)
    )


def seen_gone_wrong() -> list[str]:
    """What the 党建办 finds among what went wrong."""
    party = User.objects.get(username="lab-party")
    wrong = Due.objects.visible_to(party).gone_wrong()
    return sorted(wrong.values_list("key", flat=True))


def sweep() -> int:
    sweep_all()
    return dying.counted()


def deliver() -> int:
    deliver_all()
    return dying.counted()


ACTIONS: dict[str, Callable[..., Any]] = {
    action.__name__: action
    for action in (
        *(people, arrange, start_ladders, let_time_pass, add_things, add_digests, queue_texts, seen_gone_wrong),
        *(sweep, deliver),
        *(naive.mark_then_send, naive.send_then_mark, naive.sweep_without_locks, naive.sweep_by_ticks),
    )
}
