"""``python -m tests.bench``; ONLY=list,search chooses, NEEDS and SEED change the data."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator

from tests.bench import claim, drain, importing, listing, match, redeem, search, sweep
from tests.bench.bars import Bar
from tests.bench.stage import stage

BENCHES: dict[str, Callable[[], Iterator[Bar]]] = {
    "claim": claim.bars,
    "list": listing.bars,
    "search": search.bars,
    "drain": drain.bars,
    "sweep": sweep.bars,
    "import": importing.bars,
    "match": match.bars,
    "redeem": redeem.bars,
}
WITHOUT_NEEDS = {"claim", "sweep", "drain", "import", "match", "redeem"}


def main() -> int:
    chosen = [name.strip() for name in (os.environ.get("ONLY") or ",".join(BENCHES)).split(",")]
    unknown = [name for name in chosen if name not in BENCHES]
    if unknown:
        print(f"没有这项 (unknown)：{'、'.join(unknown)}；可选 (choose)：{'、'.join(BENCHES)}", file=sys.stderr)
        return 2
    needs, seed = int(os.environ.get("NEEDS") or 200_000), int(os.environ.get("SEED") or 20261121)
    if WITHOUT_NEEDS.issuperset(chosen):
        needs = 0
    print(f"seed {seed}, {needs:,} needs, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    with stage(needs, seed):
        results = []
        for bar in (bar for name in chosen for bar in BENCHES[name]()):
            print(bar, flush=True)
            results.append(bar)
    return 0 if all(bar.ok for bar in results) else 1


if __name__ == "__main__":
    sys.exit(main())
