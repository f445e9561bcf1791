"""A worker that hears nothing any more ends itself, so that whoever keeps it alive starts it anew.

After a broken connection a worker on Redis can look alive and receive nothing for ever. The clock sends something
every ten seconds, so a long silence means deafness; of a worker that has heard nothing yet, a longer one: it may have
been up before the clock. And children that share one pipe of tasks read it under one lock: the
child that is killed while it waits there takes the lock along, and no other ever begins anything. Work that waits
while nobody works means that. Nothing is lost by ending: what is due is a row.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import Any

import structlog
from celery import bootsteps, signals
from celery.worker import state
from django.conf import settings

PATIENCE = 15.0
"""Seconds for an orderly end; a worker that is stuck does not get there."""
AT_FIRST = 5
"""So many times as patient with a worker that has not heard anything yet: its clock may still be starting."""
_log = structlog.get_logger("tongxin.worker")


def is_deaf(quiet: float, *, busy: bool, limit: float, longest_task: float) -> bool:
    """Whether ``quiet`` seconds without a new task mean that none can come.

    A busy worker takes nothing new; but no task lasts longer than ``longest_task``, so work excuses no more than that.
    """
    return quiet > (limit + longest_task if busy else limit)


class Standstill:
    """How long work has been waiting while nobody works."""

    def __init__(self) -> None:
        self._since: float | None = None

    def seconds(self, now: float, *, waiting: int, working: int) -> float:
        """To be asked again and again, with how many tasks were received and how many of them were begun."""
        if not waiting or working:
            self._since = None
        elif self._since is None:
            self._since = now
        return now - self._since if self._since is not None else 0.0


class Watchdog(bootsteps.StartStopStep):
    """Listens to every task received, wanted or not, and looks at the time, in a thread: the main loop may be stuck."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, **options: Any) -> None:
        self._heard_at, self._heard = time.monotonic(), False
        self._stopped = threading.Event()

    def include_if(self, parent: Any) -> bool:
        return settings.WORKER_SILENT_SECONDS > 0

    def start(self, parent: Any) -> None:
        self._heard_at = time.monotonic()
        for heard in (signals.task_received, signals.task_revoked):
            heard.connect(self._hear, weak=False)
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def stop(self, parent: Any) -> None:
        self._stopped.set()

    terminate = stop

    def _hear(self, **kwargs: Any) -> None:
        self._heard_at, self._heard = time.monotonic(), True

    def _watch(self) -> None:
        limit, longest = float(settings.WORKER_SILENT_SECONDS), float(settings.CELERY_TASK_TIME_LIMIT)
        stuck, still = float(settings.WORKER_STUCK_SECONDS), Standstill()
        busy = False
        while not self._stopped.wait(min(limit, stuck or limit) / 10):
            was_busy, busy = busy, bool(state.active_requests or state.reserved_requests)
            now = time.monotonic()
            if was_busy and not busy:
                self._heard_at = now  # it is only from now on that something new can be expected
            waits = still.seconds(now, waiting=len(state.reserved_requests), working=len(state.active_requests))
            quiet, patience = now - self._heard_at, limit if self._heard else AT_FIRST * limit
            if is_deaf(quiet, busy=busy, limit=patience, longest_task=longest):
                _log.error("worker_silent", seconds=round(quiet))
            elif stuck and waits > stuck:
                _log.error("worker_stuck", seconds=round(waits))
            else:
                continue
            self._end()
            return

    def _end(self) -> None:
        """Orderly if possible. Its children end with it: by the supervisor, or with the container."""
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(PATIENCE)
        os._exit(1)
