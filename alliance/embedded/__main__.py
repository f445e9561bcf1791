"""``python -m alliance.embedded run | status | manage … | test-server | remove``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

from alliance.embedded import state
from alliance.embedded.places import REPO, CannotStart, places, remove_everything
from alliance.embedded.stack import start
from alliance.embedded.testing import serve_until_stopped


def status() -> int:
    """Print who runs; exit code 3 when nothing does."""
    where = places()
    if not state.is_running(where):
        print("没有运行 (not running)")
        return 3
    found = state.read_state(where)
    healthy = bool(found) and state.is_healthy(found["host"], found["port"])
    print(f"{found.get('url', '正在启动')}  {'正常 (healthy)' if healthy else '暂无应答 (no answer)'}")
    for name, (pid, _mark) in found.get("marks", {}).items():
        print(f"  {name:<10}{pid}")
    return 0


def manage() -> int:
    """Django's command line with the secrets and the database of the running quick start."""
    where = places()
    found = state.read_state(where)
    if not state.is_running(where) or not found.get("env"):
        raise CannotStart("请先运行 make run，再在另一个终端里用这个命令 (not running).")
    env = {**os.environ, **found["env"], **found["addresses"]}
    return subprocess.run([sys.executable, "manage.py", *sys.argv[2:]], cwd=REPO, env=env, check=False).returncode


def remove() -> int:
    """Delete the runtime data of this copy, the database included."""
    where = places()
    if state.is_running(where):
        raise CannotStart("正在运行，请先停止 (stop it first).")
    remove_everything(where)
    return 0


COMMANDS: dict[str, Callable[[], int]] = {
    "run": start,
    "status": status,
    "manage": manage,
    "test-server": serve_until_stopped,
    "remove": remove,
}


def main() -> int:
    command = COMMANDS.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if command is None:
        print(f"用法 (usage): python -m alliance.embedded {' | '.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        return command()
    except CannotStart as problem:
        print(f"错误：{problem}", file=sys.stderr)
        return problem.code
    except PermissionError as problem:
        print(f"错误：没有权限写 {problem.filename}，它可能属于另一个用户 (permission denied).", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
