"""R4, R6, R7, R8 in their long forms: the engine of what falls due, and engines that have to fail where it does not."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from django.conf import settings

from alliance.embedded.places import REPO
from alliance.embedded.testing import passable_folder, test_servers
from tests.prove import r4, r6, r7, r8, r17
from tests.prove.lab.world import Lab, database_from

NAIVE = "tests.prove.lab.naive_settings"
Report = tuple[bool, list[str]]


class Outcome(Protocol):
    @property
    def faults(self) -> list[str]: ...


def prove_r4(seed: int) -> Report:
    """Killed at every moment of a sweep and of a delivery; then real workers, killed at random, 1,000 reminders."""
    stages, kills = int(os.environ.get("STAGES") or 334), int(os.environ.get("KILLS") or 24)
    return _prove(
        "R4",
        {
            "killed while sweeping": lambda lab: r4.every_moment(lab, "sweep", after="deliver"),
            "killed while delivering": lambda lab: r4.every_moment(lab, "deliver", before="sweep"),
            "real workers": lambda lab: r4.storm(lab, stages=stages, kills=kills, seed=seed),
        },
        {
            "marking before sending": lambda lab: r4.every_moment(lab, "mark_then_send"),
            "sending before marking": lambda lab: r4.every_moment(lab, "send_then_mark"),
        },
        {"real workers, early acknowledgement": lambda lab: r4.storm(lab, stages=50, kills=12, seed=seed)},
    )


def prove_r6(seed: int) -> Report:
    """Three days of downtime."""
    return _prove(
        "R6",
        {"three days": lambda lab: r6.downtime(lab, each_hour=20)},
        {"a list read without locks": lambda lab: r6.downtime(lab, "sweep_without_locks", each_hour=20)},
    )


def prove_r7(seed: int) -> Report:
    """Two beats, four sweepers."""
    return _prove(
        "R7",
        {
            "two beats, two workers of two": lambda lab: r7.crowd(lab, stages=50, things=3000),
            "four sweepers at the same moment": lambda lab: r7.at_once(lab, "sweep", things=3000),
        },
        {"a list read without locks": lambda lab: r7.at_once(lab, "sweep_without_locks", things=300)},
    )


def prove_r8(seed: int) -> Report:
    """A database clock that jumps."""
    return _prove("R8", {"jumps": r8.jumps}, {"the tick as the event": lambda lab: r8.jumps(lab, "sweep_by_ticks")})


def prove_r17(seed: int) -> Report:
    """Every task of the clock, twice and three at once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings.local")
    tasks = sorted({entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()})
    return _prove(
        "R17",
        {"the clock's tasks": r17.every(tasks)},
        {"planning again": r17.every(["lab.plan_again"]), "no locks": r17.every(["lab.without_locks"])},
    )


Runs = dict[str, Callable[[Lab], Outcome]]


def _prove(proof: str, product: Runs, controls: Runs, naive: Runs | None = None) -> Report:
    """Every run of the product is without a fault, and every control has one."""
    ok, lines = True, []
    with test_servers() as addresses:
        os.environ.update(addresses)
        every = [(runs, "tests.prove.lab.settings") for runs in (product, controls)] + [(naive or {}, NAIVE)]
        with template("template_of_labs") as made:
            for runs, module in every:
                for name, run in runs.items():
                    with fresh_lab(made, "lab", addresses["TEST_REDIS_URL"], 2, module) as lab:
                        began, outcome = time.monotonic(), run(lab)
                    passed, more = _held(outcome, runs is product)
                    ok &= passed
                    what = name if runs is product else f"control, {name}"
                    words = f"{what}: {outcome}, {time.monotonic() - began:.0f} s"
                    print(f"{proof}  {words}  {'ok' if passed else 'short'}", flush=True)
                    lines += [f"- {words}", *more]
    return ok, lines


def _held(outcome: Outcome, is_product: bool) -> Report:
    """The product has no fault; a control has lost or doubled something, or the run proves nothing."""
    if is_product:
        return not outcome.faults, [f"- fault: {fault}" for fault in outcome.faults[:50]]
    toothless = "- fault: the control has lost and doubled nothing, so this run proves nothing"
    harm = getattr(outcome, "harm", outcome.faults)
    return bool(harm), [] if harm else [toothless]


@contextlib.contextmanager
def template(name: str) -> Iterator[str]:
    """The name of a migrated database nobody is connected to, on the server of the environment."""
    with database_from("template1", name, os.environ["TEST_REDIS_URL"], 1) as addresses:
        environment = {**os.environ, **addresses, "TONGXIN_AS_OWNER": "1"}
        environment["DJANGO_SETTINGS_MODULE"] = "alliance.settings.local"
        migrate = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
        subprocess.run(migrate, cwd=REPO, env=environment, check=True)
        yield name


@contextlib.contextmanager
def fresh_lab(
    made: str, name: str, redis: str, number: int, settings: str = "tests.prove.lab.settings"
) -> Iterator[Lab]:
    """A lab in a new copy of the database ``made``, with an empty broker."""
    with (
        tempfile.TemporaryDirectory(prefix="tongxin-lab-", dir=passable_folder()) as folder,
        database_from(made, name, redis, number) as addresses,
    ):
        lab = Lab(addresses, Path(folder), settings)
        try:
            yield lab
        finally:
            lab.close()
