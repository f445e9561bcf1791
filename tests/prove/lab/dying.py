"""A process that ends itself, as by SIGKILL, just before its n-th step: a statement, a commit, a call to the outside.

What lies between two steps is the same wherever one dies in it, so every n from the first step to the last is every
moment there is.
"""

from __future__ import annotations

import os
import signal
from typing import Any

from django.db import connection

_left = 0
_counted = 0


def step() -> None:
    """One more step of the process begins."""
    global _counted
    _counted += 1
    if _counted == _left:
        os.kill(os.getpid(), signal.SIGKILL)
        signal.pause()


def counted() -> int:
    return _counted


def die_before_step(number: int) -> None:
    """This process ends before its step ``number`` (0: only count)."""
    global _left, _counted
    _left, _counted = number, 0
    connection.execute_wrappers.append(_statement)
    plain = connection._commit

    def commit() -> None:
        step()
        plain()

    connection._commit = commit  # type: ignore[method-assign]


def _statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    step()
    return execute(sql, params, many, context)
