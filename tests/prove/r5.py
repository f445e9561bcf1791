"""R5: Redis killed, emptied three times, frozen, each for a minute, while residents go on saying needs.

Redis carries hints alone. So no resident is refused or waits, nothing is lost, and what piled up is sent soon after.
"""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from alliance.embedded.testing import passable_folder
from tests.faults.broker import Broker, RedisStack
from tests.infra.quickstart import until

SECONDS = float(os.environ.get("SECONDS") or 60)
"""How long each harm lasts."""
BATCH, THREADS, PAUSE = 4, 2, 0.5
MOST_WAITED, MOST_DRAINED = 2.5, 60.0
"""Seconds the 99th of a hundred residents may wait for an answer; seconds until all that piled up is sent."""


@dataclass
class Outcome:
    """What one harm did; ``drained`` in seconds after its end."""

    said: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    drained: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def p99(self) -> float:
        return sorted(self.waited)[int(len(self.waited) * 0.99)]

    def __str__(self) -> str:
        return f"{len(self.said)} needs, p99 {self.p99:.2f} s, all sent {self.drained:.1f} s after"


@contextlib.contextmanager
def hurt_stack(folder: Path) -> Iterator[RedisStack]:
    """A demo on a Redis of its own."""
    broker = Broker(folder / "redis")
    stack = RedisStack(folder / "var", broker)
    try:
        stack.start()
        yield stack
    finally:
        stack.remove()
        broker.child.kill()


@contextlib.contextmanager
def killed(stack: RedisStack) -> Iterator[Callable[[float], None]]:
    stack.broker.stop(signal.SIGKILL)
    yield lambda _share: None
    stack.broker.start()


@contextlib.contextmanager
def emptied(stack: RedisStack) -> Iterator[Callable[[float], None]]:
    """At the beginning, in the middle, at the end."""
    due = [0.05, 0.5, 0.95]

    def step(share: float) -> None:
        if due and share >= due[0]:
            due.pop(0)
            stack.broker.client.flushall()

    yield step
    step(1.0)
    assert not due


@contextlib.contextmanager
def frozen(stack: RedisStack) -> Iterator[Callable[[float], None]]:
    with stack.broker.frozen():
        yield lambda _share: None


HARMS = {"killed": killed, "emptied three times": emptied, "frozen": frozen}


def run(stack: RedisStack, harm: str) -> Outcome:
    """Needs are said all the while ``harm`` lasts; every one is answered at the first try and told of once."""
    stack.refresh()
    outcome = Outcome()
    with HARMS[harm](stack) as step:
        began = time.monotonic()
        while (share := (time.monotonic() - began) / SECONDS) < 1:
            step(share)
            outcome.said += stack.submit(BATCH, THREADS)  # refuses anything but a first answer that says yes
            outcome.waited += stack.waits
            time.sleep(PAUSE)
    ended = time.monotonic()
    wanted = len(outcome.said) * [("sent", 1)]
    until(lambda: stack.texts(outcome.said) == wanted, 2 * MOST_DRAINED)
    outcome.drained = time.monotonic() - ended
    stack.sent_once(outcome.said)
    if outcome.p99 > MOST_WAITED:
        outcome.faults.append(f"{harm}: p99 {outcome.p99:.2f} s")
    if outcome.drained > MOST_DRAINED:
        outcome.faults.append(f"{harm}: drained after {outcome.drained:.0f} s")
    return outcome


def control(stack: RedisStack) -> list[str]:
    """Messages that stand in Redis alone, while it is killed: those that nobody ever gets."""
    stack.refresh()
    texts = [f"naive, before Redis was killed, {index}" for index in range(3)]
    with stack.frozen("worker"):
        stack.tell_naively("for the worker, which may hold one task")
        for text in texts:
            stack.tell_naively(text)
        stack.broker.stop(signal.SIGKILL)
        stack.broker.start()
    until(stack.broker.waiting)
    stack.tell_naively("naive, afterwards")
    until(lambda: "naive, afterwards" in stack.text())
    until(stack.broker.idle)
    return [text for text in texts if text not in stack.text()]


def prove_r5(_seed: int) -> tuple[bool, list[str]]:
    """Each harm on one stack; then messages that stand in Redis alone, of which some have to be lost."""
    lines, ok = [], True
    with (
        tempfile.TemporaryDirectory(prefix="tongxin-prove-", dir=passable_folder()) as folder,
        hurt_stack(Path(folder)) as stack,
    ):
        for harm in HARMS:
            outcome = run(stack, harm)
            ok &= not outcome.faults
            print(f"R5  {harm}: {outcome}  {'short' if outcome.faults else 'ok'}", flush=True)
            lines += [f"- {harm}: {outcome}", *(f"- fault: {fault}" for fault in outcome.faults)]
        lost = control(stack)
    told = f"control, messages that stand in Redis alone: {len(lost)} lost"
    print(f"R5  {told}  {'ok' if lost else 'short'}", flush=True)
    return ok and bool(lost), [*lines, f"- {told}"]
