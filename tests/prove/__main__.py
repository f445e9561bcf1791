"""``python -m tests.prove``; ONLY=R12 chooses, POSTS and SEED change the run. Reports go to var/prove/."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from alliance.embedded.places import REPO
from alliance.embedded.testing import passable_folder
from tests.prove import r12
from tests.prove.stack import ProofStack

CONTROL = {"DJANGO_SETTINGS_MODULE": "tests.prove.naive_settings"}


def prove_r12(seed: int) -> tuple[bool, list[str]]:
    """The long form, then the control, which has to lose something."""
    count = int(os.environ.get("POSTS") or 1000)
    guarded = _run(seed, count, r12.LONG_HARMS)
    print(f"R12  {guarded}", flush=True)
    control = _run(seed, min(count, 200), r12.SHORT_HARMS, **CONTROL)
    print(f"R12  control, acknowledging before the commit: {control}", flush=True)
    lines = [f"- product: {guarded}", f"- control (acknowledges before the commit): {control}"]
    lines += [f"- fault: {fault}" for fault in (*guarded.lost, *guarded.faults)]
    if not control.lost:
        lines.append("- fault: the control lost nothing, so this run proves nothing")
    return guarded.clean and bool(control.lost), lines


def _run(seed: int, count: int, harms: list[str], **more: str) -> r12.Outcome:
    with tempfile.TemporaryDirectory(prefix="tongxin-prove-", dir=passable_folder()) as folder:
        stack = ProofStack(Path(folder) / "var", **more)
        try:
            return r12.run(stack.start(), count=count, harms=harms, seed=seed)
        finally:
            stack.remove()


PROOFS: dict[str, Callable[[int], tuple[bool, list[str]]]] = {"R12": prove_r12}


def main() -> int:
    chosen = [name.strip() for name in (os.environ.get("ONLY") or ",".join(PROOFS)).split(",")]
    unknown = [name for name in chosen if name not in PROOFS]
    if unknown:
        print(f"没有这项 (unknown)：{'、'.join(unknown)}；可选 (choose)：{'、'.join(PROOFS)}", file=sys.stderr)
        return 2
    seed = int(os.environ.get("SEED") or secrets.randbelow(10**6))
    passed = True
    for name in chosen:
        ok, lines = PROOFS[name](seed)
        passed &= ok
        report = REPO / "var" / "prove" / f"{name}.md"
        report.parent.mkdir(parents=True, exist_ok=True)
        head = [f"# {name}: {'passed' if ok else 'FAILED'}", "", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, seed {seed}"]
        report.write_text("\n".join([*head, "", *lines, ""]), encoding="utf-8")
        print(f"{name} {'ok' if ok else 'FAILED'}  {report.relative_to(REPO)}", flush=True)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
