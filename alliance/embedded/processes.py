"""Child processes that end with their supervisor and take their own children along."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from alliance.embedded.places import Account

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Spec:
    """How to start and stop one child."""

    name: str
    argv: Sequence[str]
    cwd: Path
    env: Mapping[str, str]
    log: Path | None = None  # where its errors go; None: the terminal
    talks: bool = False  # its plain output goes to the terminal
    account: Account | None = None
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 10.0  # then it is killed


class Child:
    """One running child. Start it from the main thread: the parent-death signal is bound to the thread."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.started_at = time.monotonic()
        with contextlib.ExitStack() as files:
            errors = files.enter_context(_append(spec.log)) if spec.log else None
            output = None if spec.talks else errors
            self._process = subprocess.Popen(
                list(spec.argv),
                cwd=spec.cwd,
                env=dict(spec.env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                process_group=0,
                umask=0o077,
                user=spec.account.uid if spec.account else None,
                group=spec.account.gid if spec.account else None,
                extra_groups=[] if spec.account else None,
                preexec_fn=_end_with_parent(spec.stop_signal, os.getpid()),
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while it runs. Once it has ended, whatever it left behind in its group is killed."""
        code = self._process.poll()
        if code is not None:
            kill_group(self.pid)
        return code

    def ask_to_stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(self.spec.stop_signal)

    def wait(self, seconds: float) -> bool:
        """Whether it ended within the time."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """Ask, wait, and kill the group in any case."""
        self.ask_to_stop()
        self.wait(self.spec.stop_seconds)
        self.kill()

    def kill(self) -> None:
        kill_group(self.pid)
        self._process.wait()


def kill_group(pid: int) -> None:
    """Kill what is left of a child's process group; the child was its leader."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def start_mark(pid: int) -> str:
    """What tells this process from a later one with the same number; empty when there is none."""
    try:
        # The name may contain spaces and brackets; the 22nd field is counted from behind it.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        if _LIBC is not None:  # Linux: there is no such process
            return ""
    answer = subprocess.run(["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def _append(path: Path) -> IO[bytes]:
    return path.open("ab")


def _end_with_parent(stop_signal: int, parent: int) -> Callable[[], None]:
    """Runs in the child before exec, after the change of account (which would clear the request)."""

    def bind() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, stop_signal, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return bind
