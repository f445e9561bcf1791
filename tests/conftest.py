"""Shared by all tests: connections run as the application's role, as in production."""

from __future__ import annotations

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
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The owner makes the test database; everything after that is the application's."""
    from django.core.management.commands import flush
    from django.db import connection

    plain_flush = flush.Command.handle

    def flush_as_owner(self: Any, **options: Any) -> None:
        """Emptying append-only tables is the owner's right, and the tests between themselves need it."""
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        try:
            plain_flush(self, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"SET ROLE {APP_ROLE}")

    with django_db_blocker.unblock():
        _take_role(connection, APP_ROLE)
    flush.Command.handle = flush_as_owner  # type: ignore[method-assign]
    yield
    flush.Command.handle = plain_flush  # type: ignore[method-assign]
    with django_db_blocker.unblock():
        _take_role(connection, None)
        _end_other_sessions(connection)


def _end_other_sessions(connection: Any) -> None:
    """A thread of a test may have left its connection to the garbage collector; a database in use cannot be dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser its tests are left out with a word, except in CI, where they then fail."""
    wanting = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    for item in wanting:
        item.add_marker("browser")
    if wanting and os.environ.get("CI") != "true" and browser.find() is None:
        for item in wanting:
            item.add_marker(pytest.mark.skip(reason="no Chromium or Chrome on this machine"))
