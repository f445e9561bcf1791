"""A real quick start with people in it, and the ways to hurt it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2

from tests.infra.quickstart import QuickStart, children_of, state_file, until


class ProofStack(QuickStart):
    """The demo behind one proxy (so that every resident has an address of their own), without the proof of work."""

    def __init__(self, var: Path, **more: str) -> None:
        super().__init__(var)
        self.more = {"DEMO": "1", "NUM_PROXIES": "1", "CAPTCHA_ENABLED": "0", **more}

    def environment(self, **more: str) -> dict[str, str]:
        return super().environment(**self.more, **more)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database's owner sees."""
        connection = psycopg2.connect(state_file(self.where)["addresses"]["DATABASE_OWNER_URL"])
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return list(cursor.fetchall())
        finally:
            connection.close()

    def hurt(self, harm: str) -> None:
        HARMS[harm](self)

    def _leader(self, name: str) -> int:
        return int(until(lambda: self.pid(name)))


def _kill_group(name: str) -> Callable[[ProofStack], None]:
    return lambda stack: os.killpg(stack._leader(name), signal.SIGKILL)


def _kill_child(name: str) -> Callable[[ProofStack], None]:
    return lambda stack: os.kill(until(lambda: children_of(stack._leader(name)))[-1], signal.SIGKILL)


def _stop_immediately(stack: ProofStack) -> None:
    os.kill(stack._leader("postgres"), signal.SIGQUIT)


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
