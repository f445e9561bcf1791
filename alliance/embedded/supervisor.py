"""Keeps children alive: starts, watches, restarts with growing pauses, stops in order."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable, Mapping
from types import FrameType

from alliance.embedded.processes import Child, Spec, kill_group, start_mark

FIRST_PAUSE, LONGEST_PAUSE, HEALTHY_AFTER = 0.3, 30.0, 60.0


class Stopped(Exception):
    """Somebody asked for the stop (Ctrl-C, SIGTERM, the terminal closed)."""


class Kept:
    """A child that is meant to live, and how often it has died lately."""

    def __init__(self, make_spec: Callable[[], Spec]) -> None:
        self.make_spec = make_spec
        self.child: Child | None = None
        self.deaths = 0
        self.due_at = 0.0

    def start(self) -> Child:
        self.child = Child(self.make_spec())
        return self.child

    def look(self, now: float) -> str:
        """Restart when due; returns a word for the terminal when something changed."""
        if self.child is None:
            if now < self.due_at:
                return ""
            return f"已重启 {self.start().spec.name} (restarted)"
        code = self.child.exit_code()
        if code is None:
            return ""
        name = self.child.spec.name
        if now - self.child.started_at > HEALTHY_AFTER:
            self.deaths = 0
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self.deaths)
        self.deaths, self.child, self.due_at = self.deaths + 1, None, now + pause
        return f"{name} 意外退出（{code}），{pause:g} 秒后重启 (died, restarting)"


class Supervisor:
    """A context for the main thread: it takes over the signals and, at the end, stops every child."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.kept: dict[str, Kept] = {}
        self.changed: Callable[[], None] = lambda: None
        self._stop_asked = False
        self._leaving = False
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)

    def __enter__(self) -> Supervisor:
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        # Set all of them: a shell that starts jobs in the background hands on an ignored SIGINT.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # ignored on purpose by nohup
            signal.signal(signal.SIGHUP, self._on_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        return self

    def __exit__(self, *_: object) -> None:
        self._leaving = True
        self.stop_all()
        signal.set_wakeup_fd(-1)
        os.close(self._wake_read)
        os.close(self._wake_write)

    def keep(self, name: str, make_spec: Callable[[], Spec]) -> Child:
        kept = self.kept[name] = Kept(make_spec)
        child = kept.start()
        self.changed()
        return child

    def adopt(self, name: str, child: Child, make_spec: Callable[[], Spec]) -> None:
        """Keep a child that was started (and waited for) elsewhere."""
        kept = self.kept[name] = Kept(make_spec)
        kept.child = child
        self.changed()

    def finish(self, spec: Spec) -> int:
        """Run a command to its end and return its exit code; a stop meanwhile ends it too."""
        child = Child(spec)
        try:
            while (code := child.exit_code()) is None:
                self.pause(0.2)
        finally:
            child.kill()
        return code

    def look(self) -> None:
        """One round over all children; restarts happen here, and so always in the main thread."""
        for kept in self.kept.values():
            if word := kept.look(time.monotonic()):
                self.say(word)
                self.changed()

    def pause(self, seconds: float) -> None:
        """Sleep until something happens or the time is over; raises when the stop was asked for."""
        if not self._stop_asked:
            select.select([self._wake_read], [], [], seconds)
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake_read, 4096)
        if self._stop_asked:
            raise Stopped

    def stop_all(self) -> None:
        """Visitors first, then the background, the database last."""
        last = [kept.child for name, kept in self.kept.items() if name == "postgres" and kept.child]
        first = [kept.child for name, kept in self.kept.items() if name != "postgres" and kept.child]
        for child in first:
            child.ask_to_stop()
        for child in (*first, *last):
            child.stop()
        self.kept.clear()

    def marks(self) -> dict[str, tuple[int, str]]:
        """Who runs, for the next start to recognise leftovers."""
        return {name: (kept.child.pid, start_mark(kept.child.pid)) for name, kept in self.kept.items() if kept.child}

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        if self._leaving:  # asked again while stopping: no more patience
            for kept in self.kept.values():
                if kept.child:
                    kill_group(kept.child.pid)
        self._stop_asked = True


def end_leftovers(marks: Mapping[str, tuple[int, str]], say: Callable[[str], None], patience: float = 3.0) -> None:
    """End what a killed supervisor left behind; a number that now names another process is left alone."""
    alive = [(pid, mark) for pid, mark in marks.values() if mark and start_mark(pid) == mark]
    if alive:
        say("清理上次没有停好的进程 (ending leftovers of the last run)")
    for name, (pid, mark) in marks.items():
        if (pid, mark) in alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGINT if name == "postgres" else signal.SIGTERM)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and any(start_mark(pid) == mark for pid, mark in alive):
        time.sleep(0.05)
    for pid, mark in alive:
        if start_mark(pid) == mark:
            kill_group(pid)
