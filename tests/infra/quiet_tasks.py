"""Tasks for a worker that is watched."""

from __future__ import annotations

import time
from pathlib import Path

from celery import shared_task


@shared_task(name="tests.tick")
def tick() -> None:
    """Nothing: that it came is enough."""


@shared_task(name="tests.long")
def long(seconds: float, note: str) -> None:
    """Work that lasts."""
    time.sleep(seconds)
    Path(note).write_text("done")
