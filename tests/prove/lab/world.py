"""One lab: its database, its forge, what it sent, and the verdict on both, asked another way than the product asks."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from redis import Redis

from alliance.embedded.places import REPO
from alliance.embedded.processes import Child, Spec

LATE = {"1": ("secretary",), "3": ("party",)}
PATIENCE = 120.0
TODAY = {"0": ("worker", "colleague")}
"""Who has to hear of each rung."""
PHONES = {"worker": "13800000000", "colleague": "13800000001", "secretary": "13800000002", "party": "13800000003"}


@dataclass(frozen=True)
class Ran:
    """How processes of the forge ended (−9: killed) and what they said."""

    codes: list[int]
    answers: list[Any]

    @property
    def died(self) -> bool:
        return any(code == -9 for code in self.codes)


class Lab:
    """Processes of the product around one database; nothing of it runs in this process."""

    def __init__(self, addresses: Mapping[str, str], folder: Path, settings: str = "tests.prove.lab.settings") -> None:
        self.addresses, self.folder = addresses, folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("TONGXIN_AS_OWNER", "REDIS_URL")},
            **addresses,
            "DJANGO_SETTINGS_MODULE": settings,
            "TONGXIN_VAR": str(folder),
            "LAB_FOLDER": str(folder),
            "DEMO": "0",
        }
        self.environment.pop("SMS_CHANNEL", None)
        self._owner = psycopg2.connect(addresses["DATABASE_OWNER_URL"])
        self._owner.autocommit = True
        self.change(
            "DROP TABLE IF EXISTS lab_effect",
            "CREATE TABLE lab_effect (due_key text NOT NULL, by integer DEFAULT pg_backend_pid())",
        )
        self.change("GRANT ALL ON lab_effect TO tongxin_app")
        self._forge = self._start_forge()
        self.keys: dict[str, str] = {name.removeprefix("lab-"): key for name, key in self.must("people").items()}

    def close(self) -> None:
        assert self._forge.stdin is not None
        self._forge.stdin.close()
        self._forge.wait(20)
        self._owner.close()

    # --- Processes ---
    def run(self, action: str, *, at_once: int = 1, die_before: int | None = None, **arguments: Any) -> Ran:
        """``action`` in new processes, all at the same moment; how they ended."""
        asked = {"action": action, "arguments": arguments, "at_once": at_once, "die_before": die_before}
        assert self._forge.stdin is not None
        self._forge.stdin.write(json.dumps(asked) + "\n")
        self._forge.stdin.flush()
        return Ran(**self._answer())

    def must(self, action: str, **arguments: Any) -> Any:
        """The answer of ``action``, which has to go well."""
        ran = self.run(action, **arguments)
        assert not any(ran.codes), f"{action}: {ran.codes}\n{self.errors()}"
        return ran.answers[0]

    def _start_forge(self) -> subprocess.Popen[str]:
        with (self.folder / "forge.log").open("ab") as log:
            forge = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "tests.prove.lab.forge"],
                cwd=REPO,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._forge = forge
        self._answer()
        return forge

    def _answer(self) -> dict[str, Any]:
        assert self._forge.stdout is not None
        line = self._forge.stdout.readline()
        if not line:
            raise AssertionError(f"the forge ended:\n{self.errors()}")
        found = json.loads(line)
        assert isinstance(found, dict)
        return found

    def errors(self) -> str:
        return (self.folder / "forge.log").read_text("utf-8", "replace")[-4000:]

    def worker(self, name: str, children: int = 2) -> Child:
        """A real Celery worker."""
        own = ("--concurrency", str(children), "--without-gossip", "--without-mingle", "--without-heartbeat")
        return self._celery(name, "worker", "--hostname", f"{name}@lab", *own)

    def beat(self, name: str) -> Child:
        return self._celery(name, "beat", "--schedule", str(self.folder / name), "--pidfile", "")

    def _celery(self, name: str, *arguments: str) -> Child:
        argv = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "alliance.celery", *arguments]
        log = self.folder / f"{name}.log"
        return Child(Spec(name, [*argv, "--loglevel", "WARNING"], REPO, self.environment, log, stop_seconds=1.0))

    # --- What is so ---
    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._owner.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    def one(self, statement: str, *values: Any) -> Any:
        return self.rows(statement, *values)[0][0]

    def release(self, batch: int | None = None) -> None:
        """The dues of ``batch`` (None: of all) fall due, as of a moment ago."""
        which = "%" if batch is None else f"B{batch}-%"
        moment = "due_at = statement_timestamp() - interval '1 second'"
        self.change(f"UPDATE deadlines_due SET {moment} WHERE state = 'waiting' AND label LIKE '{which}'")  # noqa: S608

    def free_leases(self) -> None:
        """As long later as a lease lasts."""
        past = "leased_until = statement_timestamp() - interval '1 second' WHERE leased_until IS NOT NULL"
        self.change(f"UPDATE deadlines_due SET {past}", f"UPDATE notifications_message SET {past}")  # noqa: S608

    def change(self, *statements: str) -> None:
        with self._owner.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def sent(self) -> dict[tuple[str, str, str], Counter[str]]:
        """Calls of the provider: how often with which key, by (label, offset, phone)."""
        found: dict[tuple[str, str, str], Counter[str]] = {}
        file = self.folder / "sent"
        for line in file.read_text().splitlines() if file.exists() else ():
            label, offset, phone, key = line.split()
            found.setdefault((label, offset, phone), Counter())[key] += 1
        return found

    def effects(self) -> Counter[str]:
        return Counter(key for (key,) in self.rows("SELECT due_key FROM lab_effect"))


def wait_for(condition: Callable[[], bool]) -> None:
    """Until it is so, or for two minutes: what is stuck is the verdict's business."""
    deadline = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)


@dataclass
class Verdict:
    """What should not be: lost, doubled, or without an end; and how many texts were sent again under their keys."""

    lost: list[str]
    doubled: list[str]
    stuck: list[str]
    repeated: int

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.stuck)

    @property
    def faults(self) -> list[str]:
        return [*(f"lost {it}" for it in self.lost), *(f"twice {it}" for it in self.doubled), *self.stuck]

    def __str__(self) -> str:
        found = f"{len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.stuck)} stuck or ended otherwise"
        return f"{found}; {self.repeated} texts sent again under the same key"


def judge(lab: Lab) -> Verdict:
    """Every stage that was released: each rung to each of its audience once in the inbox and once outside."""
    labels = [label for (label,) in lab.rows("SELECT label FROM deadlines_stage")]
    seen: Counter[str] = Counter({f"done {key}": count for key, count in lab.effects().items()})
    wanted = [f"done {key}" for (key,) in lab.rows("SELECT key FROM deadlines_due WHERE kind = 'lab.thing'")]
    sent = lab.sent()
    inbox = lab.rows(
        "SELECT params ->> 'label', params ->> 'offset', recipient_key FROM notifications_message"
        " WHERE channel = 'inapp' AND rule = 'lab.Reminder'"
    )
    seen += Counter(f"inbox {label} {offset} {key}" for label, offset, key in inbox)
    seen += Counter({f"text {' '.join(to)}": len(keys) for to, keys in sent.items()})
    for label in labels:
        for offset, names in (TODAY if label.endswith("e") else LATE).items():
            wanted += [f"inbox {label} {offset} {lab.keys[name]}" for name in names]
            wanted += [f"text {label} {offset} {PHONES[name]}" for name in names]
    keys = Counter(key for keys in sent.values() for key in keys)
    doubled = [it for it, count in seen.items() if count > 1] + [f"key {key}" for key, n in keys.items() if n > 1]
    doubled += [f"{it}, wanted by nobody" for it in seen.keys() - set(wanted)]
    repeated = sum(per.total() - len(per) for per in sent.values())
    return Verdict([it for it in wanted if not seen[it]], doubled, list(_stuck(lab)), repeated)


def _stuck(lab: Lab) -> Iterator[str]:
    for key, state, error in lab.rows("SELECT key, state, last_error FROM deadlines_due WHERE state <> 'done'"):
        yield f"due {key} is {state} ({error})"
    texts = "SELECT id, state, last_error FROM notifications_message WHERE channel <> 'inapp' AND state <> 'sent'"
    for key, state, error in lab.rows(texts):
        yield f"text {key} is {state} ({error})"
    late = "SELECT label FROM deadlines_stage WHERE breached_at IS NULL AND due_at < now()"
    for (label,) in lab.rows(late):
        yield f"stage {label} passed unnoticed"


@contextlib.contextmanager
def database_from(template: str, name: str, redis: str, number: int) -> Iterator[dict[str, str]]:
    """The addresses of a copy of ``template``, which nobody is connected to."""
    owner, broker = os.environ["DATABASE_OWNER_URL"], urlunsplit(urlsplit(redis)._replace(path=f"/{number}"))
    with contextlib.closing(Redis.from_url(broker)) as client:
        client.flushdb()
    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    _as_owner(owner, drop, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield {
            **{
                variable: urlunsplit(urlsplit(os.environ[variable])._replace(path=f"/{name}"))
                for variable in ("DATABASE_URL", "DATABASE_OWNER_URL")
            },
            "REDIS_URL": broker,
        }
    finally:
        _as_owner(owner, drop)


def _as_owner(address: str, *statements: str) -> None:
    owner = psycopg2.connect(address)
    owner.autocommit = True
    with contextlib.closing(owner), owner.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
