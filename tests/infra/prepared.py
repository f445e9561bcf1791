"""One prepared demo for the whole run: whoever needs a running one begins with a copy of its folders.

The first start of all, which makes them, is tried out in ``tests/infra/test_quick_start.py``.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alliance.embedded.places import Places, remove_everything

FOLDER = "TONGXIN_TEST_PREPARED"
"""Names the run's folder for it; without one everybody starts from nothing."""


@contextmanager
def folder_for_the_run() -> Iterator[dict[str, str]]:
    """Where it will lie; gone with the run."""
    with tempfile.TemporaryDirectory(prefix="tongxin-prepared-") as folder:
        try:
            yield {FOLDER: folder}
        finally:
            remove_everything(_master(folder))


def begin_with_a_copy(where: Places) -> None:
    """``where`` is as after a first start and a stop: tables, defaults, the demo, secrets of its own run."""
    folder = os.environ.get(FOLDER)
    if not folder or where.var.exists():
        return
    master = _master(folder)
    with Path(folder, "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one makes it, the others wait for it
        if not (done := Path(folder, "done")).exists():
            _make(master)
            done.touch()
    _copy(master.var, where.var)
    for spool in where.var.glob("broker*"):  # whether there is one is for the new start to say
        shutil.rmtree(spool)
    if not master.database.is_relative_to(master.var):
        _copy(master.database, where.database)


def _master(folder: str) -> Places:
    return Places(Path(folder).resolve() / "var")


def _make(master: Places) -> None:
    from tests.infra.quickstart import QuickStart

    first = QuickStart(master.var)
    remove_everything(master)  # half made by a worker that was killed
    first.start(DEMO="1")
    first.stop()


def _copy(before: Path, after: Path) -> None:
    """With owners, rights and times, as a database wants them."""
    after.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", "--reflink=auto", str(before), str(after)], check=True)
