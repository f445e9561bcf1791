"""R17: every task of the clock run twice, and several times at once, changes nothing more than run once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.prove.lab.world import Lab

AT_ONCE = 3
NOT_COMPARED = ("deadlines_heartbeat",)
"""The heartbeat says when the sweep last ran: to say so again is what it is for."""


@dataclass
class Twice:
    """What one task did where it should have done nothing."""

    task: str
    changed: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.task}: changed {self.changed} tables once, {len(self.faults)} faults"


def twice(lab: Lab, task: str) -> Twice:
    """Run ``task`` on two worlds alike: once and once more in the first, three times at once and once more in the
    second, which has to come out as the first did."""
    outcome = Twice(task)
    for rest in ("sweep", "deliver"):
        lab.must(rest)  # nothing of an earlier task's world is left to do
    alone = _grown(lab, task, "1", 1, outcome)
    outcome.changed = len(alone)
    if not alone:
        outcome.faults.append("found nothing to do, so this says nothing")
    together = _grown(lab, task, "2", AT_ONCE, outcome)
    if alone != together:
        outcome.faults.append(f"alone {dict(alone)}, {AT_ONCE} at once {dict(together)}")
    return outcome


def _grown(lab: Lab, task: str, mark: str, at_once: int, outcome: Twice) -> Counter[str]:
    """What ``task`` changes in a world arranged for it: rows by table and state. Then it must change nothing."""
    lab.must("arrange_work", task=task, mark=mark)
    before = Counter(dict(_counted(lab)))
    ran = lab.run("run_task", task=task, at_once=at_once)
    if any(ran.codes):
        outcome.faults.append(f"{at_once} at once ended with {ran.codes}: {lab.errors()[-1500:]}")
    after, content = Counter(dict(_counted(lab))), dict(_content(lab))
    lab.must("run_task", task=task)
    for table, digest in _content(lab):
        if content[table] != digest:
            outcome.faults.append(f"{table} is another after one more run")
    after.subtract(before)
    return Counter({name: count for name, count in after.items() if count})


def _tables(lab: Lab) -> list[str]:
    names = lab.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [name for (name,) in names if name not in NOT_COMPARED]


def _content(lab: Lab) -> Iterator[tuple[str, str]]:
    """A digest of every table, and of everything outside: files, calls of the providers."""
    row = "md5(string_agg(md5(t::text), '' ORDER BY t::text))"
    parts = [f"SELECT '{table}', {row} FROM \"{table}\" AS t" for table in _tables(lab)]  # noqa: S608
    yield from ((table, str(digest)) for table, digest in lab.rows(" UNION ALL ".join(parts)))
    files = sorted(str(path) for path in (lab.folder / "media").rglob("*") if path.is_file())
    yield "files", hashlib.sha256("\n".join(files).encode()).hexdigest()
    yield "sent", str(_calls(lab))


def _counted(lab: Lab) -> Iterator[tuple[str, int]]:
    """Rows by table, and by state where there is one; files; calls."""
    stateful = {
        name for (name,) in lab.rows("SELECT table_name FROM information_schema.columns WHERE column_name = 'state'")
    }
    parts = []
    for table in _tables(lab):
        state = "t.state" if table in stateful else "''"
        parts.append(f"SELECT '{table}', {state}, count(*) FROM \"{table}\" AS t GROUP BY 2")  # noqa: S608
    for table, state, count in lab.rows(" UNION ALL ".join(parts)):
        yield f"{table} {state}".strip(), count
    yield "needs with a phone", lab.one("SELECT count(*) FROM needs_need WHERE phone_index <> ''")
    yield "pulses", lab.one("SELECT count(*) FROM deadlines_heartbeat WHERE name = 'pulse'")
    yield "files", sum(path.is_file() for path in (lab.folder / "media").rglob("*"))
    yield "calls", _calls(lab)


def _calls(lab: Lab) -> int:
    return sum(per.total() for per in lab.sent().values())


def every(tasks: list[str]) -> Callable[[Lab], TwiceAll]:
    return lambda lab: TwiceAll([twice(lab, task) for task in tasks])


@dataclass
class TwiceAll:
    tasks: list[Twice]

    @property
    def faults(self) -> list[str]:
        return [f"{task.task}: {fault}" for task in self.tasks for fault in task.faults]

    def __str__(self) -> str:
        return "; ".join(str(task) for task in self.tasks)
