"""The clock and its workers: while the broker is away, on machines whose clocks differ, when time is put back."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from celery.beat import PersistentScheduler
from django.conf import settings
from django.utils import timezone

from alliance.celery import app
from alliance.clock import Clock
from alliance.embedded.places import REPO
from alliance.embedded.processes import Child, Spec
from tests.faults.broker import Broker
from tests.infra.quickstart import until

pytestmark = pytest.mark.infra
Start = Callable[..., Child]
ENOUGH = 3
WORKER = ("worker", "--loglevel", "INFO", "--concurrency", "1", "--without-gossip", "--without-mingle")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    found = Broker(tmp_path)
    yield found
    found.child.stop()


@pytest.fixture
def start(tmp_path: Path, broker: Broker) -> Iterator[Start]:
    """A Celery process on the broker, by a clock of its own."""
    children: list[Child] = []

    def run(name: str, *arguments: str, ahead: float = 0, module: str = "quiet_settings") -> Child:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": f"tests.infra.{module}",
            "TONGXIN_VAR": str(tmp_path),
            "REDIS_URL": broker.url,
            "WORKER_SILENT_SECONDS": "0",
        }
        program = [sys.executable, "-W", "ignore", "-m", "tests.infra.skewed", str(ahead), "--quiet", "-A"]
        log = tmp_path / f"{name}.log"
        child = Child(Spec(name, [*program, "alliance.celery", *arguments], REPO, environment, log, stop_seconds=1.0))
        children.append(child)
        return child

    yield run
    for child in children:
        child.stop()


def _beat(start: Start, folder: Path, *arguments: str, **options: str) -> Child:
    schedule = ("--schedule", str(folder / "beat"), "--pidfile", "", "--loglevel", "WARNING")
    return start("beat", "beat", *schedule, *arguments, **options)


def _lines(file: Path, word: str = "") -> int:
    return sum(word in line for line in file.read_text("utf-8").splitlines()) if file.exists() else 0


@pytest.mark.parametrize("hours", [2, -2])
def test_a_worker_works_whatever_its_own_clock_says(start: Start, tmp_path: Path, hours: int) -> None:
    _beat(start, tmp_path)
    start("worker", *WORKER, ahead=hours * 3600)
    until(lambda: _lines(tmp_path / "ticks") >= ENOUGH, 60)
    assert _lines(tmp_path / "worker.log", "revoked") == 0


def test_control_ticks_that_expire_are_dropped_by_a_worker_whose_clock_is_ahead(start: Start, tmp_path: Path) -> None:
    _beat(start, tmp_path, module="expiring_settings")
    start("worker", *WORKER, ahead=120)
    until(lambda: _lines(tmp_path / "worker.log", "Discarding revoked task") >= ENOUGH, 60)
    assert _lines(tmp_path / "ticks") == 0


def test_nothing_the_clock_sends_expires_or_is_rarer_than_hourly() -> None:
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        assert "options" not in entry and entry["schedule"] <= 3600, name


PLAIN = ("--scheduler", "celery.beat:PersistentScheduler")


@pytest.mark.parametrize("ours", [True, False], ids=["ours", "control"])
def test_while_the_broker_is_away_the_clock_says_so_in_one_line_and_then_goes_on(
    start: Start, tmp_path: Path, broker: Broker, ours: bool
) -> None:
    _beat(start, tmp_path, *(() if ours else PLAIN))
    until(lambda: broker.queued()["tests.tick"] >= ENOUGH, 60)
    broker.stop()
    log = tmp_path / "beat.log"
    until(lambda: _lines(log) >= 1, 60)
    since = time.monotonic()
    until(lambda: time.monotonic() - since > 5)  # ten ticks more
    said = (_lines(log, "clock_cannot_send"), _lines(log) - 1, _lines(log, "Traceback"))
    assert (said == (1, 0, 0)) is ours, log.read_text("utf-8")[:4000]
    broker.start()
    until(lambda: broker.queued()["tests.tick"] >= ENOUGH, 60)


@pytest.mark.parametrize("kind", [Clock, PersistentScheduler], ids=["ours", "control"])
def test_put_back_it_does_not_wait_for_the_time_to_come_round_again(tmp_path: Path, kind: Any) -> None:
    sent: list[str] = []

    class Noting(kind):  # type: ignore[misc]
        """Notes what it would send."""

        producer = None

        def apply_async(self, entry: Any, *arguments: Any, **options: Any) -> None:
            sent.append(entry.name)

    with time_machine.travel(timezone.now(), tick=False) as machine:
        clock = Noting(app, schedule_filename=str(tmp_path / "schedule"), lazy=True)
        clock.setup_schedule()
        clock.schedule.clear()
        clock.add(name="tick", task="tests.tick", schedule=60)

        def struck() -> int:
            """How often, within a minute and a half."""
            sent.clear()
            for _second in range(90):
                while clock.tick() == 0:
                    pass
                machine.shift(timedelta(seconds=1))
            return sent.count("tick")

        assert struck() == 1
        machine.shift(timedelta(hours=-1))
        assert struck() == (1 if kind is Clock else 0)
        clock.close()
