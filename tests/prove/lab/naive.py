"""The controls: engines as a first draft would have them. What R4, R7 and R8 count, they must lose or double."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from celery import shared_task
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from deadlines.models import Due
from deadlines.services.dues import NewDue, add_dues
from deadlines.states import DueState
from notifications.models import Message
from notifications.states import Channel, State
from people.models import User
from tests.prove.lab import dying
from tests.prove.lab.things import leave_trace, remember

AUDIENCES = {
    0: ("lab-worker", "lab-colleague"),
    1: ("lab-secretary",),
    3: ("lab-party",),
}


def _waiting() -> Iterator[Due]:
    yield from list(Due.objects.filter(state=DueState.WAITING, due_at__lte=Now()).order_by("pk"))


def _mark(due: Due) -> None:
    Due.objects.filter(pk=due.pk).update(state=DueState.DONE, ended_at=Now())


def _send(due: Due) -> None:
    """Within the task, with no row that says it has still to be done."""
    if due.kind == "lab.thing":
        leave_trace([due])
    for user in User.objects.filter(username__in=AUDIENCES.get(due.params.get("offset", 99), ())):
        params, now = {"label": due.label, "offset": str(due.params["offset"])}, timezone.now()
        fields = {"rule": "lab.Reminder", "occurrence": uuid.uuid4().hex, "recipient_key": f"u:{user.pk}"}
        Message.objects.create(
            **fields, params=params, channel=Channel.INAPP, title="naive", state=State.SENT, sent_at=now, expires_at=now
        )
        dying.step()
        remember(uuid.uuid4(), user.phone, params)
        dying.step()


def mark_then_send() -> int:
    """Whoever dies after the mark has lost what was to be sent."""
    for due in _waiting():
        _mark(due)
        _send(due)
    return dying.counted()


def send_then_mark() -> int:
    """Whoever dies before the mark sends again."""
    for due in _waiting():
        _send(due)
        _mark(due)
    return dying.counted()


def sweep_without_locks() -> int:
    """Everybody reads the same list, then does it: nobody begins before all have read, or the first might be done."""
    due_now = list(_waiting())
    _all_have_read()
    for due in due_now:
        leave_trace([due])
        _mark(due)
    return dying.counted()


def _all_have_read() -> None:
    """Until as many processes as were asked at once are here, or for twenty seconds."""
    together, here = int(os.environ["LAB_AT_ONCE"]), Path(os.environ["LAB_FOLDER"]) / f"round-{os.environ['LAB_ROUND']}"
    here.mkdir(exist_ok=True)
    (here / str(os.getpid())).touch()
    deadline = time.monotonic() + 20
    while len(list(here.iterdir())) < together and time.monotonic() < deadline:
        time.sleep(0.01)


def sweep_by_ticks() -> int:
    """What fell due since the last tick, by whatever the clock says: the tick as the event."""
    note = Path(os.environ["LAB_FOLDER"]) / "tick"
    now = _database_now()
    last = datetime.fromisoformat(note.read_text()) if note.exists() else now - timedelta(days=1)
    leave_trace(list(Due.objects.filter(kind="lab.thing", due_at__gt=last, due_at__lte=now)))
    note.write_text(now.isoformat())
    return dying.counted()


def _database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        found = cursor.fetchone()[0]
    assert isinstance(found, datetime)
    return found


@shared_task(name="lab.naive", acks_late=False)
def naive() -> None:
    """Gone from the broker before it is done."""
    mark_then_send()


@shared_task(name="lab.plan_again")
def plan_again() -> None:
    """Plans what it has planned already."""
    add_dues([NewDue("lab.thing", "lab:again", timezone.now() + timedelta(days=30), f"again:{uuid.uuid4()}")])


@shared_task(name="lab.without_locks")
def without_locks() -> None:
    """Harmless twice in a row, not at once."""
    sweep_without_locks()
