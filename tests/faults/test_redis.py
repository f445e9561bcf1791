"""Redis carries hints: it makes delivery prompt, and its stop, freeze or loss costs time and nothing else."""

from __future__ import annotations

import contextlib
import math
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.broker import QUIET_SECONDS, Broker, RedisStack
from tests.infra.quickstart import until

pytestmark = [
    pytest.mark.infra,
    pytest.mark.xdist_group("redis"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc"),
]
HINT = "notifications.deliver"
DELAY = 2.5
"""So many seconds at most may a frozen Redis delay a request."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisStack]:
    folder = tmp_path_factory.mktemp("redis")
    broker = Broker(folder / "redis")
    stack = RedisStack(folder / "var", broker)
    try:
        stack.start()
        yield stack
    finally:
        stack.remove()
        broker.child.kill()


@pytest.fixture
def stack(running: RedisStack) -> RedisStack:
    running.refresh()
    return running


def test_redis_is_the_broker_and_no_file_is(stack: RedisStack) -> None:
    assert set(until(stack.broker.waiting)) <= _ports_of(stack.leader("worker"))
    with stack.frozen("beat"):
        until(stack.broker.idle)  # no sweep is under way
        with stack.frozen("worker"):
            numbers = stack.submit(3)
            # Redis may have handed the first hint to the worker, which was waiting for it when it froze.
            assert stack.broker.queued()[HINT] in (2, 3)
        stack.sent_once(numbers)
    assert not list(stack.where.var.rglob("broker*"))


def test_the_hint_alone_delivers_while_the_clock_stands_still(stack: RedisStack) -> None:
    with stack.frozen("beat"):
        until(stack.broker.idle)  # no sweep is under way
        for _ in range(3):
            stack.sent_once(stack.submit(1))
        # A connection that Redis has ended meanwhile is opened again unseen: nothing fails, nobody goes quiet.
        stack.broker.stop(signal.SIGKILL)
        stack.broker.start()
        until(stack.broker.waiting)
        stack.sent_once(stack.submit(1))
    assert stack.failed_hints() == stack.failures_seen


def test_a_stopped_redis_fails_no_request_and_the_sweep_finds_what_nobody_was_told(stack: RedisStack) -> None:
    with stack.frozen("beat"):
        stack.broker.stop()
        began, failed = time.monotonic(), stack.failed_hints()
        numbers = stack.submit(6)
        tries, ended = stack.failed_hints() - failed, time.monotonic()
        # Left alone after a failure: one try in the quiet time, however many requests there are.
        assert 1 <= tries <= math.ceil((ended - began) / QUIET_SECONDS)
        stack.broker.start()
        stack.tell_naively("the worker works again")
        until(lambda: "the worker works again" in stack.text())
        # But without a hint and without the clock it does not know that there is more to do.
        assert stack.texts(numbers) == 6 * [("waiting", 0)]
    stack.sent_once(numbers)
    with stack.frozen("beat"):
        until(lambda: time.monotonic() > ended + QUIET_SECONDS)
        until(stack.broker.idle)
        stack.sent_once(stack.submit(1))  # the same web process gives hints again


def test_a_frozen_redis_holds_nobody_and_loses_nothing(stack: RedisStack) -> None:
    numbers = stack.submit(6, threads=6)
    stack.sent_once(numbers)  # web, worker and clock hold connections now, and these stay open
    in_peace = stack.slowest
    with contextlib.ExitStack() as meanwhile:
        with stack.frozen("beat"):
            until(stack.broker.idle)  # no sweep is under way
            meanwhile.enter_context(stack.broker.frozen())
        numbers = stack.submit(6, threads=6)
        assert stack.slowest <= in_peace + DELAY
        stack.fresh_web()
        numbers += stack.submit(2)
        assert stack.texts(numbers) == 8 * [("waiting", 0)]
    stack.sent_once(numbers)


@pytest.mark.parametrize("harm", ["emptied", "killed"])
def test_a_message_that_stands_in_redis_alone_is_lost_and_ours_is_not(stack: RedisStack, harm: str) -> None:
    lost = [f"naive, before it was {harm}, {index}" for index in range(3)]
    with stack.frozen("worker"):
        stack.tell_naively("for the worker, which was waiting for one task when it froze and may hold it")
        numbers = stack.submit(2)
        for text in lost:
            stack.tell_naively(text)
        assert all(text in stack.broker.bodies() for text in lost)
        if harm == "emptied":
            stack.broker.client.flushall()
        else:
            stack.broker.stop(signal.SIGKILL)
            stack.broker.start()
    stack.sent_once(numbers)  # the hints are lost as well, the sweep needs none
    # In peace the naive way works; what was acknowledged before is gone for good.
    until(stack.broker.waiting)
    stack.tell_naively(f"naive, after it was {harm}")
    until(lambda: f"naive, after it was {harm}" in stack.text())
    until(stack.broker.idle)
    assert not [text for text in lost if text in stack.text()]


def _ports_of(pid: int) -> set[int]:
    """The local TCP ports of one process."""
    sockets = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return {int(row[1].rpartition(":")[2], 16) for row in rows if f"socket:[{row[9]}]" in sockets}
