"""What the clock sends is registered, described for whoever runs the site, and nothing is put off in the broker."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from alliance.celery import app
from alliance.embedded.places import REPO

TASKS = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
ROW = re.compile(r"^\| `([a-z_.]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
SPOKEN = {10: "every 10 seconds", 60: "every minute", 300: "every 5 minutes", 3600: "hourly", 86_400: "daily"}
PUT_OFF = re.compile(r"\.(delay|apply_async|s|si|send_task)\(|\b(countdown|eta)\s*=")
"""Whatever is due is a row: the broker gets hints, and those from one place."""
HINTS = "alliance/lib/wake.py"
CLOCK = "alliance/clock.py"
"""Celery's own sending of what is due by the schedule, and nothing else."""


def test_every_task_of_the_clock_is_registered() -> None:
    app.loader.import_default_modules()
    assert set(app.tasks) >= TASKS


def test_every_task_of_ours_is_sent_by_the_clock() -> None:
    """A task that only a hint can start would be lost with the hint."""
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if not name.startswith(("celery.", "tests.", "lab."))}
    assert ours == TASKS


def test_what_runs_by_itself_is_listed_with_how_often() -> None:
    rows = ROW.findall((REPO / "docs/operations.md").read_text("utf-8"))
    assert sorted(name for name, *_rest in rows) == sorted(TASKS), "each once"
    listed = {name: often for name, often, *_rest in rows}
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert listed[entry["task"]].startswith(SPOKEN[int(entry["schedule"])]), entry["task"]


def _product() -> list[Path]:
    folders = [path.parent for path in REPO.glob("*/apps.py")]
    return [path for folder in folders for path in folder.rglob("*.py")]


def _put_off(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if PUT_OFF.search(line)]


def test_nothing_is_put_off_in_the_broker() -> None:
    found = {str(path.relative_to(REPO)): _put_off(path.read_text("utf-8")) for path in _product()}
    assert found.pop(HINTS), "hints are sent elsewhere now: say where"
    assert found.pop(CLOCK) == ["return super().apply_async(entry, producer=producer, advance=advance, **options)"]
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_the_search_finds_what_it_looks_for() -> None:
    lines = [
        "task.delay(1)",
        "task.apply_async(eta=when)",
        "task.apply_async((1,), countdown = 5)",
        "app.send_task(name)",
    ]
    assert _put_off("\n".join(lines)) == lines
    assert _put_off("self.delay_seconds(1)\nmeta = 1") == []
