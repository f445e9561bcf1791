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
    wrong = Due.objects.visible_to(party).filter(state__in=["failed", "missed"])
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
        *(people, arrange, add_things, add_digests, queue_texts, seen_gone_wrong),
        *(sweep, deliver),
        *(naive.mark_then_send, naive.send_then_mark, naive.sweep_without_locks, naive.sweep_by_ticks),
    )
}
