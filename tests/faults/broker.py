"""A Redis to hurt, and a quick start that hangs on it."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import redis

from alliance.embedded.processes import Child
from alliance.embedded.testing import start_redis
from tests.infra.quickstart import until
from tests.prove.posting import Residents, posts
from tests.prove.stack import ProofStack

QUEUE, TAKEN = "celery", "unacked"
QUIET_SECONDS = 3.0


class Broker:
    """A Redis of the test's own, on one port through all its lives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.child: Child
        self.child, self.port = start_redis(folder)
        self.client = redis.Redis(port=self.port, socket_timeout=5)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Empty, as after every stop."""
        self.child, self.port = start_redis(self.folder, self.port)

    def stop(self, number: int = signal.SIGTERM) -> None:
        os.kill(self.child.pid, number)
        assert self.child.wait(10)

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Meanwhile every connection stays open, new ones are accepted, and no answer comes."""
        os.kill(self.child.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.child.pid, signal.SIGCONT)

    def ensure(self) -> None:
        if self.child.exit_code() is not None:
            self.start()

    def waiting(self) -> list[int]:
        """The ports of the clients that wait for a task: the worker is connected, the queue empty."""
        with contextlib.suppress(redis.ConnectionError):
            clients = self.client.client_list()
            return [int(one["addr"].rpartition(":")[2]) for one in clients if "b" in one["flags"]]
        return []

    def queued(self) -> Counter[str]:
        """The tasks nobody has fetched yet, by name."""
        return Counter(json.loads(raw)["headers"]["task"] for raw in self.client.lrange(QUEUE, 0, -1))

    def bodies(self) -> str:
        """What the tasks in the queue carry."""
        raws: list[Any] = self.client.lrange(QUEUE, 0, -1)
        return "\n".join(base64.b64decode(json.loads(raw)["body"]).decode() for raw in raws)

    def idle(self) -> bool:
        """Nothing waits and nothing is being done; in this order no task can slip through between the two looks."""
        return bool(self.waiting()) and not self.client.hlen(TAKEN)


class RedisStack(ProofStack):
    """The demo on a Redis, with one web process, a sweep every second and the control."""

    def __init__(self, var: Path, broker: Broker) -> None:
        settings = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "QUIET_SECONDS": str(QUIET_SECONDS)}
        super().__init__(var, REDIS_URL=broker.url, **settings)
        self.broker = broker
        self.failures_seen = 0
        self.random = Random(20261122)

    def refresh(self) -> None:
        """As after a start: Redis up, the worker connected, and a web process that has no reason to be quiet."""
        self.broker.ensure()
        if self.failed_hints() != self.failures_seen:
            self.fresh_web()
        until(self.broker.waiting)

    def fresh_web(self) -> None:
        before = self.pid("web")
        self.hurt("web killed")
        until(lambda: self.pid("web") not in (0, before) and self.healthy())
        self.failures_seen = self.failed_hints()

    def failed_hints(self) -> int:
        log = self.where.logs / "web.log"
        return log.read_text("utf-8").count("wake_failed") if log.exists() else 0

    @contextlib.contextmanager
    def frozen(self, *names: str) -> Iterator[None]:
        """Meanwhile these processes do nothing, and nobody notices."""
        pids = [self.leader(name) for name in names]
        try:
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    waits: Sequence[float] = ()
    """Seconds the residents of the last ``submit`` waited for their answers."""

    @property
    def slowest(self) -> float:
        return max(self.waits)

    def submit(self, count: int, threads: int = 1) -> list[str]:
        """Needs said by residents who have to be answered at the first try, within 15 s; their numbers."""
        patient = [
            replace(post, impatient=False, taps_again=False, ip=self._somewhere()) for post in posts(count, self.random)
        ]
        residents = Residents(self.port, patient, threads)
        residents.start()
        residents.finish()
        assert [(post.problem, post.tries, dict(post.troubles)) for post in patient] == count * [("", 1, {})]
        self.waits = [post.took for post in patient]
        return [post.number for post in patient]

    def _somewhere(self) -> str:
        """Another address for every resident: one address says so many needs an hour and no more."""
        return ".".join(["10", *(str(self.random.randrange(1, 255)) for _part in range(3))])

    def tell_naively(self, text: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        with contextlib.closing(connection):
            connection.request("POST", "/naive/", text.encode())
            assert connection.getresponse().status == 201

    def texts(self, numbers: list[str]) -> list[tuple[str, int]]:
        """State and attempts of the text message about each need, straight from the table."""
        return self.rows(
            "SELECT state, attempts FROM notifications_message WHERE channel = 'sms' AND occurrence = ANY(%s)",
            numbers,
        )

    def sent_once(self, numbers: list[str]) -> None:
        """Each text message goes out, and by the time there is nothing left to do it has gone out once."""
        wanted = len(numbers) * [("sent", 1)]
        until(lambda: self.texts(numbers) == wanted)
        until(self.broker.idle)
        assert self.texts(numbers) == wanted
        printed = self.text()
        assert {number: printed.count(number) for number in numbers} == dict.fromkeys(numbers, 1)
