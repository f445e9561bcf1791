"""Waking a worker: a hint after commit that can neither fail nor delay anybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from alliance.celery import app
from alliance.lib import wake as module
from alliance.lib.wake import QUIET_SECONDS, wake

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The monotonic clock as the module sees it; the test moves it."""
    now = [1000.0]
    monkeypatch.setattr(module, "_quiet_until", 0.0)
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    yield now


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The broker's client: counts what is sent, and fails when told."""
    state: dict[str, Any] = {"sent": [], "down": False}

    def send_task(name: str, **options: Any) -> None:
        state["sent"].append((name, options))
        if state["down"]:
            raise ConnectionError("redis is gone")

    monkeypatch.setattr(app, "send_task", send_task)
    return state


def test_the_worker_is_woken_after_the_commit_and_not_before(broker: dict[str, Any], clock: list[float]) -> None:
    with transaction.atomic():
        wake("notifications.deliver")
        assert broker["sent"] == []
    ((name, options),) = broker["sent"]
    assert name == "notifications.deliver"
    assert options == {"retry": False}, "what expires is judged by the worker's own clock"


def test_what_is_rolled_back_wakes_nobody(broker: dict[str, Any], clock: list[float]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        wake("notifications.deliver")
        raise ZeroDivisionError
    assert broker["sent"] == []


def test_a_dead_broker_raises_nothing_and_is_left_alone_for_half_a_minute(
    broker: dict[str, Any], clock: list[float]
) -> None:
    broker["down"] = True
    with transaction.atomic():
        wake("a")
    assert len(broker["sent"]) == 1
    clock[0] += QUIET_SECONDS - 0.1
    with transaction.atomic():
        wake("b")
        wake("c")
    assert len(broker["sent"]) == 1
    broker["down"] = False
    clock[0] += 0.2
    with transaction.atomic():
        wake("d")
    assert [name for name, _options in broker["sent"]] == ["a", "d"]


def test_a_failed_hint_leaves_the_connection_usable(broker: dict[str, Any], clock: list[float]) -> None:
    broker["down"] = True
    with transaction.atomic():
        wake("a")
        transaction.on_commit(lambda: broker["sent"].append("after"))
    assert broker["sent"][-1] == "after"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_nothing_waits_longer_than_the_brokers_two_seconds() -> None:
    """By structure: one try, no retry, every timeout of the client at most two seconds."""
    assert settings.CELERY_TASK_PUBLISH_RETRY is False
    assert settings.CELERY_BROKER_CONNECTION_TIMEOUT <= 2
    assert QUIET_SECONDS >= 30


def test_with_redis_every_timeout_of_the_client_is_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    from alliance.settings import base

    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    try:
        options = importlib.reload(base).CELERY_BROKER_TRANSPORT_OPTIONS
    finally:
        monkeypatch.undo()
        importlib.reload(base)
    assert options["socket_timeout"] <= 2 and options["socket_connect_timeout"] <= 2
    assert options["retry_on_timeout"] is False
