"""Shared by all tests: connections run as the application's role, as in production."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest

from scripts import browser

# Playwright keeps an event loop in the tests' thread; Django would refuse its ORM there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

APP_ROLE = "tongxin_app"


def _take_role(connection: Any, role: str | None) -> None:
    """Connections opened from now on act as ``role`` (None: as the owner)."""
    options = connection.settings_dict["OPTIONS"]
    options.pop("assume_role", None)
    if role:
        options["assume_role"] = role
    connection.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The worker's database is a copy of one that was migrated for all of them."""
    from django.db import connection

    from tests.migrated import migrated

    connection.settings_dict["TEST"]["TEMPLATE"] = migrated()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The owner makes the test database; everything after that is the application's."""
    from django.core.cache import caches
    from django.core.management.commands import flush
    from django.db import connection

    from tests.migrated import copy_to

    plain_flush = flush.Command.handle

    def begin_anew(self: Any, **options: Any) -> None:
        """After a test that committed: emptying all tables and filling in the defaults takes ten times as long."""
        connection.close()
        copy_to(connection.settings_dict["NAME"])
        for cache in caches.all():  # keys of rows begin again too
            cache.clear()

    with django_db_blocker.unblock():
        _take_role(connection, APP_ROLE)
    flush.Command.handle = begin_anew  # type: ignore[method-assign]
    yield
    flush.Command.handle = plain_flush  # type: ignore[method-assign]
    with django_db_blocker.unblock():
        _take_role(connection, None)
        _end_other_sessions(connection)


def _end_other_sessions(connection: Any) -> None:
    """A thread of a test may have left its connection to the garbage collector; a database in use cannot be dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            # The server's own workers (autovacuum) are not ours to end, and give way to DROP DATABASE by themselves.
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    connection.close()


@pytest.fixture
def as_owner(db: None) -> Iterator[Any]:
    """A cursor with the owner's rights, for arranging what the application itself could never do."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        yield cursor
        cursor.execute(f"SET ROLE {APP_ROLE}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The installed browser, quiet: it looks up nothing on its own."""
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    # Chromium's sandbox refuses to run as root.
    more = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": browser.find(), "args": [*quiet, *more]}


def pytest_collection_finish() -> None:
    """What is loaded by now stays: garbage is looked for among what the tests make."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser its tests are left out with a word, except in CI, where they then fail."""
    wanting = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    for item in wanting:
        item.add_marker("browser")
    if wanting and os.environ.get("CI") != "true" and browser.find() is None:
        for item in wanting:
            item.add_marker(pytest.mark.skip(reason="no Chromium or Chrome on this machine"))
