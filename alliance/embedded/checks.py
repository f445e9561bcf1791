"""What is looked at before anything starts; each answer is one line that says what to do."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import psycopg2

from alliance.embedded.places import CannotStart


def port_from(environment: Mapping[str, str]) -> int:
    text = environment.get("PORT") or "8000"
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise CannotStart(f"PORT 应为 1–65535 的数字，现在是“{text}” (PORT must be a number).", code=2)


def require_free_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EACCES:
                raise CannotStart(f"没有权限用端口 {port}，请换一个：PORT=8000 make run (no permission)") from None
            if error.errno != errno.EADDRINUSE:
                raise CannotStart(f"HOST 不是这台机器的地址：{host} (not an address of this machine)", code=2) from None
            raise CannotStart(
                f"端口 {port} 已被占用，请换一个再试：PORT={_next(port)} make run (port in use)"
            ) from None


def require_broker(environment: Mapping[str, str]) -> None:
    """The given Redis, if any, has to answer: without it no text message and no reminder would go out."""
    address = environment.get("REDIS_URL", "")
    if not address:
        return
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or 6379
        if parts.scheme not in ("redis", "rediss") or not host:
            raise ValueError
        socket.create_connection((host, port), timeout=3).close()
    except ValueError:
        raise CannotStart("REDIS_URL 应写成 redis://主机:6379/0 (malformed)", code=2) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CannotStart(f"REDIS_URL 连不上：{reason} (cannot connect)", code=2) from None


def require_database(environment: Mapping[str, str]) -> dict[str, str]:
    """The given server's two addresses, tried; a password never reaches the message."""
    addresses = {name: environment.get(name, "") for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    for name, address in addresses.items():
        if not address:
            raise CannotStart(
                f"缺少 {name}：DATABASE_URL（运行角色）和 DATABASE_OWNER_URL（建表角色）都要给 (missing)",
                code=2,
            )
        _try_to_connect(name, address)
    return addresses


def _try_to_connect(name: str, address: str) -> None:
    problem = ""
    try:
        parts = urlsplit(address)
        if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/") or parts.port == 0:
            problem = "应写成 postgres://用户:密码@主机:5432/库名"
        else:
            with contextlib.closing(psycopg2.connect(address, connect_timeout=5)):
                return
    except ValueError:
        problem = "应写成 postgres://用户:密码@主机:5432/库名"
    except psycopg2.Error as error:
        problem = (str(error).strip().splitlines() or ["?"])[0]
    raise CannotStart(f"{name} 连不上：{_without_secret(problem, address)} (cannot connect)", code=2)


def _without_secret(text: str, address: str) -> str:
    secret = urlsplit(address).password if "@" in address and "://" in address else None
    return text.replace(secret, "***") if secret else text


def _next(port: int) -> int:
    return port + 1 if port < 65535 else 8000
