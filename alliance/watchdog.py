"""A worker that hears nothing any more ends itself, so that whoever keeps it alive starts it anew.

After a broken connection a worker on Redis can look alive and receive nothing for ever. The clock sends something
every minute, so a long silence means deafness. Nothing is lost by ending: what is due is a row.
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
_log = structlog.get_logger("tongxin.worker")


def is_deaf(quiet: float, *, busy: bool, limit: float, longest_task: float) -> bool:
    """Whether ``quiet`` seconds without a new task mean that none can come.

    A busy worker takes nothing new; but no task lasts longer than ``longest_task``, so work excuses no more than that.
    """
    return quiet > (limit + longest_task if busy else limit)


class Watchdog(bootsteps.StartStopStep):
    """Listens to every task received, wanted or not, and looks at the time, in a thread: the main loop may be stuck."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, **options: Any) -> None:
        self._heard_at = time.monotonic()
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
        self._heard_at = time.monotonic()

    def _watch(self) -> None:
        limit, longest = float(settings.WORKER_SILENT_SECONDS), float(settings.CELERY_TASK_TIME_LIMIT)
        busy = False
        while not self._stopped.wait(limit / 10):
            was_busy, busy = busy, bool(state.active_requests or state.reserved_requests)
            if was_busy and not busy:
                self._heard_at = time.monotonic()  # it is only from now on that something new can be expected
            quiet = time.monotonic() - self._heard_at
            if is_deaf(quiet, busy=busy, limit=limit, longest_task=longest):
                _log.error("worker_silent", seconds=round(quiet))
                self._end()
                return

    def _end(self) -> None:
        """Orderly if possible. Its children end with it: by the supervisor, or with the container."""
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(PATIENCE)
        os._exit(1)
