"""What points were given for, as the app above that gave them knows it (contribution point ``points.things``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from alliance.lib.registry import contributions
from points.models import Transfer
from points.states import Posting


@dataclass(frozen=True)
class Thing:
    """``number`` and, where whoever looks may see it, ``url``; ``worked``: how the rule came to its sum."""

    number: str
    url: str = ""
    worked: str = ""


def origin(row: Transfer) -> Transfer:
    """The posting that says what ``row`` is about: a correction is about what it takes back."""
    return row.reverses if row.kind == Posting.REVERSE and row.reverses is not None else row


def key_of(source: str, kind: str) -> int | None:
    """12 of ``claim:12``; None of anything else."""
    name, _colon, key = source.partition(":")
    return int(key) if name == kind and key.isascii() and key.isdigit() else None


def keys_of(postings: Iterable[Transfer], kind: str) -> dict[int, Transfer]:
    """By key: the postings whose source is of ``kind``."""
    found = ((key_of(row.source, kind), row) for row in postings)
    return {key: row for key, row in found if key is not None}


def things_of(viewer: Any, postings: Sequence[Transfer]) -> dict[str, Thing]:
    """By source: what it was, for ``viewer``. A fixed number of statements, none for an app that gave nothing."""
    given = [origin(row) for row in postings if origin(row).kind == Posting.AWARD]
    found: dict[str, Thing] = {}
    for ask in contributions("points.things") if given else ():
        found |= ask(viewer, given)
    return found
