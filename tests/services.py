"""pytest plugin: one real PostgreSQL and one real Redis for the whole run.

Loaded with ``-p tests.services``, before Django reads its settings. Workers of pytest-xdist inherit the
addresses; the servers end with the process that started them, however it ends.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Generator
from typing import Any

import pytest

from alliance.embedded.places import CannotStart
from alliance.embedded.testing import test_servers
from tests.infra.prepared import folder_for_the_run
from tests.migrated import migrated
from tests.spread import Spread

_servers = contextlib.ExitStack()
_ahead = threading.Thread(target=migrated, daemon=True)
"""Makes the database that all workers copy, while they are still looking for their tests."""


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """A wrapper runs before pytest-django, which loads the settings here, and before every conftest.py."""
    namespace = early_config.known_args_namespace
    if not (_is_worker() or getattr(namespace, "help", False) or getattr(namespace, "version", False)):
        _start()
        if getattr(namespace, "numprocesses", None):
            _ahead.start()
    return (yield)


def _start() -> None:
    try:
        os.environ.update(_servers.enter_context(test_servers()))
        os.environ.update(_servers.enter_context(folder_for_the_run()))
    except CannotStart as problem:
        raise pytest.UsageError(str(problem)) from None
    # Nothing of the person's own environment may leak into the tests.
    for name in ("REDIS_URL", "DEMO", "TONGXIN_AS_OWNER", "TONGXIN_VAR"):
        os.environ.pop(name, None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "alliance.settings.test"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Spread | None:
    """``--dist loadfile`` shares out as ``tests.spread`` says; every other way is left as it is."""
    return Spread(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_unconfigure() -> None:
    if _ahead.is_alive():
        _ahead.join()
    _servers.close()
