"""R7: two clocks and four sweepers at once do everything once."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from tests.prove.lab.world import Lab, Verdict, judge, wait_for

SWEEPERS = 4


@dataclass
class Crowd:
    """Who did it, and what they left."""

    things: int
    hands: int
    verdict: Verdict

    @property
    def faults(self) -> list[str]:
        return self.verdict.faults

    @property
    def harm(self) -> list[str]:
        return self.verdict.lost + self.verdict.doubled

    def __str__(self) -> str:
        return f"{self.things} things by {self.hands} connections: {self.verdict}"


def crowd(lab: Lab, *, stages: int, things: int) -> Crowd:
    """Two real beats, two real workers of two children each, all meeting the same work."""
    lab.must("arrange", batches=1, stages=stages)
    lab.must("add_things", moments=[-1e8] * things, mark="B0")
    with contextlib.ExitStack() as running:
        for name in ("one", "two"):
            running.callback(lab.worker(f"worker-{name}").stop)
            running.callback(lab.beat(f"beat-{name}").stop)
        lab.must("add_things", moments=[1.0], mark="first")
        wait_for(lambda: lab.one("SELECT count(*) = 1 FROM lab_effect"))  # they are at work
        lab.release()
        wait_for(lambda: lab.one("SELECT count(*) = 0 FROM deadlines_due WHERE state = 'waiting'"))
        wait_for(lambda: lab.one("SELECT count(*) = 0 FROM notifications_message WHERE state = 'waiting'"))
    return _looked(lab)


def at_once(lab: Lab, action: str, *, things: int) -> Crowd:
    """Four processes that begin ``action`` at the same moment."""
    lab.must("add_things", moments=[1.0] * things, mark="thing")
    ran = lab.run(action, at_once=SWEEPERS)
    assert not any(ran.codes), lab.errors()
    return _looked(lab)


def _looked(lab: Lab) -> Crowd:
    things, hands = lab.rows("SELECT count(DISTINCT due_key), count(DISTINCT by) FROM lab_effect")[0]
    return Crowd(things, hands, judge(lab))
