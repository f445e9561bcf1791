"""Secrets of one copy: made once, kept in a file only its owner may read."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from alliance.embedded.places import CannotStart

# SECRET_KEY signs sessions, PRIVACY_* encrypt and index personal data, the rest are PostgreSQL's passwords.
MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(64),
    "PRIVACY_KEYS": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "PRIVACY_INDEX_KEY": lambda: secrets.token_urlsafe(48),
    "superuser_password": lambda: secrets.token_urlsafe(24),
    "owner_password": lambda: secrets.token_urlsafe(24),
    "app_password": lambda: secrets.token_urlsafe(24),
    "cluster": lambda: secrets.token_hex(4),
}


def load_keys(path: Path) -> dict[str, str]:
    """Read the secrets, making missing ones. A damaged file stops the start: new keys would orphan data."""
    found: dict[str, str] = {}
    if path.exists():
        try:
            found = {str(name): str(value) for name, value in json.loads(path.read_text("utf-8")).items()}
        except (ValueError, AttributeError):
            raise CannotStart(f"密钥文件已损坏，请从备份恢复：{path} (secrets damaged)") from None
    missing = {name: make() for name, make in MAKERS.items() if name not in found}
    if missing:
        found |= missing
        write_private(path, json.dumps(found, indent=1))
    return found


def write_private(path: Path, text: str) -> None:
    """Write a file that never exists half-written nor readable by others."""
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
