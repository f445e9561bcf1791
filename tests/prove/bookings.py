"""Fifty book one room, day after day, at times that overlap: never two of them have it at once.

Beside the product stands one that looks first and then writes, with the room's row free and the database's guards off.
"""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from random import Random
from typing import Any
from uuid import uuid4

import psycopg2
from django.db import OperationalError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

THREADS, DAYS = 50, 10
PATIENCE = 20


@dataclass
class Outcome:
    """What became of the wishes for a time."""

    asked: int = 0
    made: int = 0
    refused: int = 0
    again: int = 0
    collisions: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.asked} asked in {self.seconds:.0f} s, {self.made} booked, {self.refused} told that it is taken,"
            f" {self.again} asked to press again, {self.collisions} pairs at one time, {len(self.faults)} faults"
        )


@dataclass(frozen=True)
class Crowd:
    """Liaisons with their units, and the room they all want."""

    people: list[tuple[Any, Any]]
    room: Any
    worker: Any
    office: str


def gather() -> Crowd:
    """The cast, so many units, a hall with ten minutes before and after."""
    from tests.cast import build
    from tests.claims.things import another_unit
    from tests.resources.things import resource_in

    here = build().chengxiang
    people = [another_unit(here) for _n in range(THREADS)]
    return Crowd(people, resource_in(here, buffer_minutes=10), here.worker, here.home.pk)


def spans(seed: int, first_day: int) -> list[list[tuple[datetime, datetime]]]:
    """By day what everybody wants: one to three hours between eight and ten in the evening, in quarters."""
    from tests.resources.things import at, in_days

    random, found = Random(seed), []
    for number in range(DAYS):
        day = in_days(first_day + number)
        begins = [at(day, 8) + timedelta(minutes=15 * random.randint(0, 44)) for _n in range(THREADS)]
        found.append([(begin, begin + timedelta(minutes=15 * random.randint(4, 12))) for begin in begins])
    return found


def product(crowd: Crowd, seed: int) -> Outcome:
    """Everybody through the service."""
    from alliance.lib.errors import Busy
    from alliance.lib.http import as_domain_error
    from resources import services
    from tests.resources.things import book

    wanted, busy = spans(seed, 1), list[int]()

    def one(number: int, day: int) -> bool:
        unit, liaison = crowd.people[number]
        for _press in range(PATIENCE):
            try:
                book(liaison, crowd.room, *wanted[day][number], booker=services.Booker(unit=unit.pk))
            except OperationalError as error:
                if not isinstance(as_domain_error(error), Busy):
                    raise
                busy.append(number)  # 正在忙，请稍后再试: so they do
                continue
            return True
        raise Busy

    outcome = _run(crowd, one)
    outcome.again = len(busy)
    return outcome


def naive(crowd: Crowd, seed: int) -> Outcome:
    """Looking whether it is free, and then writing."""
    from resources import services
    from resources.models import Booking, Hold
    from tests.resources.things import at, book, in_days

    wanted, day = spans(seed, 1 + DAYS), in_days(2 + 2 * DAYS)
    first = book(crowd.worker, crowd.room, at(day, 9), at(day, 10), booker=services.Booker(office=crowd.office))

    def one(number: int, round_: int) -> bool:
        starts, ends = wanted[round_][number]
        during = DateTimeTZRange(starts, ends, "[)")
        if Hold.objects.filter(resource=crowd.room, live=True, during__overlap=during).exists():
            return False
        copy = Booking.objects.get(pk=first.pk)
        copy.pk, copy.number, copy.client_key = None, f"naive-{round_}-{number}", uuid4()
        copy.starts, copy.ends = starts, ends
        copy.save(force_insert=True)
        Hold.objects.create(booking=copy, resource=crowd.room, during=during, exclusive=True)
        return True

    with _guards_off():
        return _run(crowd, one)


def _run(crowd: Crowd, one: Any) -> Outcome:
    from alliance.lib.errors import Conflict
    from resources.models import Hold
    from tests.cast import at_once

    outcome, began = Outcome(), time.monotonic()
    for day in range(DAYS):
        results = at_once(lambda number, day=day: one(number, day), THREADS)
        outcome.asked += len(results)
        outcome.made += sum(result is True for result in results)
        outcome.refused += sum(result is False or isinstance(result, Conflict) for result in results)
        outcome.faults += [repr(one_) for one_ in results if not isinstance(one_, bool | Conflict)]
    outcome.seconds = time.monotonic() - began
    held = [hold.during for hold in Hold.objects.filter(resource=crowd.room, live=True)]
    outcome.collisions = sum(one_.lower < two.upper and two.lower < one_.upper for one_, two in combinations(held, 2))
    return outcome


@contextlib.contextmanager
def _guards_off() -> Any:
    """The table takes what it would refuse; for good, since what then stands in it may never have stood there."""
    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE resources_hold DROP CONSTRAINT hold_no_two_at_once")
        cursor.execute("ALTER TABLE resources_hold DISABLE TRIGGER resources_hold_promised")
        yield
