"""A worker that hears nothing ends itself; one that hears, or works, stays."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from celery import Celery
from django.conf import settings

from alliance.embedded.places import REPO
from alliance.embedded.processes import Child, Spec
from alliance.watchdog import AT_FIRST, Standstill, is_deaf
from tests.infra.quickstart import children_of, until

pytestmark = pytest.mark.infra
SILENT = 4.0
LONG = 2.5 * SILENT
Start = Callable[..., Child]


@pytest.mark.parametrize(
    ("quiet", "busy", "deaf"),
    [(299, False, False), (301, False, True), (301, True, False), (599, True, False), (601, True, True)],
)
def test_silence_is_deafness_unless_there_is_work(quiet: float, busy: bool, deaf: bool) -> None:
    assert is_deaf(quiet, busy=busy, limit=300, longest_task=300) is deaf


def test_work_that_waits_while_nobody_works_is_a_standstill() -> None:
    still = Standstill()
    seen = [(0, 0, 0), (1, 1, 0), (11, 1, 0), (21, 2, 1), (31, 1, 0), (51, 1, 0), (52, 0, 0), (60, 1, 0)]
    told = [still.seconds(now, waiting=waiting, working=working) for now, waiting, working in seen]
    assert told == [0, 0, 10, 0, 0, 20, 0, 0]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a worker or a clock on a broker (a number of Redis, or files) of its own."""
    children: list[Child] = []

    def run(name: str, broker: int | None, *arguments: str, **more: str) -> Child:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.infra.quiet_settings",
            "TONGXIN_VAR": str(tmp_path),
            "REDIS_URL": _redis(broker) if broker else "",
            "WORKER_SILENT_SECONDS": str(int(SILENT)),
            **more,
        }
        program = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "alliance.celery", *arguments]
        child = Child(Spec(name, program, REPO, environment, tmp_path / f"{name}.log", stop_seconds=1.0))
        children.append(child)
        return child

    yield run
    for child in children:
        child.stop()


def _redis(number: int) -> str:
    return urlunsplit(urlsplit(os.environ["TEST_REDIS_URL"])._replace(path=f"/{number}"))


def _ready(log: Path) -> None:
    until(lambda: log.exists() and "ready." in log.read_text("utf-8", "replace"), 60)


WORKER = ("worker", "--loglevel", "INFO", "--concurrency", "2", "--without-gossip", "--without-mingle")


def test_a_deaf_worker_ends_itself_and_others_stay(start: Start, tmp_path: Path) -> None:
    """Three workers, each with a broker of its own: nobody sends; a clock sends; long work and nothing else."""
    alone = start("alone", 1, *WORKER)
    served = start("served", 2, *WORKER)
    busy = start("busy", 3, *WORKER)
    start("beat", 2, "beat", "--schedule", str(tmp_path / "beat"), "--pidfile", "")
    note = tmp_path / "note"
    with Celery(broker=_redis(3), set_as_current=False) as sender:
        sender.send_task("tests.long", [LONG, str(note)])
    for name in ("alone", "served", "busy"):
        _ready(tmp_path / f"{name}.log")
    since = time.monotonic()

    until(lambda: busy.exit_code() is not None or note.exists(), 60)
    assert note.exists() and "worker_silent" not in (tmp_path / "busy.log").read_text("utf-8"), "it was at work"
    until(lambda: busy.exit_code() is not None, 60)

    until(lambda: alone.exit_code() is not None, 60)
    assert _silences(tmp_path / "alone.log")[0] >= AT_FIRST * SILENT, "its clock might have been starting"

    until(lambda: time.monotonic() - since > 2 * SILENT)
    assert served.exit_code() is None
    assert "worker_silent" not in (tmp_path / "served.log").read_text("utf-8")

    # The clock still sends, but nothing arrives: as after a reconnect that was only half made.
    with Celery(broker=_redis(2), set_as_current=False) as sender:
        sender.control.cancel_consumer("celery")
    until(lambda: served.exit_code() is not None, 60)
    assert _silences(tmp_path / "served.log")[0] < AT_FIRST * SILENT, "it had heard before"


def _silences(log: Path) -> list[int]:
    """Of how many seconds it speaks, each time; it ends after the first."""
    found = [int(seconds) for seconds in re.findall(r"worker_silent\b.*\bseconds\D*(\d+)", log.read_text("utf-8"))]
    assert len(found) == 1
    return found


def test_a_worker_that_falls_silent_is_noticed_within_a_minute_and_the_clock_strikes_often_enough() -> None:
    looks = min(settings.WORKER_SILENT_SECONDS, settings.WORKER_STUCK_SECONDS) / 10
    assert 0 < settings.WORKER_SILENT_SECONDS + looks <= 60
    often = min(entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values())
    assert often * 4 <= settings.WORKER_SILENT_SECONDS, "one or two strokes may be lost"


def test_hearing_what_came_too_late_is_hearing(start: Start, tmp_path: Path) -> None:
    """Somebody's hints arrive and expire on the way, by this worker's clock: it is not deaf."""
    worker, log = start("late", 4, *WORKER), tmp_path / "late.log"
    _ready(log)
    since = time.monotonic()
    with Celery(broker=_redis(4), set_as_current=False) as sender:
        while time.monotonic() - since < 2 * SILENT:
            known = log.read_text("utf-8").count("Discarding revoked task")
            sender.send_task("tests.tick", expires=datetime.now(UTC) - timedelta(minutes=1))
            until(lambda known=known: log.read_text("utf-8").count("Discarding revoked task") > known, 30)
            time.sleep(0.2)
    assert worker.exit_code() is None
    assert "worker_silent" not in log.read_text("utf-8")


NEVER = "3600"
STUCK = 3


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")
@pytest.mark.parametrize("guard", [STUCK, 0], ids=["guarded", "control"])
def test_a_child_killed_while_it_waits_for_work_takes_nobody_along(start: Start, tmp_path: Path, guard: int) -> None:
    """It holds the lock of the pipe: its sibling and its successor wait for ever, unless the worker ends itself."""
    limits = {"WORKER_SILENT_SECONDS": NEVER, "WORKER_STUCK_SECONDS": str(guard)}
    worker = start("files", None, *WORKER, **limits)
    start("beat", None, "beat", "--schedule", str(tmp_path / "beat"), "--pidfile", "")
    log, ticks = tmp_path / "files.log", tmp_path / "ticks"
    _ready(log)
    until(ticks.exists)
    assert worker.pid
    while not _stands_still(ticks):
        os.kill(until(lambda: _waiting_for_work(worker.pid)), signal.SIGKILL)
    if guard:
        until(lambda: worker.exit_code() is not None, 60)
        assert log.read_text("utf-8").count("worker_stuck") == 1
    else:
        time.sleep(3 * STUCK)
        assert worker.exit_code() is None
        assert _stands_still(ticks), "without the guard nobody would notice"


def _waiting_for_work(pid: int) -> int | None:
    """The child that holds the lock: it waits for the pipe, all others for the lock."""
    for child in children_of(pid):
        with contextlib.suppress(OSError):
            if "pipe_read" in Path(f"/proc/{child}/wchan").read_text():
                return child
    return None


def _stands_still(ticks: Path) -> bool:
    """Nothing is done any more, although the clock strikes twice a second."""
    before = ticks.read_text().count("tick")
    time.sleep(2)
    return ticks.read_text().count("tick") == before
