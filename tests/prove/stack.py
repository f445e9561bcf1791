"""A real quick start with people in it, and the ways to hurt it."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2

from tests.infra.prepared import begin_with_a_copy
from tests.infra.quickstart import QuickStart, children_of, state_file, until


class ProofStack(QuickStart):
    """The demo behind one proxy (so that every resident has an address of their own), without the proof of work."""

    def __init__(self, var: Path, **more: str) -> None:
        super().__init__(var)
        self.more = {"DEMO": "1", "NUM_PROXIES": "1", "CAPTCHA_ENABLED": "0", **more}

    def start(self, **more: str) -> QuickStart:
        begin_with_a_copy(self.where)
        return super().start(**more)

    def environment(self, **more: str) -> dict[str, str]:
        return super().environment(**self.more, **more)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database's owner sees."""
        with self._cursor("DATABASE_OWNER_URL") as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    def change(self, statement: str, *, role: str = "DATABASE_OWNER_URL") -> None:
        """Something done behind the product's back, to see whether the proof sees it."""
        with self._cursor(role) as cursor:
            cursor.execute(statement)

    @contextlib.contextmanager
    def _cursor(self, role: str) -> Iterator[Any]:
        connection = psycopg2.connect(state_file(self.where)["addresses"][role])
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            yield cursor

    def hurt(self, harm: str) -> None:
        HARMS[harm](self)

    def leader(self, name: str) -> int:
        """The process of ``name`` once it lives: between two lives the notes still name the last one."""
        return int(until(lambda: (pid := self.pid(name)) and _lives(pid) and pid))


def _lives(pid: int) -> bool:
    """A process that has ended but was not fetched yet has no command line any more."""
    with contextlib.suppress(OSError):
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    return False


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return children_of(pid)
    return []


def _kill_group(name: str) -> Callable[[ProofStack], None]:
    return lambda stack: os.killpg(stack.leader(name), signal.SIGKILL)


def _kill_child(name: str) -> Callable[[ProofStack], None]:
    def kill(stack: ProofStack) -> None:
        os.kill(until(lambda: [pid for pid in _children(stack.leader(name)) if _lives(pid)])[-1], signal.SIGKILL)

    return kill


def _stop_immediately(stack: ProofStack) -> None:
    os.kill(stack.leader("postgres"), signal.SIGQUIT)


def _kill_supervisor(stack: ProofStack) -> None:
    """Everything ends with it; somebody then starts it again."""
    assert stack.process is not None
    stack.process.kill()
    stack.process.wait()
    stack.start()


HARMS: dict[str, Callable[[ProofStack], None]] = {
    "web killed": _kill_group("web"),
    "one web worker killed": _kill_child("web"),
    "worker killed": _kill_group("worker"),
    "one worker child killed": _kill_child("worker"),
    "beat killed": _kill_group("beat"),
    "postgres stopped immediately": _stop_immediately,
    "postgres killed": _kill_group("postgres"),
    "one postgres backend killed": _kill_child("postgres"),
    "supervisor killed": _kill_supervisor,
}
