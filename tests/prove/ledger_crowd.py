"""R3: eight threads move points at once, a fifth of what they do is a replay. And fifty who want the last umbrella.

Beside the product stand a ledger that reads and then writes, and a shelf that looks and then takes, with the database's
guards off: they have to lose points and to give one thing to several, or the run proves nothing.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid4

import psycopg2

from tests.prove.ledger_office import OFFICE

THREADS, PEOPLE, REPLAYS, WANT_IT = 8, 6, 0.2, 50
TABLES = ("account", "lot", "entry", "transfer", "day", "redemption", "reward")


@dataclass
class Outcome:
    """What a crowd did, and what is wrong afterwards."""

    operations: int = 0
    awards: int = 0
    exchanges: int = 0
    refused: int = 0
    busy: int = 0
    """Waited three seconds for a row and were asked to press again. A deadlock is none of these: it is a fault."""
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.operations} operations in {self.seconds:.0f} s: {self.awards} awards, {self.exchanges} exchanges,"
            f" {self.refused} refused, {self.busy} asked to press again, {len(self.faults)} faults"
        )


@dataclass(frozen=True)
class Scene:
    """One street, some volunteers, something to exchange."""

    here: Any
    people: list[Any]
    things: list[Any]


def gather(here: Any) -> Scene:
    """Volunteers with points, a haircut without end and a hundred umbrellas."""
    from people.models import User
    from points.models import Reward
    from tests.points.things import give

    people = [User.objects.create(username=f"crowd-{uuid4().hex}", name="演示", password="!") for _n in range(PEOPLE)]
    for person in people:
        give(person, here, 200)
    said = {"area": here.home, "sort": "goods", "by": here.worker}
    haircut = Reward.objects.create(client_key=uuid4(), name="理发", price=30, **said)
    umbrella = Reward.objects.create(client_key=uuid4(), name="雨伞", price=20, left=100, **said)
    return Scene(here, people, [haircut, umbrella])


class Work:
    """What one thread does. ``done`` is everybody's: what is in it may be done again by anybody."""

    def __init__(self, scene: Scene, number: int, seed: int, done: list[Callable[[], Any]], mark: str) -> None:
        self.scene, self.dice, self.done, self.mark = scene, Random(f"{seed}-{number}"), done, mark
        self.tally: Tally[str] = Tally()
        self.faults: list[str] = []

    def run(self, count: int) -> None:
        from alliance.lib.errors import DomainError

        for _n in range(count):
            again = self.done and self.dice.random() < REPLAYS
            step = self.dice.choice(self.done) if again else self._new()
            try:
                step()
                self.tally["done"] += 1
            except DomainError:
                self.tally["refused"] += 1
            except Exception as error:
                if _was_busy(error):
                    self.tally["busy"] += 1
                else:
                    self.faults.append(repr(error)[:200])

    def _new(self) -> Callable[[], Any]:
        from points.services.picking_up import Counter, cancel_redemption, write_off

        kinds = ["award", "exchange", "cancel", "write off", "reverse", "question", "leave", "fold"]
        kind = self.dice.choices(kinds, [36, 24, 13, 12, 6, 4, 1, 4])[0]
        person, thing = self.dice.choice(self.scene.people), self.dice.choice(self.scene.things)
        if kind == "award":
            return self._again(_award(self.scene, person, self.dice.randint(1, 120), uuid4(), self.mark, self.dice))
        if kind == "exchange":
            return self._again(_exchange(person, thing, uuid4()))
        if kind in OFFICE:
            return OFFICE[kind](self.scene, person)
        if kind == "fold":
            from points.services.folding import fold

            return fold
        held = _some_held(self.scene, self.dice)
        if held is None:
            return lambda: None
        if kind == "cancel":
            return lambda: cancel_redemption(pk=held.pk, by=held.account.person)
        from points.codes import code_of

        desk = Counter(area=self.scene.here.home)
        return lambda: write_off(code=code_of(held.client_key), by=self.scene.here.worker, counter=desk)

    def _again(self, step: Callable[[], Any]) -> Callable[[], Any]:
        self.done.append(step)
        return step


def _award(scene: Scene, person: Any, amount: int, key: UUID, mark: str, dice: Random) -> Callable[[], Any]:
    from datetime import timedelta

    from django.utils import timezone

    from points.services.awarding import award

    day, place = timezone.localdate() - timedelta(days=dice.choice([0, 1, 2, 3, 500])), scene.here.home.pk
    said: dict[str, Any] = {"person": person, "area_code": place, "source": f"{mark}:{key}", "amount": amount}
    return lambda: award(label="跑腿", day=day, client_key=key, **said)


def _exchange(person: Any, thing: Any, key: UUID) -> Callable[[], Any]:
    from points.services.redeeming import redeem

    return lambda: redeem(reward=thing.pk, by=person, price=thing.price, client_key=key)


def _some_held(scene: Scene, dice: Random) -> Any:
    from points.models import Redemption

    rows = Redemption.objects.held().filter(reward__in=[thing.pk for thing in scene.things])
    found = list(rows.select_related("account__person").order_by("-pk")[:10])
    return dice.choice(found) if found else None


def product(scene: Scene, operations: int, seed: int) -> Outcome:
    """Everybody through the services; then everything is counted."""
    from points.models import Redemption, Transfer
    from points.services.verifying import compare

    done: list[Callable[[], Any]] = []
    mark = f"crowd{seed}-{uuid4().hex[:6]}"
    works = [Work(scene, number, seed, done, mark) for number in range(THREADS)]
    outcome, began = Outcome(operations=operations), time.monotonic()
    outcome.faults += _at_once([lambda work=work: work.run(operations // THREADS) for work in works])
    outcome.seconds = time.monotonic() - began
    outcome.faults += [fault for work in works for fault in work.faults]
    outcome.refused = sum(work.tally["refused"] for work in works)
    outcome.busy = sum(work.tally["busy"] for work in works)
    outcome.awards = Transfer.objects.filter(kind="award", source__startswith=mark).count()
    outcome.exchanges = Redemption.objects.filter(reward__in=[thing.pk for thing in scene.things]).count()
    outcome.faults += [f"the books: {problem}" for problem in compare()[1]]
    umbrella = type(scene.things[1]).objects.get(pk=scene.things[1].pk)
    out = Redemption.objects.filter(reward=umbrella).exclude(state="void").count()
    if umbrella.left + out != 100:
        outcome.faults.append(f"of 100 umbrellas {umbrella.left} are left and {out} are out")
    return outcome


def _at_once(jobs: list[Callable[[], Any]]) -> list[str]:
    """The jobs in threads of their own, starting together; what they raise, as text."""
    from django.db import connection

    gate, failed = threading.Barrier(len(jobs)), list[str]()

    def one(job: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=60)
            job()
        except Exception as error:
            failed.append(repr(error)[:200])
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def last_one(scene: Scene, rounds: int = 5) -> Outcome:
    """Fifty with enough points, one umbrella left; round after round."""
    from alliance.lib.errors import RuleBroken
    from people.models import User
    from points.models import Redemption
    from points.services.redeeming import redeem
    from tests.cast import at_once
    from tests.points.things import give

    crowd = [User.objects.create(username=f"want-{uuid4().hex}", name="演示", password="!") for _n in range(WANT_IT)]
    for person in crowd:
        give(person, scene.here, 200)
    outcome, began = Outcome(), time.monotonic()
    for _round in range(rounds):
        thing = _last(scene)
        results = at_once(
            lambda n, thing=thing: redeem(reward=thing.pk, by=crowd[n], price=20, client_key=uuid4()), WANT_IT
        )
        won = [result for result in results if isinstance(result, Redemption)]
        outcome.operations += WANT_IT
        outcome.exchanges += len(won)
        outcome.refused += sum(isinstance(result, RuleBroken) for result in results)
        outcome.busy += sum(_was_busy(result) for result in results)
        answered = [one for one in results if isinstance(one, Redemption | RuleBroken) or _was_busy(one)]
        outcome.faults += [repr(one) for one in results if one not in answered]
        if len(won) != 1:
            outcome.faults.append(f"{len(won)} have the last one")
    outcome.seconds = time.monotonic() - began
    return outcome


def _was_busy(result: Any) -> bool:
    """Whether it is what every door answers with 请再试: a row that was not to be had in three seconds."""
    from alliance.lib.http import LOCK_NOT_AVAILABLE

    return getattr(getattr(result, "__cause__", None), "pgcode", None) == LOCK_NOT_AVAILABLE


def _last(scene: Scene) -> Any:
    from points.models import Reward

    said = {"area": scene.here.home, "by": scene.here.worker, "sort": "goods"}
    return Reward.objects.create(client_key=uuid4(), name="最后一把伞", price=20, left=1, **said)


def naive_giving(scene: Scene, each: int = 10) -> Outcome:
    """Reading the balance, adding to it, writing it back; a replay is another award. With the guards off."""
    from points.services.verifying import compare
    from tests.prove.naive_ledger import give_without_locks

    person, street = scene.people[0], scene.here.street.pk
    gate = threading.Barrier(THREADS)

    def job(number: int) -> None:
        for _n in range(each):
            give_without_locks(person=person, street=street, amount=10, source=f"naive:{number}", pause=gate.wait)

    with guards_off():
        failed = _at_once([lambda number=number: job(number) for number in range(THREADS)])
        return Outcome(operations=THREADS * each, faults=[*failed, *compare()[1]])


def naive_taking(scene: Scene) -> int:
    """How many have the last one, where everybody looks first and takes then."""
    from tests.cast import at_once
    from tests.prove.naive_ledger import take_the_last_without_locks

    thing, gate = _last(scene), threading.Barrier(WANT_IT)
    results = at_once(lambda n: take_the_last_without_locks(thing.pk, gate.wait), WANT_IT)
    return results.count(True)


@contextlib.contextmanager
def guards_off() -> Iterator[None]:
    """The tables take what they would refuse, as the owner says; for good, since what then stands in them is wrong."""
    connection = psycopg2.connect(_owner())
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE points_{table} DISABLE TRIGGER USER")
        cursor.execute("DROP INDEX IF EXISTS entry_seq_once")
        yield


def _owner() -> str:
    """The owner's address of the database we are connected to."""
    from urllib.parse import urlsplit, urlunsplit

    from django.db import connection

    return urlunsplit(urlsplit(os.environ["DATABASE_OWNER_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))
