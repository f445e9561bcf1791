"""The stage of a measurement: a throw-away PostgreSQL, the real schema, the demo's people, invented needs."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import django
import psycopg2

from alliance.embedded.places import REPO
from alliance.embedded.testing import test_servers

FOREIGN = ("REDIS_URL", "TONGXIN_AS_OWNER", "ALLOWED_HOSTS", "SITE_URL", "SMS_CHANNEL", "PRIVACY_KEYS")


@contextlib.contextmanager
def stage(needs: int, seed: int) -> Iterator[None]:
    """Everything ready and Django set up in this process, as the application's role."""
    with test_servers() as addresses, tempfile.TemporaryDirectory(prefix="tongxin-bench-") as folder:
        for name in FOREIGN:
            os.environ.pop(name, None)
        os.environ.update(
            addresses, DJANGO_SETTINGS_MODULE="alliance.settings.local", DEMO="1", TONGXIN_VAR=folder, LC_ALL="C.UTF-8"
        )
        began = time.monotonic()
        _manage("migrate", "--no-input", "--verbosity", "0")
        _manage("setup")
        print(f"tables and people after {time.monotonic() - began:.0f} s", flush=True)
        if needs:
            _manage("seed_scale", "--needs", str(needs), "--seed", str(seed))
        _settle(addresses["DATABASE_OWNER_URL"])
        django.setup()
        yield


def _manage(*arguments: str) -> None:
    """``arguments`` as a process of its own: some of them act as the database's owner."""
    quiet = subprocess.DEVNULL if arguments[0] == "setup" else None
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=REPO, check=True, stdout=quiet)


def _settle(owner: str) -> None:
    """What autovacuum would have done by tomorrow: statistics, visibility, pending lists of the search index."""
    connection = psycopg2.connect(owner)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def log_folder() -> Path:
    return Path(os.environ["TONGXIN_VAR"])
