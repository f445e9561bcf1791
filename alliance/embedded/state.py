"""What a running copy writes down: its lock, its processes, its addresses."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alliance.embedded.places import CannotStart, Places


@contextlib.contextmanager
def only_one(where: Places) -> Iterator[None]:
    """Hold the lock of this copy. The kernel frees it with the process: a file left behind never blocks."""
    with where.lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            state = read_state(where)
            who = f"进程 {state.get('pid', '?')}，{state.get('url', '正在启动')}"
            raise CannotStart(f"已经在运行（{who}），请先停止那一个 (already running)") from None
        yield


def is_running(where: Places) -> bool:
    try:
        with only_one(where):
            return False
    except FileNotFoundError:
        return False
    except CannotStart:
        return True


def read_state(where: Places) -> dict[str, Any]:
    """Empty when nothing is written down or it is unreadable."""
    try:
        found = json.loads(where.state.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def is_healthy(host: str, port: int) -> bool:
    """Whether the site answers that it and its database are well."""
    connection = http.client.HTTPConnection(reachable(host), port, timeout=5)
    try:
        connection.request("GET", "/health/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def reachable(host: str) -> str:
    """An address to call, for one to listen on."""
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104


def tail(path: Path, lines: int = 12) -> str:
    try:
        return "\n".join(path.read_text("utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
