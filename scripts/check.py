"""Everything that has to hold before a change lands: lint, types, layers, drift, tests (``make test``)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from scripts import browser

BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "-W", "ignore", "manage.py"]
TEST_SETTINGS = {"DJANGO_SETTINGS_MODULE": "alliance.settings.test"}
# Values that only have to look real: the deployment check reads settings and connects to nothing.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "alliance.settings.production",
    "SECRET_KEY": "".join(chr(33 + (index * 7) % 90) for index in range(90)),
    "PRIVACY_KEYS": "Y2hlY2stZGVwbG95LWNoZWNrLWRlcGxveS1jaGVjay0=",
    "PRIVACY_INDEX_KEY": "deploy-check-index-key-0123456789",
    "DATABASE_URL": "postgres://tongxin_app:x@127.0.0.1:1/tongxin",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SITE_URL": "https://tongxin.example",
    "ALLOWED_HOSTS": "tongxin.example",
    "NUM_PROXIES": "1",
}


@dataclass
class Step:
    """One named check, run as a process of its own."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    code: int = 0
    output: str = ""

    def run(self) -> Step:
        began = time.monotonic()
        done = subprocess.run(
            [str(part) for part in self.command],
            env={**os.environ, **self.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.code, self.output, self.seconds = done.returncode, done.stdout, time.monotonic() - began
        return self


def lint_steps() -> Iterator[Step]:
    """The slow one first: two run at a time."""
    yield Step("mypy", [str(BIN / "mypy")])
    yield Step("ruff check", [str(BIN / "ruff"), "check", "."])
    yield Step("ruff format", [str(BIN / "ruff"), "format", "--check", "."])
    yield Step("import layers", [str(BIN / "lint-imports"), "--no-cache"])
    yield Step("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], TEST_SETTINGS)
    yield Step("deploy check", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION)
    yield Step("API contract", [sys.executable, "-m", "scripts.openapi", "--check"])
    if Path("scripts/messages.py").exists():
        yield Step("translations", [sys.executable, "-m", "scripts.messages", "--check"])


def run_lint() -> list[str]:
    """Run all steps and report each; returns the names of the failed ones."""
    failed = []
    with ThreadPoolExecutor(2) as pool:
        for step in pool.map(Step.run, lint_steps()):
            print(f"{'ok    ' if step.code == 0 else 'FAILED'}  {step.name:<16}{step.seconds:6.1f}s", flush=True)
            if step.code:
                print(_shortened(step.output), flush=True)
                failed.append(step.name)
    return failed


def _shortened(output: str, most: int = 60) -> str:
    lines = output.rstrip().splitlines()
    if len(lines) <= most:
        return "\n".join(lines)
    middle = f"… {len(lines) - most} 行略去 (lines left out)"
    return "\n".join([*lines[: most - 10], middle, *lines[-10:]])


def require_browser() -> bool:
    """Whether the browser tests can run, or may be left out: never in CI."""
    if browser.ensure():
        return True
    print(
        "!!! 没有 Chromium 或 Chrome：浏览器测试不会运行 (NO BROWSER: the browser tests do not run) !!!",
        flush=True,
    )
    return os.environ.get("CI") != "true"


def run_pytest(arguments: list[str]) -> int:
    """Three workers on two cores: one of them mostly waits for processes (``tests/spread.py``)."""
    spread = [] if any(part.startswith("-n") for part in arguments) else ["-n", "3", "--dist", "loadfile"]
    return subprocess.run([sys.executable, "-m", "pytest", *spread, *arguments], check=False).returncode


def main() -> int:
    began = time.monotonic()
    arguments = [part for part in sys.argv[1:] if part != "--lint"]
    failed = [] if arguments else run_lint()
    if "--lint" not in sys.argv:
        if not require_browser():
            failed.append("browser")
        print(f"pytest, after {time.monotonic() - began:.0f}s of other checks", flush=True)
        if run_pytest(arguments):
            failed.append("pytest")
    if failed:
        print(f"没有通过 (failed)：{'、'.join(failed)}", file=sys.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
