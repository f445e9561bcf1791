"""The site as it runs for people: granian over the quick start's settings, on a database of its own."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.db import connection

from alliance.embedded.places import REPO
from alliance.embedded.postgres import free_port
from alliance.embedded.processes import Child, Spec
from alliance.embedded.state import is_healthy
from people.models import Area, User
from tests.cast import PASSWORD, Cast, build
from tests.migrated import copy_to, drop


@dataclass(frozen=True)
class Site:
    """Where it listens, who is in it, the name of its database, and what it says about its own faults."""

    url: str
    cast: Cast
    database: str
    log: Path


@contextlib.contextmanager
def running_site(name: str = "journeys", *, application: str = "alliance.wsgi:application") -> Iterator[Site]:
    """A database as an installation makes it, the cast in it, and a web server as the application's role."""
    database = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with _new_database(database), tempfile.TemporaryDirectory(prefix="tongxin-journeys-") as name:
        folder, port = Path(name), free_port()
        with in_database(database):
            cast = _people()
        url = f"http://127.0.0.1:{port}"
        web = Child(_web(folder, port, _environment(folder, database), application))
        try:
            _until_it_answers(web, port, folder / "web.log")
            yield Site(url, cast, database, folder / "web.log")
        finally:
            web.stop()


@contextlib.contextmanager
def in_database(name: str) -> Iterator[None]:
    """This process asks the site's database meanwhile, to arrange and to look."""
    app = urlsplit(os.environ["DATABASE_URL"])
    before = dict(connection.settings_dict)
    connection.close()
    there = {"NAME": name, "USER": app.username, "PASSWORD": unquote(app.password or ""), "OPTIONS": {}}
    connection.settings_dict.update(there)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def _people() -> Cast:
    cast = build()
    Area.objects.filter(pk__in=["330109001", "330109001048"]).update(phone="0571-00000000")
    # The tests' quick hash is no hash to the site.
    User.objects.exclude(username="nobody").update(password=make_password(PASSWORD, hasher=PBKDF2PasswordHasher()))
    return cast


@contextlib.contextmanager
def _new_database(name: str) -> Iterator[None]:
    copy_to(name)
    try:
        yield
    finally:
        drop(name)


def environment_of(site: Site) -> dict[str, str]:
    """What a process of the site needs to know."""
    return _environment(site.log.parent, site.database)


def _environment(folder: Path, database: str) -> dict[str, str]:
    """That of the quick start, with the keys of the tests, so that this process can read what the site writes."""
    addresses = {
        name: urlunsplit(urlsplit(os.environ[name])._replace(path=f"/{database}"))
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    return {
        **os.environ,
        **addresses,
        "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
        "TONGXIN_VAR": str(folder),
        "SECRET_KEY": settings.SECRET_KEY,
        "PRIVACY_KEYS": ",".join(settings.PRIVACY_KEYS),
        "PRIVACY_INDEX_KEY": settings.PRIVACY_INDEX_KEY,
        "DEMO": "1",
    }


def _web(folder: Path, port: int, environment: dict[str, str], application: str) -> Spec:
    server = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    server += ["--blocking-threads", "4", "--no-ws", "--no-access-log", "--log-level", "warning"]
    return Spec("web", [sys.executable, *server, application], REPO, environment, folder / "web.log")


def _until_it_answers(web: Child, port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and web.exit_code() is None:
        if is_healthy("127.0.0.1", port):
            return
        time.sleep(0.05)
    raise AssertionError(f"the site did not start:\n{log.read_text()}")
