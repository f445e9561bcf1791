"""What a fresh clone is built from: locks, compose file, the first line a newcomer meets."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

REPO = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_locks_are_hashed_and_name_no_index_and_no_machine(name: str) -> None:
    text = (REPO / name).read_text()
    packages = re.findall(r"^[a-z0-9].*==\S+", text, flags=re.MULTILINE)
    assert len(packages) > 40
    assert text.count("--hash=sha256:") >= len(packages)
    assert "://" not in text
    assert not re.search(r"(^|\s)/(home|root|tmp|work)", text)
    assert "--index-url" not in text and "--find-links" not in text


@pytest.mark.parametrize("name", LOCKS)
def test_only_one_postgres_driver(name: str) -> None:
    """Django would prefer psycopg 3 where both are installed."""
    assert not re.search(r"^psycopg(-binary|-c)?==", (REPO / name).read_text(), flags=re.MULTILINE)


def test_the_development_lock_contains_the_runtime_lock() -> None:
    runtime, development = (
        set(re.findall(r"^([a-z0-9].*?==[^\s;]+)", (REPO / name).read_text(), re.M)) for name in LOCKS
    )
    assert runtime <= development


def test_an_old_python_is_told_what_to_install() -> None:
    code = (
        "import sys, runpy; sys.version_info = (3, 8, 0); sys.argv = ['bootstrap.py', 'run'];"
        "runpy.run_path('scripts/bootstrap.py', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPO,
        env={**os.environ, "PATH": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == "" and len(done.stderr.splitlines()) == 1
    assert "3.11" in done.stderr and "3.8" in done.stderr


def test_an_unknown_target_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/bootstrap.py", "fly"], cwd=REPO, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2


@pytest.fixture(scope="module")
def compose() -> dict[str, dict[str, dict[str, object]]]:
    found = yaml.safe_load((REPO / "docker-compose.yml").read_text())
    assert isinstance(found, dict)
    return found


def test_compose_runs_the_production_shape(compose: dict[str, dict[str, dict[str, object]]]) -> None:
    services = compose["services"]
    assert {"db", "redis", "migrate", "web", "worker", "beat", "proxy"} == set(services)
    assert services["db"]["image"] == "postgres:18"
    for name in ("web", "worker"):  # scaled by --scale: nothing that can exist only once
        assert not {"container_name", "ports"} & set(services[name])
    for name, service in services.items():
        for volume in service.get("volumes", []):  # type: ignore[attr-defined]
            source = str(volume).split(":")[0]
            assert not source.startswith("./") or (REPO / source).exists(), (name, source)


def test_only_the_migration_knows_the_owner(compose: dict[str, dict[str, dict[str, object]]]) -> None:
    for name in ("web", "worker", "beat"):
        environment = compose["services"][name]["environment"]
        assert isinstance(environment, dict)
        assert "tongxin_app" in environment["DATABASE_URL"]
        assert "DATABASE_OWNER_URL" not in environment
    assert "DATABASE_OWNER_URL" in compose["services"]["migrate"]["environment"]  # type: ignore[operator]


def test_the_env_of_a_new_deployment_has_what_compose_asks_for() -> None:
    made = subprocess.run(
        [sys.executable, "deploy/new_env.py", "tongxin.example"],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=True,
    )
    given = {line.split("=")[0] for line in made.stdout.splitlines() if "=" in line and not line.startswith("#")}
    asked = set(re.findall(r"\$\{(\w+)", (REPO / "docker-compose.yml").read_text()))
    assert asked <= given


def test_docker_reads_the_compose_file() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        return  # the shape is checked above; the client is an extra
    made = subprocess.run(
        [sys.executable, "deploy/new_env.py", "tongxin.example"],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=True,
    )
    values = dict(line.split("=", 1) for line in made.stdout.splitlines() if "=" in line and line[0] != "#")
    command = [docker, "compose", "config", "--quiet"]
    done = subprocess.run(command, cwd=REPO, env={**os.environ, **values}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
