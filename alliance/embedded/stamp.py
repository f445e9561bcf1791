"""Whether the database is already as this code wants it, so that a second start need not ask Django."""

from __future__ import annotations

import hashlib
from pathlib import Path

from alliance.embedded.places import REPO

# Anything that can change the schema, the defaults or the demo.
WATCHED = (
    "*/*.py",
    "*/models/*.py",
    "*/services/*.py",
    "*/migrations/*.py",
    "*/demo/*",
    "*/data/*",
    "*.lock",
)
LEFT_OUT = ("tests", "scripts", "var", "docs", "deploy", "static", "templates", "locale")


def code_stamp(*more: str) -> str:
    """A digest of the code that shapes the database, and of whatever else the caller says it depends on."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in WATCHED for path in REPO.glob(pattern)}):
        inside = path.relative_to(REPO)
        if path.is_file() and inside.parts[0] not in LEFT_OUT and not inside.parts[0].startswith("."):
            digest.update(inside.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for text in more:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()


def matches(file: Path, stamp: str) -> bool:
    return file.exists() and file.read_text("utf-8").strip() == stamp
