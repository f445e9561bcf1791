"""How a run is shared out to its workers: by file, in an order that leaves none a long rest to do alone."""

from __future__ import annotations

import re
from typing import Any

from xdist.scheduler import LoadScopeScheduling

WAITING = ("tests/infra/", "tests/faults/")
"""Most of their time they wait for processes: one worker does these, while the others use the processor."""
LONG = (
    *("tests/journeys/", "part", "tests/consistency/test_requests.py", "tests/notifications/test_processes.py"),
    *("tests/portal/test_demo", "tests/members/test_names.py", "tests/concurrency/test_answers_and_merges.py"),
)
"""A file of few tests that take long: were one of these the last, the others would wait for it."""
_PART = re.compile(r"\[(part\d+)\]$")


def room_of(nodeid: str) -> str:
    """What is run by one worker: a file; of what every address is judged by, a part of the addresses."""
    found = _PART.search(nodeid)
    return found.group(1) if found else nodeid.partition("::")[0]


class Spread(LoadScopeScheduling):
    """Long ones first; the first worker begins with those that wait."""

    def _split_scope(self, nodeid: str) -> str:
        return room_of(nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        waits = node.gateway.id == self.nodes[0].gateway.id
        room = min(self.workqueue, key=lambda name: rank(name, len(self.workqueue[name]), waits=waits))
        self.workqueue.move_to_end(room, last=False)
        super()._assign_work_unit(node)


def rank(room: str, tests: int, *, waits: bool) -> tuple[bool, bool, int, str]:
    """What comes first has the lowest."""
    return room.startswith(WAITING) is not waits, not room.startswith(LONG), -tests, room
