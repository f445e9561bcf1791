"""Drives a real quick start for the tests: starts it, watches its processes, kills them, finds orphans."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alliance.embedded.places import REPO, Places, remove_everything
from alliance.embedded.postgres import free_port
from alliance.embedded.state import is_healthy, read_state

COMMAND = [sys.executable, "-m", "alliance.embedded"]
NOT_INHERITED = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "DJANGO_SETTINGS_MODULE",
    "TEST_REDIS_URL",
)


def until(condition: Callable[[], Any], seconds: float = 40.0) -> Any:
    """Poll until the condition holds; fails the test when it does not in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds:g} s: {condition}")


class QuickStart:
    """One copy with a folder and a port of its own."""

    def __init__(self, var: Path) -> None:
        self.where = Places(var.resolve())
        self.port = free_port()
        self.output = var.with_name(var.name + ".out")
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self, **more: str) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        own = {"TONGXIN_VAR": str(self.where.var), "PORT": str(self.port), "DEMO": "0", "WEB_WORKERS": "1"}
        return {**inherited, **own, **more}

    def start(self, **more: str) -> QuickStart:
        assert self.process is None or self.process.poll() is not None, "it runs already"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*COMMAND, "run"],
                cwd=REPO,
                env=self.environment(**more),
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        until(lambda: "就绪" in self.text() or self.process is None or self.process.poll() is not None, 300)
        assert "就绪" in self.text(), self.text()
        return self

    def text(self) -> str:
        return self.output.read_text("utf-8", errors="replace")

    def stop(self, number: int = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)

    def pid(self, name: str) -> int:
        """The process number of a child that runs now, 0 between two lives."""
        marks = read_state(self.where).get("marks", {})
        return int(marks[name][0]) if name in marks else 0

    def healthy(self) -> bool:
        return is_healthy("127.0.0.1", self.port)

    def processes(self) -> list[str]:
        """Everything alive that belongs to this copy, however deep: told by its folders."""
        signs = [os.fsencode(self.where.var), os.fsencode(self.where.database)]
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                seen = _command_environment_and_folder(entry)
                if any(sign in seen for sign in signs):
                    found.append(f"{entry.name} {seen[:80]!r}")
        return found

    def remove(self) -> None:
        if self.process and self.process.poll() is None:
            self.stop()
        until(lambda: not self.processes(), 20)
        remove_everything(self.where)


def refused(var: Path, **environment: str) -> tuple[int, list[str]]:
    """Run a start that should be refused; its exit code and the lines it printed."""
    copy = QuickStart(var)
    done = subprocess.run(
        [*COMMAND, "run"],
        cwd=REPO,
        env=copy.environment(**environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def state_file(where: Places) -> dict[str, Any]:
    found = json.loads(where.state.read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def _command_environment_and_folder(entry: Path) -> bytes:
    """A zombie has none of these: it is no process any more."""
    seen = b""
    with contextlib.suppress(OSError):
        seen += (entry / "cmdline").read_bytes()
    with contextlib.suppress(OSError):
        seen += (entry / "environ").read_bytes()
    with contextlib.suppress(OSError):
        seen += os.fsencode((entry / "cwd").readlink())
    return seen
