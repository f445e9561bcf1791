"""Where things stand on disk, and which account PostgreSQL runs under."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]


class CannotStart(Exception):
    """Something the person at the terminal has to change; shown as one line."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Account:
    """An account to run a child under."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """The folders of one running copy, all derived from its folder for runtime data."""

    var: Path

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def secrets(self) -> Path:
        return self.var / "secrets" / "keys.json"

    @property
    def state(self) -> Path:
        return self.run / "state.json"

    @property
    def lock(self) -> Path:
        return self.run / "lock"

    @property
    def database(self) -> Path:
        """PostgreSQL's own folder. As root it must lie where an unprivileged account may pass."""
        if os.geteuid() != 0:
            return self.var / "postgres"
        return Path("/var/lib") / f"tongxin-{_short_hash(self.var)}"

    def create(self) -> None:
        """Make the folders; those that hold secrets or logs are for the owner alone."""
        for folder in (self.var, self.run, self.logs, self.secrets.parent, self.var / "static"):
            folder.mkdir(parents=True, exist_ok=True)
        for private in (self.run, self.logs, self.secrets.parent):
            private.chmod(0o700)


def places() -> Places:
    """The folders of this copy: ``TONGXIN_VAR`` or ``var/`` beside the code."""
    return Places(Path(os.environ.get("TONGXIN_VAR") or REPO / "var").resolve())


def database_account() -> Account | None:
    """The account for PostgreSQL: it refuses to run as root, so root hands it to ``nobody``."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(entry.pw_uid, entry.pw_gid)


def remove_everything(where: Places) -> None:
    """Delete the runtime data of this copy, the database included."""
    for folder in (where.database, where.var):
        shutil.rmtree(folder, ignore_errors=True)


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
