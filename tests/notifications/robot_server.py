"""The platforms' side of a robot, on this machine: answers, fails, stalls or throttles as it is told."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Group:
    """What was said in the group, and how the platform behaves."""

    port: int = 0
    errcode: int = 0
    status: int = 200
    body: bytes | None = None
    stall: threading.Event | None = None
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [said["text"]["content"] for _path, said in self.calls]


@contextlib.contextmanager
def robot_server() -> Iterator[Group]:
    group = Group()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            group.calls.append((self.path, said))
            if group.stall is not None:
                group.stall.wait(20)
            body = group.body if group.body is not None else json.dumps({"errcode": group.errcode}).encode()
            with contextlib.suppress(OSError):
                self.send_response(group.status)
                self.send_header("Content-Length", str(len(body)))
                if group.status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_said: Any) -> None:
            """Nothing: the key stands in the path."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    group.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield group
    finally:
        if group.stall is not None:
            group.stall.set()
        server.shutdown()
        server.server_close()
