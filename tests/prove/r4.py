"""R4: whatever moment a worker is killed at, every reminder is in each inbox once and goes out under one key."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from dataclasses import dataclass
from random import Random

from alliance.embedded.processes import Child
from tests.infra.quickstart import children_of
from tests.prove.lab.world import Lab, Verdict, judge, wait_for

BATCHES = 40


@dataclass
class Moments:
    """How many moments of a run there are, and what dying at each of them left."""

    what: str
    moments: int
    verdict: Verdict

    @property
    def faults(self) -> list[str]:
        return self.verdict.faults

    @property
    def harm(self) -> list[str]:
        return self.verdict.lost + self.verdict.doubled

    def __str__(self) -> str:
        return f"{self.what} killed at each of {self.moments} moments, {self.verdict}"


def every_moment(lab: Lab, action: str, *, before: str = "", after: str = "", step: int = 1) -> Moments:
    """``action`` with one pair of stages before it, killed before its first step, its second … until it survives.

    After every death the leases run out and somebody else comes. ``before`` and ``after`` run unharmed.
    """
    number, arranged = 0, 0
    while True:
        if number == arranged:
            lab.must("arrange", batches=BATCHES, first=arranged)
            arranged += BATCHES
        lab.release(number)
        if before:
            lab.must(before)
        point = 1 + number * step
        ran = lab.run(action, die_before=point)
        number += 1
        if not ran.died:
            break
        lab.free_leases()
        lab.must(action)
    if after:
        lab.must(after)
    lab.change("DELETE FROM deadlines_due WHERE due_at > now() + interval '1 year'")
    lab.change("DELETE FROM deadlines_stage WHERE label NOT IN (SELECT label FROM deadlines_due)")
    return Moments(action, point - 1, judge(lab))


@dataclass
class Storm:
    """Real workers, killed at random while there is work."""

    seed: int
    reminders: int
    kills: Counter[str]
    seconds: float
    verdict: Verdict

    @property
    def faults(self) -> list[str]:
        return self.verdict.faults

    @property
    def harm(self) -> list[str]:
        return self.verdict.lost + self.verdict.doubled

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.reminders} reminders, {dict(self.kills)}, {self.seconds:.0f} s: {self.verdict}"


def storm(lab: Lab, *, stages: int, kills: int, seed: int) -> Storm:
    """A worker of two, a beat that strikes every second, and a SIGKILL whenever another part of the work is done."""
    random, began, done = Random(seed), time.monotonic(), Counter[str]()
    lab.must("arrange", batches=1, stages=stages)
    beat, worker = lab.beat("beat"), lab.worker("worker")
    try:
        lab.release()
        for number in range(kills):
            _await_progress(lab, (number + random.random()) / kills)
            how, worker = _kill(lab, worker, random)
            done[how] += 1
            lab.free_leases()
        wait_for(lambda: _finished(lab))
    finally:
        beat.stop()
        worker.stop()
    reminders = lab.one("SELECT count(*) FROM deadlines_due WHERE kind = 'deadlines.chase'")
    return Storm(seed, reminders, done, time.monotonic() - began, judge(lab))


def _kill(lab: Lab, worker: Child, random: Random) -> tuple[str, Child]:
    """A child of the pool, or the whole group with its master: then another one is started."""
    children = children_of(worker.pid)
    if children and random.random() < 0.5:
        os.kill(random.choice(children), signal.SIGKILL)
        return "children", worker
    worker.kill()
    return "groups", lab.worker("worker")


def _progress(lab: Lab) -> float:
    """The part of the work that is behind us: dues ended and texts sent, of all there will be."""
    dues, ended = lab.rows("SELECT count(*), count(ended_at) FROM deadlines_due")[0]
    texts = dues * 4 / 5  # a pair of stages has five dues and four texts
    return float((ended + sum(len(keys) for keys in lab.sent().values())) / (dues + texts))


def _await_progress(lab: Lab, share: float) -> None:
    wait_for(lambda: _progress(lab) >= share or _finished(lab))


def _finished(lab: Lab) -> bool:
    waiting = lab.one("SELECT count(*) FROM deadlines_due WHERE state = 'waiting'")
    return not waiting and not lab.one("SELECT count(*) FROM notifications_message WHERE state = 'waiting'")
