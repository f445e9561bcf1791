"""The programs of the quick start: how web, worker and clock are called."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alliance.embedded.places import REPO, Places
from alliance.embedded.processes import Spec

BIGGEST_LOG = 5_000_000


@dataclass(frozen=True)
class Programs:
    """Everything a program of this copy needs: the folders, the address and the environment."""

    where: Places
    host: str
    port: int
    env: Mapping[str, str]

    def web(self) -> Spec:
        workers = self.env.get("WEB_WORKERS") or str(min(4, os.cpu_count() or 1))
        return self._python(
            "web",
            *("-m", "granian", "--interface", "wsgi", "--host", self.host, "--port", str(self.port)),
            *("--workers", workers, "--blocking-threads", "4", "--blocking-threads-idle-timeout", "600"),
            *("--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5"),
            # No access log: the addresses of progress pages carry the residents' tokens.
            *("--no-ws", "--no-access-log", "--log-level", "warning", "alliance.wsgi:application"),
        )

    def worker(self) -> Spec:
        """Its plain output goes to the terminal: the console SMS channel of the demo prints there."""
        return self._python(
            "worker",
            *("-m", "celery", "--quiet", "-A", "alliance.celery", "worker", "--loglevel", "WARNING"),
            *("--concurrency", "2", "--without-gossip", "--without-mingle", "--without-heartbeat"),
            talks=True,
            # Not longer: what is due is a row, and the next run finds it.
            stop_seconds=3.0,
        )

    def beat(self) -> Spec:
        """No pid file: one left by a crash would keep the clock from starting."""
        return self._python(
            "beat",
            *("-m", "celery", "--quiet", "-A", "alliance.celery", "beat", "--loglevel", "WARNING"),
            *("--schedule", str(self.where.run / "beat"), "--pidfile", ""),
        )

    def manage(
        self,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        talks: bool = False,
        log: Path | None = None,
    ) -> Spec:
        """One command of Django's command line, run to its end."""
        return self._python(arguments[0], "manage.py", *arguments, env=env, talks=talks, log=log)

    def _python(
        self,
        name: str,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        talks: bool = False,
        log: Path | None = None,
        stop_seconds: float = 10.0,
    ) -> Spec:
        return Spec(
            name=name,
            argv=[sys.executable, *arguments],
            cwd=REPO,
            env={**self.env, **(env or {})},
            log=log or log_file(self.where, name),
            talks=talks,
            stop_seconds=stop_seconds,
        )


def log_file(where: Places, name: str) -> Path:
    """The log of one program; a big one is put aside first."""
    path = where.logs / f"{name}.log"
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > BIGGEST_LOG:
            path.replace(path.with_suffix(".old"))
    return path
