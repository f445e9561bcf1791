"""Bar: exchanges of many people on the hot accounts of one street, against the ORM locking both rows.

Four threads, each with people of its own: what they share is the street's account. The first draft writes the same rows
and waits for that account's lock; the product appends to it.
"""

from __future__ import annotations

import itertools
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

from tests.bench.bars import ROUNDS, Bar

THREADS, EACH, PEOPLE = 4, 120, 40
OF_ORM = 6.0
STREET = "330109001"
Way = Callable[..., Any]


def bars() -> Iterator[Bar]:
    from points.services.redeeming import redeem
    from points.services.verifying import compare
    from tests.prove.naive_ledger import redeem_with_locks

    people, reward = arrange()
    ways: dict[str, Way] = {"redeem": redeem, "orm, both locked": redeem_with_locks}
    wrote = {name: rows_of(way, people[0], reward) for name, way in ways.items()}
    print(f"    rows of one exchange: {dict(wrote['redeem'])}", flush=True)
    assert wrote["redeem"] + Counter({"points_account": 1}) == wrote["orm, both locked"], wrote
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(ROUNDS):
        for name, way in ways.items():
            took[name].append(crowd(way, people, reward))
    assert compare()[1] == []
    for name, seconds in took.items():
        print(f"    {name:<20} {statistics.median(seconds) * 1000:9.3f} ms per exchange", flush=True)
    yield Bar("redeem/orm", statistics.median(took["orm, both locked"]) / statistics.median(took["redeem"]), OF_ORM)


def arrange() -> tuple[list[Any], Any]:
    """People with many points and a haircut that anybody may have as often as they like."""
    from people.models import Area, User
    from points.models import Reward
    from points.services.awarding import award

    people = [User.objects.create(username=f"bench-{n}", name="演示", password="!") for n in range(PEOPLE)]
    days = days_of_this_year()
    for person, day in itertools.product(people, days):
        award(person=person, area_code=STREET, source=f"bench:{person.pk}:{day}", amount=200, label="跑腿", day=day)
    worker = User.objects.filter(grants__area__code__startswith=STREET).earliest("pk")
    area = Area.objects.get(pk=STREET)
    reward = Reward.objects.create(
        client_key=uuid4(), area=area, name="理发", sort="service", price=10, by=worker, per_quarter=None
    )
    return people, reward


def days_of_this_year() -> list[Any]:
    from datetime import timedelta

    from django.utils import timezone

    return [timezone.localdate() - timedelta(days=n) for n in range(20)]


def crowd(way: Way, people: list[Any], reward: Any) -> float:
    """Seconds per exchange when several threads exchange at once, everybody for their own people."""
    from django.db import connection

    gate, ended = threading.Barrier(THREADS + 1), threading.Barrier(THREADS + 1)
    failed: list[Exception] = []

    def one(number: int) -> None:
        mine = itertools.cycle(people[number::THREADS])
        connection.ensure_connection()
        gate.wait()
        try:
            for _n in range(EACH):
                way(reward=reward.pk, by=next(mine), price=reward.price, client_key=uuid4())
        except Exception as error:
            failed.append(error)
        finally:
            ended.wait()
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    ended.wait()
    took = time.perf_counter() - began
    for thread in threads:
        thread.join()
    assert not failed, failed[0]
    return took / (THREADS * EACH)


def rows_of(way: Way, person: Any, reward: Any) -> Counter[str]:
    """How many rows of which table one exchange writes."""
    from django.db import connection

    made = way(reward=reward.pk, by=person, price=reward.price, client_key=uuid4())
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text FROM points_redemption WHERE id = %s", [made.pk])
        (transaction,) = cursor.fetchone()
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE xmin::text = %s', [transaction])  # noqa: S608
            (number,) = cursor.fetchone()
            if number:
                found[table] = number
    return found
