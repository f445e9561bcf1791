"""Tasks for a worker that is watched."""

from __future__ import annotations

import os
import time
from pathlib import Path

from celery import shared_task


@shared_task(name="tests.tick")
def tick() -> None:
    """A line, so that it can be seen that it came."""
    with (Path(os.environ["TONGXIN_VAR"]) / "ticks").open("a") as file:
        file.write("tick\n")


@shared_task(name="tests.long")
def long(seconds: float, note: str) -> None:
    """Work that lasts."""
    time.sleep(seconds)
    Path(note).write_text("done")
