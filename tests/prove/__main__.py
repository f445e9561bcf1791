"""``python -m tests.prove``; ONLY=R12 chooses, POSTS and SEED change the run. Reports go to var/prove/."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import django

from alliance.embedded.places import REPO
from alliance.embedded.testing import passable_folder
from tests.infra.quickstart import until
from tests.prove import engine, r1, r5, r12, seats
from tests.prove.stack import ProofStack

STOP = "postgres stopped immediately"
CONTROL = "tests.prove.naive_settings"


def prove_r12(seed: int) -> tuple[bool, list[str]]:
    """The long form, then two servers with a guard off, each of which has to lose something."""
    count = int(os.environ.get("POSTS") or 1000)
    outcomes = {
        "product": _run(seed, count, r12.LONG_HARMS),
        "control, acknowledging before the commit": _run(seed, min(count, 200), r12.SHORT_HARMS, settings=CONTROL),
        "control, commits not on disk": _run(seed, 3 * min(count, 100), 3 * [STOP], _commits_not_on_disk),
    }
    product = outcomes["product"]
    lines = [f"- {name}: {outcome}" for name, outcome in outcomes.items()]
    lines += [f"- fault: {fault}" for fault in (*product.lost, *product.faults)]
    toothless = [name for name, outcome in outcomes.items() if name != "product" and not outcome.lost]
    lines += [f"- fault: {name}: lost nothing, so this run proves nothing" for name in toothless]
    return product.clean and not toothless, lines


def _commits_not_on_disk(stack: ProofStack) -> None:
    """The application's role answers before its commits are on disk; the web server reconnects to hear of it."""
    stack.change("ALTER ROLE tongxin_app SET synchronous_commit = off", role="DATABASE_URL")
    stack.hurt("web killed")
    until(stack.healthy)


def _run(
    seed: int,
    count: int,
    harms: list[str],
    prepare: Callable[[ProofStack], None] = lambda stack: None,
    settings: str = "alliance.settings.local",
) -> r12.Outcome:
    with tempfile.TemporaryDirectory(prefix="tongxin-prove-", dir=passable_folder()) as folder:
        stack = ProofStack(Path(folder) / "var", DJANGO_SETTINGS_MODULE=settings)
        try:
            stack.start()
            prepare(stack)
            outcome = r12.run(stack, count=count, harms=harms, seed=seed)
            print(f"R12  {outcome}", flush=True)
            return outcome
        finally:
            stack.remove()


def prove_r1(seed: int) -> tuple[bool, list[str]]:
    """Two hundred claimers, twenty wishes; then a server that reads, then writes, which has to give one to several."""
    product = _claims(seed, "alliance.settings.local")
    control = _claims(seed, "tests.prove.naive_claims_settings")
    lines = [f"- product: {product}", f"- control, reading and then writing: {control}"]
    lines += [f"- fault: {fault}" for fault in product.faults]
    if not control.several:
        lines.append("- fault: the control gave every wish to one, so this run proves nothing")
    return not product.faults and control.several > 0, lines


def _claims(seed: int, settings: str) -> r1.Outcome:
    claimers, offers = int(os.environ.get("CLAIMERS") or 200), int(os.environ.get("OFFERS") or 20)
    with tempfile.TemporaryDirectory(prefix="tongxin-prove-", dir=passable_folder()) as folder:
        workers = str(os.cpu_count() or 1)
        stack = ProofStack(Path(folder) / "var", DJANGO_SETTINGS_MODULE=settings, WEB_WORKERS=workers)
        try:
            stack.start()
            crowd = r1.gather(stack, claimers, offers)
            outcome = r1.look(stack, crowd, r1.run(stack, crowd, seed))
            print(f"R1  {outcome}", flush=True)
            return outcome
        finally:
            stack.remove()


def prove_r9(seed: int) -> tuple[bool, list[str]]:
    """Every day, start, unit and amount; then three calendars that count otherwise, each of which has to be caught."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings.test")
    django.setup()
    from tests.prove import r9  # it reads models, which stand only now

    known = r9.announced()
    walk, days = r9.Walk(), r9.span(r9.FIRST, r9.LAST)
    began, product = time.monotonic(), r9.compare(known.due_at, walk, days)
    caught = {name: len(r9.compare(make(known), walk, days, [1, 7]).wrong) for name, make in r9.CONTROLS.items()}
    ok = product.cases > r9.ENOUGH and not product.wrong and all(caught.values())
    seconds = time.monotonic() - began
    print(
        f"R9  {product.cases:,} limits, {len(product.wrong)} end elsewhere; controls {caught}; {seconds:.0f} s",
        flush=True,
    )
    lines = [f"- product: {product.cases:,} limits compared, {len(product.wrong)} end at another moment"]
    lines += [f"- control, {name}: {count:,} end at another moment" for name, count in caught.items()]
    lines += [f"- fault: {fault}" for fault in product.wrong[:50]]
    return ok, lines


def prove_r11(seed: int) -> tuple[bool, list[str]]:
    """Damaged files through the upload page; then a reader and an importer without their guard, which have to fail."""
    from tests.bench.stage import stage

    with stage(0, seed):
        from tests.cast import build  # it reads models, which stand only now
        from tests.prove import r11

        cast, count = build(), int(os.environ.get("FILES") or 5000)
        clerk, street = cast.chengxiang.clerk, cast.chengxiang.street
        product = r11.run(clerk, street, seed=seed, count=count, most_imported=r11.IMPORTED)
        print(f"R11  {product}", flush=True)
        failed, kinds = r11.trusting(seed, 60)
        again = r11.forgetful(clerk, street, seed=7, count=3)
        print(f"R11  controls: {failed} of 60 files break a trusting reader; {again} units added again", flush=True)
    lines = [f"- product: {product}", f"- control, parsing first: {failed} of 60 files: {', '.join(kinds)}"]
    lines += [f"- control, not asking what is registered: {again} units added again"]
    lines += [f"- answers: {name}: {number}" for name, number in sorted(product.answers.items())]
    lines += [f"- fault: {fault}" for fault in product.faults[:50]]
    return product.clean and product.added > 0 and failed > 0 and again > 0, lines


def prove_bookings(seed: int) -> tuple[bool, list[str]]:
    """Fifty and one room; then one that looks and then writes, which has to give it to two at one time."""
    from tests.bench.stage import stage

    with stage(0, seed):
        from tests.prove import bookings  # it reads models, which stand only now

        crowd = bookings.gather()
        product = bookings.product(crowd, seed)
        print(f"bookings  {product}", flush=True)
        control = bookings.naive(crowd, seed)
        print(f"bookings  control: {control}", flush=True)
    ok = not product.faults and not product.collisions and product.made > 0 and product.refused > 0
    lines = [f"- product: {product}", f"- control, looking and then writing: {control}"]
    lines += [f"- fault: {fault}" for fault in product.faults[:50]]
    if not control.collisions:
        lines.append("- fault: the control gave no time to two, so this run proves nothing")
    return ok and control.collisions > 0, lines


def prove_agreements(seed: int) -> tuple[bool, list[str]]:
    """Every way to change what was signed; then the same with the guards off, which the digests have to tell."""
    from tests.bench.stage import stage

    with stage(0, seed):
        from tests.prove import agreements  # it reads models, which stand only now

        here = agreements.gather()
        product = agreements.product(here, seed)
        print(f"agreements  {product}", flush=True)
        control = agreements.naive(here)
        print(f"agreements  control: {control}", flush=True)
    ok = not product.faults and product.refused == product.tried > 0 and product.verified == product.signed > 0
    ok = ok and 0 < product.won < product.raced
    lines = [f"- product: {product}", f"- control, guards off: {control}"]
    lines += [f"- fault: {fault}" for fault in product.faults[:50]]
    if control.told != control.signed or not control.told:
        lines.append("- fault: with the guards off nothing was told as changed, so this run proves nothing")
    return ok and control.told == control.signed > 0, lines


def prove_r2(seed: int) -> tuple[bool, list[str]]:
    """The ledger beside its model; then one that spends the newest points first, which has to be found out."""
    from tests.bench.stage import stage

    with stage(0, seed):
        from tests.cast import build  # it reads models, which stand only now
        from tests.prove import ledger

        here, operations = build().chengxiang, int(os.environ.get("OPERATIONS") or 100_000)
        began, faults = time.monotonic(), []
        try:
            steps = ledger.run(here, operations=operations, number=seed)
        except AssertionError as error:
            steps, faults = ledger.LedgerMachine.steps, [repr(error)[:300]]
        print(f"R2  {steps:,} operations in {time.monotonic() - began:.0f} s, {len(faults)} faults", flush=True)
        try:
            ledger.run(here, operations=2_000, number=seed, machine=ledger.Newest)
            faults.append("the control was not found out, so this run proves nothing")
        except AssertionError:
            print("R2  control: found out", flush=True)
    return not faults, [f"- product: {steps:,} operations", *(f"- fault: {fault}" for fault in faults)]


def prove_r3(seed: int) -> tuple[bool, list[str]]:
    """Eight threads, then fifty and the last one; then a ledger and a shelf without guards, which have to go wrong."""
    from tests.bench.stage import stage

    with stage(0, seed):
        from tests.cast import build  # it reads models, which stand only now
        from tests.prove import ledger_crowd as crowd

        scene = crowd.gather(build().chengxiang)
        product = crowd.product(scene, int(os.environ.get("OPERATIONS") or 100_000), seed)
        print(f"R3  {product}", flush=True)
        last = crowd.last_one(scene, rounds=20)
        print(f"R3  the last one: {last}", flush=True)
        several, naive = crowd.naive_taking(scene), crowd.naive_giving(scene)
        print(f"R3  controls: {several} have the last one; {len(naive.faults)} faults in the books", flush=True)
    lines = [f"- product: {product}", f"- fifty and the last one: {last}"]
    lines += [f"- controls: {several} have the last one; {len(naive.faults)} faults in the books"]
    lines += [f"- fault: {fault}" for fault in (*product.faults, *last.faults)[:50]]
    return not product.faults and not last.faults and several > 1 and bool(naive.faults), lines


def prove_reconcile(seed: int) -> tuple[bool, list[str]]:
    """Ten million lines checked as every night, in under a minute; then with five changes, all of which are found."""
    from tests.bench.stage import stage

    with stage(0, seed):
        from points.services.rules import rule_on  # they read models, which stand only now
        from tests.cast import build
        from tests.points.things import reward_in
        from tests.prove import reconcile

        here, began = build().chengxiang, time.monotonic()
        entries = int(os.environ.get("ENTRIES") or 10_000_000)
        reconcile.write(entries=entries, street=here.street.pk, rule=rule_on().pk, reward=reward_in(here).pk)
        print(f"reconcile  written in {time.monotonic() - began:.0f} s", flush=True)
        outcome = reconcile.run()
        print(f"reconcile  {outcome}", flush=True)
    ok = not outcome.problems and not outcome.unseen and outcome.seconds < reconcile.MOST_SECONDS
    lines = [f"- {outcome}", *(f"- fault: {problem}" for problem in outcome.problems)]
    return ok and outcome.entries >= entries, lines + [f"- fault: {name} not found" for name in outcome.unseen]


PROOFS: dict[str, Callable[[int], tuple[bool, list[str]]]] = {
    "R1": prove_r1,
    "R2": prove_r2,
    "R3": prove_r3,
    "R4": engine.prove_r4,
    "R5": r5.prove_r5,
    "R6": engine.prove_r6,
    "R7": engine.prove_r7,
    "R8": engine.prove_r8,
    "R9": prove_r9,
    "R11": prove_r11,
    "R12": prove_r12,
    "R17": engine.prove_r17,
    "bookings": prove_bookings,
    "seats": seats.prove_seats,
    "agreements": prove_agreements,
    "reconcile": prove_reconcile,
}


def main() -> int:
    chosen = [name.strip() for name in (os.environ.get("ONLY") or ",".join(PROOFS)).split(",")]
    unknown = [name for name in chosen if name not in PROOFS]
    if unknown:
        print(f"没有这项 (unknown)：{'、'.join(unknown)}；可选 (choose)：{'、'.join(PROOFS)}", file=sys.stderr)
        return 2
    seed = os.environ.get("SEED") or str(secrets.randbelow(10**6))
    if len(chosen) == 1:
        return _prove(chosen[0], int(seed))
    # A process each: a stage's address is read once, when Django is set up.
    alone = [sys.executable, "-m", "tests.prove"]
    codes = [subprocess.run(alone, env={**os.environ, "ONLY": name, "SEED": seed}).returncode for name in chosen]
    return 1 if any(codes) else 0


def _prove(name: str, seed: int) -> int:
    """One proof, with its report in ``var/prove``; 1 where it failed."""
    ok, lines = PROOFS[name](seed)
    report = REPO / "var" / "prove" / f"{name}.md"
    report.parent.mkdir(parents=True, exist_ok=True)
    head = [f"# {name}: {'passed' if ok else 'FAILED'}", "", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, seed {seed}"]
    report.write_text("\n".join([*head, "", *lines, ""]), encoding="utf-8")
    print(f"{name} {'ok' if ok else 'FAILED'}  {report.relative_to(REPO)}", flush=True)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
