"""R8: the database's clock jumps an hour ahead, back, and far away: nothing is done twice, nothing is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from tests.clock import database_clock
from tests.prove.lab.world import Lab

HOUR, DAY = 3600, 86_400
JUMPS = (0, HOUR, -HOUR, 0, HOUR, -DAY, 3 * HOUR, 0)
FAR = 400 * DAY
MOMENTS = [1800 + HOUR * number for number in range(-3, 3)]
"""When things and texts fall due, in seconds from now: on the half hours, so that no jump meets one."""
LATER = 5 * DAY


@dataclass
class Jumps:
    """What was wrong after which jump."""

    jumps: int
    done: int
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.jumps} jumps of the database's clock, {self.done} things done, {len(self.faults)} faults"


def jumps(lab: Lab, sweep: str = "sweep") -> Jumps:
    """Everything is done at the first moment at which the database says so, and then never again."""
    ago = [float(-moment) for moment in MOMENTS for _ in range(5)]
    lab.must("add_things", moments=ago, mark="thing")
    lab.must("queue_texts", seconds_ago=ago, mark="text")
    lab.must("add_things", moments=[float(-LATER)], mark="later")
    faults, latest = [], 0
    with database_clock(owner=lab.addresses["DATABASE_OWNER_URL"]) as clock:
        for jump in JUMPS:
            clock.move(timedelta(seconds=jump))
            latest = max(latest, jump)
            _work(lab, sweep)
            faults += [f"after {jump:+d} s: {fault}" for fault in _compare(lab, latest)]
        faults += _dying_ahead(lab, sweep, clock.move)
        clock.move(timedelta(seconds=FAR))
        _work(lab, sweep)
        clock.move(timedelta())
        _work(lab, sweep)
    found = lab.rows("SELECT key, state FROM deadlines_due WHERE state <> 'done'")
    if found != [("later:0", "missed")] or lab.must("seen_gone_wrong") != ["later:0"]:
        faults.append(f"after {FAR:+d} s: {found}")
    return Jumps(len(JUMPS) + 4, len(lab.effects()), faults)


def _work(lab: Lab, sweep: str) -> None:
    for action in (sweep, "deliver"):
        ran = lab.run(action, at_once=2 if action in ("sweep", "deliver") else 1)
        assert not any(ran.codes), lab.errors()


def _compare(lab: Lab, latest: int) -> Iterator[str]:
    """Things and texts, each once from the latest moment on that the clock has shown."""
    effects = lab.effects()
    keys = [key for per in lab.sent().values() for key in per.elements()]
    numbers = dict(lab.rows("SELECT key::text, occurrence FROM notifications_message WHERE channel = 'sms'"))
    texts = [numbers[key] for key in keys]
    for number, moment in enumerate(moment for moment in MOMENTS for _ in range(5)):
        wanted = int(moment <= latest)
        for what, count in (("thing", effects[f"thing:{number}"]), ("text", texts.count(f"text:{number}"))):
            if count != wanted:
                yield f"{what} {number} done {count} times, wanted {wanted}"


def _dying_ahead(lab: Lab, sweep: str, move: Callable[[timedelta], None]) -> Iterator[str]:
    """A sweeper leases by a clock that is an hour ahead and dies; the clock is put right."""
    lab.must("add_things", moments=[1.0], mark="leased")
    move(timedelta(seconds=HOUR))
    # Step by step until it dies holding the lease: committed, nothing done.
    for point in range(1, 20):
        lab.run(sweep, die_before=point)
        if lab.one("SELECT count(*) FROM deadlines_due WHERE key = 'leased:0' AND leased_until IS NOT NULL"):
            break
    for seconds in (0, -HOUR, 2 * HOUR, 0):
        move(timedelta(seconds=seconds))
        _work(lab, sweep)
    if lab.effects()["leased:0"] != 1:
        yield f"what was leased by a clock ahead was done {lab.effects()['leased:0']} times"
