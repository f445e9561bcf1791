"""pytest plugin: one real PostgreSQL and one real Redis for the whole run.

Loaded with ``-p tests.services``, before Django reads its settings. Workers of pytest-xdist inherit the
addresses; the servers end with the process that started them, however it ends.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator

import pytest

from alliance.embedded.places import CannotStart
from alliance.embedded.testing import test_servers

_servers = contextlib.ExitStack()


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """A wrapper runs before pytest-django, which loads the settings here, and before every conftest.py."""
    namespace = early_config.known_args_namespace
    if not (_is_worker() or getattr(namespace, "help", False) or getattr(namespace, "version", False)):
        _start()
    return (yield)


def _start() -> None:
    try:
        os.environ.update(_servers.enter_context(test_servers()))
    except CannotStart as problem:
        raise pytest.UsageError(str(problem)) from None
    # Nothing of the person's own environment may leak into the tests.
    for name in ("REDIS_URL", "DEMO", "TONGXIN_AS_OWNER", "TONGXIN_VAR"):
        os.environ.pop(name, None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "alliance.settings.test"


def pytest_unconfigure() -> None:
    _servers.close()
