"""Wake a worker after commit. A hint only: what is due is a row, and a sweep every minute finds it without us."""

from __future__ import annotations

import threading
import time

import structlog
from celery import current_app
from django.db import transaction

QUIET_SECONDS = 30.0
_log = structlog.get_logger("tongxin.wake")
_quiet_until = 0.0
_lock = threading.Lock()


def wake(task: str) -> None:
    """Ask a worker to run ``task`` (a registered name) once the transaction has committed.

    Never raises and never waits for the broker longer than its connection timeout (2 s); after a failure it
    stays quiet for 30 s, so that a dead broker does not slow every request.
    """
    transaction.on_commit(lambda: _send(task), robust=True)


def _send(task: str) -> None:
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        current_app.send_task(task, retry=False)
    except Exception as error:  # the broker's clients raise what they like; none of it may reach a person
        with _lock:
            _quiet_until = time.monotonic() + QUIET_SECONDS
        _log.warning("wake_failed", task=task, error=type(error).__name__)
