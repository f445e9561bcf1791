"""Robots in groups of 企业微信 and 钉钉: one call, judged by its ``errcode``. Only these two hosts are ever called.

The address is checked after the name is resolved, and the connection goes to that very address: a name that leads into
the house leads nowhere. Redirects are not followed. The whole conversation has an end, however slowly it drips.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings

from notifications.channels.interface import Unavailable
from notifications.states import RobotKind

HOSTS: dict[str, str] = {RobotKind.WECOM: "qyapi.weixin.qq.com", RobotKind.DINGTALK: "oapi.dingtalk.com"}
PORT = 443
STEP_SECONDS, TALK_SECONDS = 4.0, 8.0
LONGEST_ANSWER = 16_384
THROTTLED: dict[str, frozenset[int]] = {
    RobotKind.WECOM: frozenset({45009, -1}),
    RobotKind.DINGTALK: frozenset({130101, -1}),
}
"""What each calls too often, and busy (-1)."""
REST_SECONDS: dict[str, int] = {RobotKind.WECOM: 60, RobotKind.DINGTALK: 600}
"""How long to leave the platform alone once it said that there were too many."""
LONGEST = 1900
"""Bytes of a text; 企业微信 takes 2,048."""


class Throttled(Exception):
    """The platform took nothing and wants to be left alone for a while."""


@dataclass(frozen=True)
class Answer:
    """What the platform said: 0 is the only yes."""

    errcode: int

    @property
    def accepted(self) -> bool:
        return self.errcode == 0


def say(kind: str, secret: str, sign_secret: str, text: str) -> Answer:
    """Say ``text`` in the group.

    Raises ``Unavailable`` and ``Throttled`` (nothing went out), ``TimeoutError`` (it may have gone out).
    """
    body = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False).encode()
    status, answer = _called(kind, path_of(kind, secret, sign_secret), body)
    if status == 429 or status >= 500:
        raise Throttled
    try:
        errcode = int(json.loads(answer)["errcode"])
    except (KeyError, TypeError, ValueError):
        raise TimeoutError from None  # an answer nobody understands says nothing about the message
    if errcode in THROTTLED[kind]:
        raise Throttled
    return Answer(errcode)


def path_of(kind: str, secret: str, sign_secret: str, now: float | None = None) -> str:
    """Where to send it: with the key, and signed where the robot signs."""
    if kind == RobotKind.WECOM:
        return f"/cgi-bin/webhook/send?{urlencode({'key': secret})}"
    path = f"/robot/send?{urlencode({'access_token': secret})}"
    if not sign_secret:
        return path
    stamp = round((time.time() if now is None else now) * 1000)
    return f"{path}&timestamp={stamp}&sign={signature(stamp, sign_secret)}"


def signature(stamp: int, secret: str) -> str:
    """钉钉: HMAC-SHA256 of moment (ms) and secret, base64, as part of an address."""
    said = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return quote(base64.b64encode(said).decode(), safe="")


def checked_address(host: str, port: int) -> tuple[Any, ...]:
    """An address of ``host`` that lies outside. Raises ``Unavailable``: unknown, or within a private range."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise Unavailable from None
    addresses = [entry[4] for entry in found]
    if not addresses or not all(ipaddress.ip_address(address[0]).is_global for address in addresses):
        raise Unavailable
    return addresses[0]


class _Line(http.client.HTTPConnection):
    """A connection to the address that was checked, with the certificate of the name."""

    def __init__(self, host: str, address: tuple[Any, ...], *, plain: bool) -> None:
        super().__init__(host, timeout=STEP_SECONDS)
        self._address, self._plain = address, plain

    def connect(self) -> None:
        self.sock = socket.create_connection(self._address[:2], self.timeout)
        if not self._plain:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """End it now: whoever waits for an answer gets none."""
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def _line_to(kind: str) -> _Line:
    fake: tuple[str, int] | None = settings.ROBOT_TEST_SERVER
    if fake is not None:
        return _Line(fake[0], fake, plain=True)
    host = HOSTS[kind]
    return _Line(host, checked_address(host, PORT), plain=False)


def _called(kind: str, path: str, body: bytes) -> tuple[int, bytes]:
    line = _line_to(kind)
    watch = threading.Timer(TALK_SECONDS, line.cut)
    watch.start()
    try:
        try:
            line.connect()
        except (OSError, ssl.SSLError):
            raise Unavailable from None
        try:
            line.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
            response = line.getresponse()
            return response.status, response.read(LONGEST_ANSWER)
        except (OSError, http.client.HTTPException):
            raise TimeoutError from None
    finally:
        watch.cancel()
        line.close()
