"""The clock that sends the regular work: says in one line that the broker is away, and goes on when time jumps back."""

from __future__ import annotations

import time
from typing import Any

import structlog
from celery.beat import PersistentScheduler

SAY_EVERY = 60.0
_log = structlog.get_logger("tongxin.clock")


class Clock(PersistentScheduler):
    """Celery's own, with two manners more. What could not be sent is not made up for: the next tick does as well."""

    _said_at = -SAY_EVERY

    def apply_async(self, entry: Any, producer: Any = None, advance: bool = True, **options: Any) -> Any:
        """Send ``entry``; a broker that is away is a line once a minute, and no traceback for each tick."""
        try:
            return super().apply_async(entry, producer=producer, advance=advance, **options)
        except Exception as error:  # the broker's clients raise what they like
            if time.monotonic() - self._said_at >= SAY_EVERY:
                self._said_at = time.monotonic()
                _log.warning("clock_cannot_send", task=entry.task, error=type(error.__context__ or error).__name__)
            return None

    def tick(self, *arguments: Any, **options: Any) -> float:
        """As Celery's. Where the machine's clock was put back, nothing waits for the time to come round again."""
        entries = self.schedule.values()
        ahead = [entry for entry in entries if entry.last_run_at and entry.last_run_at > entry.default_now()]
        for entry in ahead:
            entry.last_run_at = entry.default_now()
        if ahead:
            self._heap = None
        seconds: float = super().tick(*arguments, **options)
        return seconds
