"""The virtual environment: made from a hashed lock with plain pip, and made again when the lock changes."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

REPO = Path(__file__).resolve().parent.parent
VENV = REPO / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.txt"
LOCKS = {"runtime": "requirements.lock", "dev": "requirements-dev.lock"}

NOTHING = ""
# What a make target needs installed, and what it runs there. What needs nothing runs where it was called.
TARGETS: dict[str, tuple[str, list[str]]] = {
    "run": ("runtime", ["-m", "alliance.embedded", "run"]),
    "status": ("runtime", ["-m", "alliance.embedded", "status"]),
    "manage": ("runtime", ["-m", "alliance.embedded", "manage"]),
    "test": ("dev", ["-m", "scripts.check"]),
    "lint": ("dev", ["-m", "scripts.check", "--lint"]),
    "bench": ("dev", ["-m", "tests.bench"]),
    "prove": ("dev", ["-m", "tests.prove"]),
    "messages": ("dev", ["-m", "scripts.messages"]),
    "openapi": ("dev", ["-m", "scripts.openapi"]),
    "lock": ("dev", ["-m", "scripts.lock"]),
    "screenshots": ("dev", ["-m", "scripts.screenshots"]),
    "clean": (NOTHING, ["-m", "scripts.clean"]),
}


def hand_over(arguments: list[str]) -> int:
    """Make the environment that the target needs, then become that target's program."""
    target = TARGETS.get(arguments[0] if arguments else "")
    if target is None:
        sys.stderr.write(f"用法 (usage): bootstrap.py {' | '.join(TARGETS)}\n")
        return 2
    kind, program = target
    os.chdir(REPO)
    if kind == NOTHING:
        return _become([sys.executable, *program, *arguments[1:]])
    try:
        with _alone():
            ensure(kind)
    except Problem as problem:
        sys.stderr.write(f"错误：{problem}\n")
        return 1
    return _become([str(PYTHON), *program, *arguments[1:]])


def _become(command: list[str]) -> NoReturn:
    """The same process goes on: make's signals reach the program without a go-between."""
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


class Problem(Exception):
    """What the person at the terminal has to change."""


def ensure(kind: str) -> None:
    """Install the lock unless it is installed already; the development set contains the runtime one."""
    fitting = {_fingerprint(kind), _fingerprint("dev")}
    if STAMP.exists() and STAMP.read_text() in fitting and _works():
        return
    began = time.monotonic()
    print("准备运行环境 .venv（第一次约一分钟）(installing, about a minute the first time)", flush=True)
    STAMP.unlink(missing_ok=True)
    if not _works():
        _create()
    _install(REPO / LOCKS[kind])
    STAMP.write_text(_fingerprint(kind))
    print(f"运行环境就绪，用时 {time.monotonic() - began:.0f} 秒 (installed)", flush=True)


def _fingerprint(kind: str) -> str:
    lock = (REPO / LOCKS[kind]).read_bytes()
    return f"{kind} {sys.version_info[0]}.{sys.version_info[1]} {hashlib.sha256(lock).hexdigest()}"


def _works() -> bool:
    """Whether the environment's Python runs and is of the same version as this one."""
    probe = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])!r})"
    with contextlib.suppress(OSError):
        return subprocess.run([PYTHON, "-c", probe], capture_output=True, check=False).returncode == 0
    return False


def _create() -> None:
    """A bare Debian has no ensurepip: then the environment is made without pip and filled from outside."""
    shutil.rmtree(VENV, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, check=False).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", VENV], capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise Problem(f"无法建立 .venv：{(made.stderr.strip().splitlines() or ['?'])[-1]} (venv failed)")


def _install(lock: Path) -> None:
    inside = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    pip = [str(PYTHON), "-m", "pip"] if inside else [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if not inside and subprocess.run([*pip[:3], "--version"], capture_output=True, check=False).returncode:
        raise Problem("没有 pip；Debian/Ubuntu 上请先 apt-get install python3-venv python3-pip (pip is missing)")
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes"]
    log = VENV / "pip.log"
    with log.open("wb") as output:
        # Where packages come from is pip's own configuration; only an inherited "--user" cannot work here.
        child = subprocess.Popen(
            [*pip, "install", *options, "-r", str(lock)],
            stdout=output,
            stderr=output,
            env={**os.environ, "PIP_USER": "0"},
        )
        try:
            _wait(child)
        except BaseException:
            child.terminate()
            child.wait()
            raise
    if child.returncode:
        last = "\n".join(log.read_text(errors="replace").strip().splitlines()[-8:])
        raise Problem(f"依赖没有装上，请检查网络或 pip 的配置 (pip failed)：\n{last}")


def _wait(child: subprocess.Popen[bytes]) -> None:
    waited = 0
    while True:
        try:
            child.wait(15)
            return
        except subprocess.TimeoutExpired:
            waited += 15
            print(f"  正在安装依赖，已用 {waited} 秒… (still installing)", flush=True)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two make commands in one folder take turns."""
    folder = os.open(REPO, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
