"""The quick start as a person and a bad day meet it: real processes, real kills."""

from __future__ import annotations

import os
import signal
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from alliance.embedded.postgres import free_port
from tests.infra.quickstart import QuickStart, children_of, refused, state_file, until

pytestmark = [
    pytest.mark.infra,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QuickStart]:
    """One running copy for the module, in a folder with a space and Chinese in its name."""
    running = QuickStart(tmp_path_factory.mktemp("quick") / "运行 数据")
    try:
        yield running.start()
    finally:
        running.remove()


def test_start_shows_progress_and_the_address(copy: QuickStart) -> None:
    text = copy.text()
    assert "PostgreSQL" in text
    assert f"http://127.0.0.1:{copy.port}" in text
    assert "Ctrl-C" in text
    assert copy.healthy()


def test_secrets_are_for_the_owner_alone(copy: QuickStart) -> None:
    for path in (copy.where.secrets, copy.where.state):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (copy.where.run, copy.where.logs, copy.where.secrets.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_web_and_worker_do_not_know_the_owner_of_the_database(copy: QuickStart) -> None:
    for name in ("web", "worker", "beat"):
        environment = Path(f"/proc/{copy.pid(name)}/environ").read_bytes()
        assert b"DATABASE_URL=postgres://tongxin_app:" in environment
        assert b"tongxin_owner" not in environment


def test_database_does_not_run_as_root(copy: QuickStart) -> None:
    assert Path(f"/proc/{copy.pid('postgres')}").stat().st_uid != 0


@pytest.mark.parametrize("name", ["web", "worker", "beat", "postgres"])
def test_a_killed_child_comes_back(copy: QuickStart, name: str) -> None:
    before = until(lambda: copy.pid(name))
    os.kill(before, signal.SIGKILL)
    until(lambda: copy.pid(name) not in (0, before))
    until(copy.healthy)


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_killed_grandchild_comes_back(copy: QuickStart, name: str) -> None:
    leader = until(lambda: copy.pid(name))
    before = until(lambda: children_of(leader))
    os.kill(before[-1], signal.SIGKILL)
    until(lambda: before[-1] not in (now := children_of(copy.pid(name) or leader)) and now)
    until(copy.healthy)


def test_a_second_run_is_one_line(copy: QuickStart) -> None:
    code, lines = refused(copy.where.var)
    assert code == 1
    assert len(lines) == 1
    assert "已经在运行" in lines[0] and f":{copy.port}" in lines[0]


def test_a_busy_port_is_one_line_before_anything_starts(copy: QuickStart, tmp_path: Path) -> None:
    code, lines = refused(tmp_path / "var", PORT=str(copy.port))
    assert code == 1
    assert len(lines) == 1
    assert str(copy.port) in lines[0] and "PORT=" in lines[0]
    assert not (tmp_path / "var" / "log" / "postgres.log").exists()


def test_a_stale_lock_file_does_not_block_and_a_port_of_letters_is_refused(tmp_path: Path) -> None:
    code, lines = refused(tmp_path / "var", PORT="八千")
    assert (code, len(lines)) == (2, 1)
    assert "PORT" in lines[0]


@pytest.mark.parametrize(
    "address",
    [
        "postgres://tongxin_app:very-secret@127.0.0.1:{closed}/tongxin",
        "mysql://127.0.0.1/tongxin",
        "postgres://127.0.0.1:99999/tongxin",
        "not an address",
    ],
)
def test_a_broken_database_address_is_one_line_and_exit_2(tmp_path: Path, address: str) -> None:
    address = address.format(closed=free_port())
    code, lines = refused(tmp_path / "var", DATABASE_URL=address, DATABASE_OWNER_URL=address)
    assert code == 2
    assert len(lines) == 1
    assert "DATABASE_URL" in lines[0]
    assert "very-secret" not in lines[0]


@pytest.mark.parametrize("address", ["redis://127.0.0.1:{closed}/0", "zzz", "http://127.0.0.1/"])
def test_a_broken_broker_address_is_one_line_and_exit_2(tmp_path: Path, address: str) -> None:
    code, lines = refused(tmp_path / "var", REDIS_URL=address.format(closed=free_port()))
    assert (code, len(lines)) == (2, 1)
    assert "REDIS_URL" in lines[0]


def test_a_host_of_another_machine_is_not_called_a_busy_port(tmp_path: Path) -> None:
    code, lines = refused(tmp_path / "var", HOST="192.0.2.1")
    assert (code, len(lines)) == (2, 1)
    assert "HOST" in lines[0]


def test_a_missing_owner_address_is_one_line_and_exit_2(copy: QuickStart, tmp_path: Path) -> None:
    address = state_file(copy.where)["addresses"]["DATABASE_URL"]
    code, lines = refused(tmp_path / "var", DATABASE_URL=address)
    assert (code, len(lines)) == (2, 1)
    assert "DATABASE_OWNER_URL" in lines[0]


def test_a_killed_supervisor_leaves_no_orphan_and_the_next_start_recovers(copy: QuickStart) -> None:
    owner = state_file(copy.where)["addresses"]["DATABASE_OWNER_URL"]
    with psycopg2.connect(owner) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS acknowledged (words text)")
        cursor.execute("INSERT INTO acknowledged VALUES ('三号楼门禁坏了')")
    connection.close()
    assert copy.process is not None
    copy.process.kill()
    copy.process.wait()
    copy.start()
    assert copy.healthy()
    owner = state_file(copy.where)["addresses"]["DATABASE_OWNER_URL"]
    with psycopg2.connect(owner) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT words FROM acknowledged")
        assert cursor.fetchall() == [("三号楼门禁坏了",)]
        cursor.execute("DROP TABLE acknowledged")
    connection.close()
    copy.process.kill()
    copy.process.wait()
    until(lambda: not copy.processes(), 30)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_leaves_no_process_and_the_next_start_skips_what_is_done(
    copy: QuickStart, number: signal.Signals
) -> None:
    copy.start()
    assert "migrate" not in copy.text()
    assert copy.stop(number) == 0
    assert copy.processes() == []
    assert "已停止" in copy.text()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", copy.port)) != 0
