"""A very small mail server on the loopback: real sockets, and as ill-behaved as one likes."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

ADDRESS = "reader@tongxin.example"
HANG, HANG_UP, DRIP = "hang", "hang up", "drip"
POLITE = {
    "HELLO": "220 tiny",
    "EHLO": "250 tiny",
    "HELO": "250 tiny",
    "MAIL": "250 fine",
    "RCPT": "250 fine",
    "RSET": "250 fine",
    "DATA": "354 go on",
    ".": "250 taken",
    "QUIT": "221 bye",
}


@dataclass
class Tiny:
    """What the server was given. ``answers`` says what it does: a line, ``HANG``, ``HANG_UP`` or ``DRIP``, by verb."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)
    calls: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    def behave(self, **answers: str) -> None:
        self.answers = {{"end": "."}.get(verb, verb.upper()): answer for verb, answer in answers.items()}

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(text, policy=policy.default) for text in self.texts]  # type: ignore[misc]


class _Gone(Exception):
    """The conversation is over."""


class _Conversation(socketserver.StreamRequestHandler):
    tiny: Tiny

    def handle(self) -> None:
        self.tiny.calls += 1
        with contextlib.suppress(_Gone, OSError):
            self.answer("HELLO")
            while line := self.rfile.readline():
                self.hear(line.decode().strip())

    def hear(self, line: str) -> None:
        verb = line[:4].upper()
        if verb == "MAIL":
            self.tiny.senders.append(line)
        if verb == "RCPT":
            self.tiny.recipients.append(line)
        if self.answer(verb).startswith("354"):
            text = b""
            while (part := self.rfile.readline()) not in (b".\r\n", b""):
                text += part
            self.tiny.texts.append(text)
            self.answer(".")
        if verb == "QUIT":
            raise _Gone

    def answer(self, verb: str) -> str:
        words = self.tiny.answers.get(verb, POLITE.get(verb, "502 what?"))
        if words == HANG:
            self.tiny.released.wait(timeout=60)
            raise _Gone
        while words == DRIP and not self.tiny.released.wait(timeout=0.2):
            self.wfile.write(b"250-and another thing\r\n")
        if words in (HANG_UP, DRIP):
            raise _Gone
        self.wfile.write(words.encode() + b"\r\n")
        return words


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextlib.contextmanager
def tiny_server() -> Iterator[Tiny]:
    """A server for the length of the block."""
    tiny = Tiny()
    handler: Callable[..., Any] = type("Conversation", (_Conversation,), {"tiny": tiny})
    with _Server(("127.0.0.1", 0), handler) as server:
        tiny.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield tiny
        finally:
            tiny.released.set()
            server.shutdown()
            thread.join()


def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
