"""R11: whatever file is sent, the site answers: no fault, soon, with little memory; importing twice adds nothing.

Every file goes through the page a clerk uses. What the site accepts is imported, sent again and imported again. Beside
the product stand two that have a guard off: one parses before it looks, one does not know what is registered.
"""

from __future__ import annotations

import dataclasses
import multiprocessing
import resource
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.prove.mutants import Mutant, mutants, mutants_apart

SECONDS, MEGABYTES = 5.0, 300
IMPORTED = 400
"""So many of the accepted files are imported, twice each."""
URL = "/admin/import/units/"


@dataclass
class Outcome:
    """What became of the files."""

    files: int = 0
    accepted: int = 0
    added: int = 0
    added_again: int = 0
    slowest: float = 0.0
    slowest_harm: str = ""
    megabytes: float = 0.0
    faults: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    @property
    def clean(self) -> bool:
        return not self.faults and not self.added_again

    def __str__(self) -> str:
        return (
            f"{self.files:,} files, {self.accepted:,} accepted, {self.added:,} units added, {self.added_again} added"
            f" again; slowest {self.slowest:.2f} s ({self.slowest_harm}), {self.megabytes:.0f} MB,"
            f" {len(self.faults)} faults"
        )


def run(clerk: Any, street: Any, *, seed: int, count: int, most_imported: int = 10**6) -> Outcome:
    """Send ``count`` files as ``clerk``; import what is accepted, twice."""
    from django.test import Client

    outcome, client = Outcome(), Client(raise_request_exception=False, SERVER_NAME="localhost")
    client.force_login(clerk, backend="people.backends.PasswordBackend")
    for mutant in mutants_apart(seed, count):
        # Seconds of this process: what else the machine does is not the file's fault.
        began = time.process_time()
        response = _send(client, mutant, street)
        seconds = time.process_time() - began
        outcome.files += 1
        outcome.answers[f"{mutant.harm}: {response.status_code}"] += 1
        if seconds > outcome.slowest:
            outcome.slowest, outcome.slowest_harm = seconds, mutant.harm
        if response.status_code not in (302, 422) or seconds > SECONDS:
            outcome.faults.append(f"{mutant.harm}: {response.status_code} after {seconds:.1f} s, file {outcome.files}")
        if response.status_code == 302:
            outcome.accepted += 1
            if outcome.accepted <= most_imported:
                _import_twice(client, clerk, mutant, street, response, outcome)
    outcome.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if outcome.megabytes > MEGABYTES:
        outcome.faults.append(f"{outcome.megabytes:.0f} MB")
    return outcome


def _send(client: Any, mutant: Mutant, street: Any) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from people.models import RateBucket

    RateBucket.objects.all().delete()  # what is measured is the reading, not the limit on tries
    return client.post(URL, {"area": street.pk, "file": SimpleUploadedFile(mutant.name, mutant.content)})


def _import_twice(client: Any, clerk: Any, mutant: Mutant, street: Any, first: Any, outcome: Outcome) -> None:
    outcome.added += _carry_out(clerk, first)
    second = _send(client, mutant, street)
    again = _carry_out(clerk, second)
    outcome.added_again += again
    if again:
        outcome.faults.append(f"{mutant.harm}: imported twice, added {again}")


def _carry_out(clerk: Any, response: Any) -> int:
    """Look, import; how many units there are more."""
    from members.models import MemberUnit
    from transfers.models import ImportBatch
    from transfers.services.importing import confirm_import
    from transfers.services.working import work_all
    from transfers.states import BatchState

    before, pk = MemberUnit.objects.count(), int(response.headers["Location"].rstrip("/").rpartition("/")[2])
    _work(work_all)
    confirm_import(pk=pk, by=clerk, mode="update")
    _work(work_all)
    state = ImportBatch.objects.values_list("state", flat=True).get(pk=pk)
    assert state == BatchState.DONE, state
    return MemberUnit.objects.count() - before


def _work(turn: Any) -> None:
    """As many turns as a busy machine needs."""
    from transfers.models import ImportBatch

    while ImportBatch.objects.unfinished().exists():
        turn()


# --- Controls: each has to fail --------------------------------------------------------------------------------------


def _parse_first(content: bytes, send: Any) -> None:
    """What a reader does that trusts the file."""
    import io

    import openpyxl

    began = time.monotonic()
    try:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        list(sheet.iter_rows(values_only=True))
        fault = ""
    except BaseException as error:
        fault = type(error).__name__
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    send.send((fault, time.monotonic() - began, used))


def trusting(seed: int, count: int) -> tuple[int, list[str]]:
    """How many of the files a reader without the look beforehand fails on: a fault, or too slow, or too large."""
    failed, kinds = 0, Counter[str]()
    for mutant in mutants(seed, count):
        if not mutant.content.startswith(b"PK"):
            continue
        mine, theirs = multiprocessing.Pipe(duplex=False)
        child = multiprocessing.get_context("fork").Process(target=_guarded, args=(mutant.content, theirs), daemon=True)
        child.start()
        if not mine.poll(2 * SECONDS):
            child.kill()
            what = "too slow"
        else:
            try:
                fault, seconds, used = mine.recv()
            except EOFError:
                fault, seconds, used = "died", 0.0, 0.0
            what = fault or ("too slow" if seconds > SECONDS else "too large" if used > MEGABYTES else "")
        child.join()
        if what:
            failed += 1
            kinds[what] += 1
    return failed, [f"{what} {number}" for what, number in kinds.most_common(8)]


def _guarded(content: bytes, send: Any) -> None:
    """A child that may not take the machine along."""
    resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30))
    _parse_first(content, send)


def forgetful(clerk: Any, street: Any, *, seed: int, count: int) -> int:
    """How many units an importer adds the second time that does not ask what is registered already."""
    from alliance.lib.importing import NEW, Plan, importer, register_importer
    from members.models import MemberUnit
    from members.services import create_unit
    from members.states import UnitKind

    kind = importer("units")
    assert kind is not None

    def plan(rows: Any, place: Any) -> Any:
        looked = zip(rows, kind.plan(rows, place), strict=True)
        return [found if found.errors else Plan(NEW, row["name"]) for row, found in looked]

    def apply(row: Any, place: Any) -> Any:
        unit = create_unit(name=row["name"], kind=UnitKind.SCHOOL, area=street, by=place.by)
        return dataclasses.replace(kind_applied, subject=str(unit.pk))

    from alliance.lib.importing import Applied

    kind_applied = Applied("")
    before = MemberUnit.objects.count()
    try:
        register_importer(dataclasses.replace(kind, plan=plan, apply=apply, apply_new=None))
        return run(clerk, street, seed=seed, count=count).added_again
    finally:
        register_importer(kind)
        assert MemberUnit.objects.count() >= before
