"""Web servers under measurement, and a client that costs next to nothing itself."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator

from alliance.embedded.places import Places
from alliance.embedded.postgres import free_port
from alliance.embedded.processes import Child
from alliance.embedded.programs import Programs
from tests.bench.stage import log_folder

READY_SECONDS = 60.0
PRODUCT = "alliance.wsgi:application"


class Client:
    """One kept-alive connection that sends the same request again and again (``get``), or what it is given."""

    def __init__(self, port: int, path: str = "/", headers: str = "") -> None:
        self.port, self.headers = port, headers
        self.request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n".encode()
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self) -> tuple[int, bytes]:
        """Status and body of one answer."""
        return self._ask(self.request)

    def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer to some JSON."""
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{self.headers}"
        about = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        return self._ask(head.encode() + about.encode() + body)

    def _ask(self, request: bytes) -> tuple[int, bytes]:
        self.socket.sendall(request)
        seen = self.socket.recv(262_144)
        while b"\r\n\r\n" not in seen:
            seen += self._more()
        head, _sep, body = seen.partition(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
        )
        while len(body) < length:
            body += self._more()
        return int(head.split(b" ", 2)[1]), body

    def _more(self) -> bytes:
        seen = self.socket.recv(262_144)
        if not seen:
            raise ConnectionError("the server closed the connection")
        return seen

    def must_get(self) -> bytes:
        """The body of an answer that has to be a good one."""
        status, body = self.get()
        if status != 200:
            raise AssertionError(f"answered {status}: {body[:200]!r}")
        return body


@contextlib.contextmanager
def serving(target: str, **environment: str) -> Iterator[int]:
    """The port of a server that runs ``target`` exactly as the quick start runs the product, with one worker."""
    port = free_port()
    where = Places(log_folder() / f"web-{port}")
    where.create()
    env = {**os.environ, "WEB_WORKERS": "1", **environment}
    spec = Programs(where, "127.0.0.1", port, env).web()
    argv = [target if part == PRODUCT else part for part in spec.argv]
    child = Child(type(spec)(spec.name, argv, spec.cwd, spec.env, log=spec.log))
    try:
        _wait(port, child)
        yield port
    finally:
        child.kill()


def _wait(port: int, child: Child) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and child.exit_code() is None:
        with contextlib.suppress(OSError), contextlib.closing(Client(port, "/").socket):
            return
        time.sleep(0.05)
    raise RuntimeError(f"no server on {port}, see {child.spec.log}")
