"""R4, R6, R7, R8 in short: the engine of what falls due under kills, after downtime, in a crowd, by a wrong clock."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.migrated import migrated
from tests.prove import r4, r6, r7, r8, r17
from tests.prove.engine import fresh_lab
from tests.prove.lab.world import Lab

pytestmark = [
    pytest.mark.infra,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc"),
]
SEED = 20261121
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")


@pytest.fixture
def lab() -> Iterator[Lab]:
    with fresh_lab(migrated(), f"lab_{WORKER}", os.environ["TEST_REDIS_URL"], 8 + int(WORKER) % 8) as fresh:
        yield fresh


def test_killed_at_every_moment_of_a_sweep(lab: Lab) -> None:
    outcome = r4.every_moment(lab, "sweep", after="deliver", step=3)
    print(outcome)
    assert outcome.moments > 24  # a kill at every third statement of the sweep
    assert not outcome.faults


def test_killed_at_every_moment_of_a_delivery(lab: Lab) -> None:
    outcome = r4.every_moment(lab, "deliver", before="sweep", step=2)
    print(outcome)
    assert outcome.moments > 15
    assert outcome.verdict.repeated, "nobody died between the sending and the note of it"
    assert not outcome.faults


@pytest.mark.parametrize(("naive", "fault"), [("mark_then_send", "lost"), ("send_then_mark", "doubled")])
def test_control_without_an_outbox_a_kill_loses_or_doubles(lab: Lab, naive: str, fault: str) -> None:
    outcome = r4.every_moment(lab, naive, step=5)
    print(outcome)
    assert getattr(outcome.verdict, fault)


def test_real_workers_killed_at_random_lose_and_double_nothing(lab: Lab) -> None:
    outcome = r4.storm(lab, stages=15, kills=3, seed=SEED)
    print(outcome)
    assert not outcome.faults


def test_three_days_without_workers(lab: Lab) -> None:
    outcome = r6.downtime(lab)
    print(outcome)
    assert not outcome.faults
    assert outcome.done and outcome.missed == outcome.listed > 0
    assert set(outcome.rungs) == {"sent", "outdone", "missed and listed"}, "each of the ways is shown"


def test_two_clocks_and_four_sweepers(lab: Lab) -> None:
    outcome = r7.crowd(lab, stages=5, things=1100)
    print(outcome)
    assert outcome.hands > 1, "only one of them worked: no crowd"
    assert not outcome.faults


@pytest.mark.parametrize("look", [r6.downtime, lambda lab, naive: r7.at_once(lab, naive, things=100)])
def test_control_without_locks_everybody_does_it(lab: Lab, look: Callable[[Lab, str], Any]) -> None:
    outcome = look(lab, "sweep_without_locks")
    print(outcome)
    assert any(count > 1 for count in lab.effects().values())
    assert outcome.faults


def test_the_databases_clock_jumps(lab: Lab) -> None:
    outcome = r8.jumps(lab)
    print(outcome)
    assert not outcome.faults


def test_control_the_tick_as_the_event_is_fooled_by_the_clock(lab: Lab) -> None:
    assert r8.jumps(lab, "sweep_by_ticks").faults
    assert any(count > 1 for count in lab.effects().values())


def test_every_task_twice_and_at_once(lab: Lab) -> None:
    from django.conf import settings

    outcome = r17.every(sorted({entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}))(lab)
    print(outcome)
    assert not outcome.faults


@pytest.mark.parametrize("naive", ["lab.plan_again", "lab.without_locks"])
def test_control_tasks_that_may_not_be_run_twice(lab: Lab, naive: str) -> None:
    assert r17.twice(lab, naive).faults
