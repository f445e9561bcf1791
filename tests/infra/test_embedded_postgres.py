"""The private PostgreSQL: passwords, roles, and nothing of what people type in its log."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import errors

from alliance.embedded.keys import load_keys
from alliance.embedded.places import REPO, CannotStart, Places, database_account
from alliance.embedded.postgres import (
    APP,
    FOR_TESTS,
    OWNER,
    Cluster,
    Passwords,
    database_home,
    find_binaries,
)
from alliance.embedded.processes import Child, Spec
from alliance.embedded.testing import passable_folder
from tests.infra.quickstart import until

pytestmark = pytest.mark.infra


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="tongxin-test-", dir=passable_folder()))
    folder.chmod(0o711)
    home = database_home(Places(REPO / "var").database)
    (folder / "postgres").mkdir(mode=0o711)
    made = Cluster(
        folder / "postgres" / "data",
        find_binaries(home),
        Passwords("root-secret", "owner-secret", "app-secret"),
        account=database_account(),
        settings=FOR_TESTS,
        log=folder / "postgres.log",
    )
    made.prepare()
    child = made.start()
    made.create_roles()
    try:
        yield made
    finally:
        child.stop()
        shutil.rmtree(folder, ignore_errors=True)


def ask(address: str, question: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(address)
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_nobody_gets_in_without_the_password(cluster: Cluster) -> None:
    with pytest.raises(psycopg2.OperationalError):
        ask(cluster.url(APP).replace("app-secret", "guess"), "SELECT 1")


def test_the_application_cannot_become_the_owner_and_the_owner_can_act_as_the_application(
    cluster: Cluster,
) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        ask(cluster.url(APP), f"SET ROLE {OWNER}")
    with pytest.raises(errors.InsufficientPrivilege):
        ask(cluster.url(APP), "CREATE TABLE smuggled (id int)")
    assert ask(cluster.url(OWNER), f"SET ROLE {APP}; SELECT current_user") == [(APP,)]


def test_chinese_letters_are_letters_for_the_server(cluster: Cluster) -> None:
    assert ask(cluster.url(APP), "SELECT '同心' ~ '^[[:alpha:]]+$', lower('ＡＢ')") == [(True, "ａｂ")]


def test_roles_can_be_made_twice(cluster: Cluster) -> None:
    cluster.create_roles()
    assert ask(cluster.url(APP), "SELECT 1") == [(1,)]


def test_a_failed_statement_leaves_no_words_in_the_log(cluster: Cluster) -> None:
    owner = cluster.url(OWNER)
    connection = psycopg2.connect(owner)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE people_met (phone text UNIQUE)")
        cursor.execute("INSERT INTO people_met VALUES ('13800138000')")
    with pytest.raises(errors.UniqueViolation), connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO people_met VALUES ('13800138000')")
    connection.close()
    assert cluster.log is not None
    log = cluster.log.read_text()
    assert "people_met_phone_key" in log
    assert "13800138000" not in log


def test_a_pid_file_that_names_a_stranger_does_not_block(cluster: Cluster) -> None:
    stale = cluster.data / "postmaster.pid"
    kept = stale.read_text()
    stale.write_text(f"{os.getpid()}\n{cluster.data}\n")
    try:
        cluster.spec()
        assert not stale.exists()
    finally:
        stale.write_text(kept)
        stale.chmod(0o600)
        if account := database_account():
            os.chown(stale, account.uid, account.gid)


def test_another_server_on_the_port_is_not_taken_for_ours(cluster: Cluster, tmp_path: Path) -> None:
    stranger = Cluster(
        tmp_path / "data", cluster.binaries, Passwords("other", "other", "other"), account=cluster.account
    )
    stranger.port = cluster.port
    assert not stranger.wait_ready(lambda: None, seconds=1.0)


def test_data_of_another_version_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("9\n")
    old = Cluster(tmp_path, cluster.binaries, cluster.passwords, account=None)
    with pytest.raises(CannotStart, match="PostgreSQL 9"):
        old.prepare()


def test_secrets_are_made_once_and_a_damaged_file_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first = load_keys(path)
    assert load_keys(path) == first
    assert path.stat().st_mode & 0o077 == 0
    path.write_text("{")
    with pytest.raises(CannotStart):
        load_keys(path)


def test_a_child_ends_with_everything_it_started(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    child = Child(_shell_with_a_child(note))
    grandchild = int(until(lambda: note.exists() and note.read_text().strip()))
    child.kill()
    until(lambda: not _alive(grandchild), 10)


def _shell_with_a_child(note: Path) -> Spec:
    script = f"sleep 600 & echo $! > '{note}'; wait"
    return Spec("shell", ["/bin/sh", "-c", script], note.parent, dict(os.environ))


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
