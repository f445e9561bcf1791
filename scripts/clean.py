"""Delete what can be made again, and the local data: a fresh start."""

from __future__ import annotations

import shutil
import sys

from alliance.embedded import state
from alliance.embedded.places import REPO, places, remove_everything

CACHES = (".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", ".hypothesis")


def main() -> int:
    if state.is_running(places()):
        print("错误：正在运行，请先停止 (stop it first)", file=sys.stderr)
        return 1
    remove_everything(places())
    for name in CACHES:
        shutil.rmtree(REPO / name, ignore_errors=True)
    print("已清空 (clean)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
