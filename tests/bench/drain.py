"""Bar: reminders that are due, drained by the sweep, against a row loop: one transaction per reminder, get, tell, save.

Both find the same dues of running limits and leave the same notices. The server's commits wait for no disk here, which
favours the loop: it commits once per reminder.
"""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from tests.bench.bars import Bar

REMINDERS, ROUNDS = 2_000, 3
MANY, SECONDS, PROCESSES = 100_000, 60.0, 2
OF_ROW_LOOP = 10.0
AREA, WORKER = "330109001048", "zhoumin"


def bars() -> Iterator[Bar]:
    from deadlines.services.sweep import sweep_all

    ways: dict[str, Callable[[], object]] = {"drain": sweep_all, "row loop": row_loop}
    took: dict[str, list[float]] = {name: [] for name in ways}
    left: dict[str, list[Any]] = {}
    arrange(50)
    for drain in ways.values():  # warm: plans, imports, translations
        drain()
    for _round in range(ROUNDS):
        for name, drain in ways.items():
            arrange(REMINDERS)
            began = time.perf_counter()
            drain()
            took[name].append(time.perf_counter() - began)
            left[name] = notices()
    assert left["drain"] == left["row loop"]
    assert len(left["drain"]) == REMINDERS
    for name, seconds in took.items():
        print(f"    {name:<20} {statistics.median(seconds) * 1e6 / REMINDERS:9.0f} µs per reminder", flush=True)
    yield Bar("drain/row loop", statistics.median(took["row loop"]) / statistics.median(took["drain"]), OF_ROW_LOOP)
    yield Bar(f"drain {MANY:,} in-app", _by_two(MANY), SECONDS, " s", at_most=True)


def _by_two(count: int) -> float:
    """Seconds in which two processes, as two workers on two cores, tell ``count`` people what is due."""
    from django.db import connections

    arrange(count)
    connections.close_all()
    workers = [multiprocessing.get_context("fork").Process(target=_until_none) for _ in range(PROCESSES)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - began
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    assert len(notices()) == count
    return seconds


def _until_none() -> None:
    from deadlines.services.sweep import sweep

    while sweep()[0]:
        pass


def arrange(count: int) -> None:
    """``count`` promises that end today, each with its reminder due since a minute ago; no notice yet."""
    from django.db import connection
    from django.utils import timezone

    from deadlines.models import ChaseStep, Due, Stage
    from deadlines.services.ladder import CHASE, chase_key, subject_of
    from notifications.models import Message

    for model in (Due, Stage, Message):
        model.objects.all().delete()
    assert ChaseStep.objects.filter(kind="needs.reply", offset=0).exists()
    stages = _stages(count)
    now = timezone.now()
    Due.objects.bulk_create(
        Due(
            kind=CHASE,
            subject=subject_of(stage),
            label=stage.label,
            area_code=AREA,
            key=chase_key(stage, 0),
            params={"offset": 0},
            due_at=now - timedelta(minutes=1),
        )
        for stage in stages
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE deadlines_due, deadlines_stage, notifications_message")


def _stages(count: int) -> list[Any]:
    from django.utils import timezone

    from deadlines.models import Stage
    from people.models import User

    now, worker = timezone.now(), User.objects.get(username=WORKER)
    return Stage.objects.bulk_create(
        (
            Stage(
                kind="needs.reply",
                subject=f"need:{number}",
                label=f"XQ-CX-{number:06d}",
                url=f"/admin/needs/need/{number}/change/",
                area_code=AREA,
                params={"number": f"XQ-CX-{number:06d}", "community": "万寿桥社区"},
                holder=worker,
                started_at=now - timedelta(days=7),
                counted_from=now - timedelta(days=7),
                due_at=now + timedelta(minutes=1),
            )
            for number in range(count)
        ),
        batch_size=5_000,
    )


def row_loop() -> None:
    """As a first draft would have it, with the product's own words and outbox."""
    from django.db import transaction
    from django.utils import timezone

    from deadlines.kinds import stage_kind
    from deadlines.models import ChaseStep, Due, Stage
    from deadlines.states import DueState
    from notifications.services import queue

    waiting = Due.objects.filter(state=DueState.WAITING, due_at__lte=timezone.now()).order_by("due_at", "id")
    for pk in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            due = Due.objects.select_for_update().get(pk=pk)
            stage = Stage.objects.select_related("holder").get(pk=due.subject.partition(":")[2])
            step = ChaseStep.objects.get(kind=stage.kind, offset=due.params["offset"])
            kind = stage_kind(stage.kind)
            message = kind.remind(stage, step.offset, step.audience) if kind else None
            if kind and message:
                queue(message, occurrence=due.key, users=kind.hands(stage))
            due.state, due.ended_at = DueState.DONE, timezone.now()
            due.save()


def notices() -> list[Any]:
    """What was told to whom. The occurrence names the limit's row, which is another one in each round."""
    from notifications.models import Message

    fields = ("rule", "recipient_key", "channel", "title", "body", "params", "url", "state")
    return list(Message.objects.order_by("url", "recipient_key", "channel", "rule").values_list(*fields))
