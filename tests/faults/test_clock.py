"""The moved clock is what the product's own questions are answered by, on every connection, and it goes back."""

from __future__ import annotations

import contextlib
import os
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.db import connection, models
from django.db.models.functions import Now

from deadlines.models import Heartbeat
from deadlines.services.heartbeat import beat, seconds_since, too_long
from tests.cast import at_once
from tests.clock import database_clock

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)
LITTLE = timedelta(seconds=60)


def _asked(expression: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}")
        answer = cursor.fetchone()[0]
    assert isinstance(answer, datetime)
    return answer


def _ahead() -> timedelta:
    """How far the clock that Django's ``Now()`` asks is ahead of the real one."""
    beat("clock")
    asked = Heartbeat.objects.annotate(now=models.ExpressionWrapper(Now(), models.DateTimeField())).get().now
    return asked - _asked("pg_catalog.statement_timestamp()")


@pytest.mark.parametrize("offset", [HOUR, -HOUR, timedelta(days=400)])
def test_the_moved_clock_answers_and_goes_back(offset: timedelta) -> None:
    with database_clock(offset):
        assert abs(_ahead() - offset) < LITTLE
        for name in ("now", "transaction_timestamp", "statement_timestamp", "clock_timestamp"):
            assert abs(_asked(f"{name}()") - _asked("pg_catalog.now()") - offset) < LITTLE
    assert abs(_ahead()) < LITTLE


def test_it_moves_on_connections_that_are_open_and_on_new_ones() -> None:
    with database_clock(HOUR) as clock:
        aheads: list[Any] = at_once(lambda _n: _ahead(), 2)
        assert all(abs(ahead - HOUR) < LITTLE for ahead in aheads)
        clock.move(-HOUR)
        assert abs(_ahead() + HOUR) < LITTLE


def test_a_day_later_the_heartbeat_is_a_day_old() -> None:
    beat("clock")
    with database_clock(timedelta(days=1)):
        age = seconds_since("clock")
    assert age is not None and 86_300 < age < 86_500


def test_a_clock_put_back_is_silence_until_the_next_beat() -> None:
    with database_clock(HOUR):
        beat("clock")
    age = seconds_since("clock")
    assert age is not None and -3700 < age < -3500 and too_long(age)
    beat("clock")
    assert seconds_since("clock") == 0


@pytest.mark.django_db(transaction=False)
def test_within_a_transaction_too(db: None) -> None:
    with database_clock(HOUR):
        assert abs(_ahead() - HOUR) < LITTLE
    assert abs(_ahead()) < LITTLE


def test_processes_of_another_database_are_made_to_connect_anew() -> None:
    name = f"clock_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    _as_owner(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
    address = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    try:
        old = psycopg2.connect(address)
        with database_clock(HOUR, database=name):
            with pytest.raises(psycopg2.OperationalError):
                old.cursor().execute("SELECT 1")
            with contextlib.closing(psycopg2.connect(address)) as new, new.cursor() as cursor:
                cursor.execute("SELECT statement_timestamp() - pg_catalog.statement_timestamp()")
                assert cursor.fetchone()[0] == HOUR
    finally:
        _as_owner(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _as_owner(*statements: str) -> None:
    owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    owner.autocommit = True
    with contextlib.closing(owner), owner.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
