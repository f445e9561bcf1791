"""Limits on public writes: fixed windows counted in the database, so that every process sees the same count."""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime

from django.db import connection
from django.utils import timezone

from alliance.lib.errors import Text, TooMany
from alliance.lib.privacy import blind_index
from people.models import RateBucket

_TAKE = """
    INSERT INTO people_ratebucket AS b (key, count, expires_at) VALUES (%s, 1, %s)
    ON CONFLICT (key) DO UPDATE SET count = b.count + 1
    RETURNING count
"""


def take(rule: str, subject: str, *, limit: int, seconds: int, message: Text | None = None) -> None:
    """Count one try of ``subject`` (an address, a phone) under ``rule``; at most ``limit`` per ``seconds``.

    One atomic statement. Raises ``TooMany`` with the seconds left in the window. The subject is stored as a digest.
    """
    if count(rule, subject, seconds=seconds) > limit:
        raise TooMany(_left(seconds), message)


def count(rule: str, subject: str, *, seconds: int) -> int:
    """Count one happening without a limit; returns how many there have been in this window."""
    key, ends = _window(rule, subject, seconds, time.time())
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key, datetime.fromtimestamp(ends, UTC)])
        (counted,) = cursor.fetchone()
    return int(counted)


def refuse_after(rule: str, subject: str, *, limit: int, seconds: int, message: Text | None = None) -> None:
    """Refuse when ``count`` has reached ``limit``: where only failures count. Raises ``TooMany``."""
    if peek(rule, subject, seconds=seconds) >= limit:
        raise TooMany(_left(seconds), message)


def _left(seconds: int) -> int:
    return max(1, math.ceil(seconds - time.time() % seconds))


def peek(rule: str, subject: str, *, seconds: int) -> int:
    """How often ``take`` has counted ``subject`` under ``rule`` in the present window."""
    key, _ends = _window(rule, subject, seconds, time.time())
    return RateBucket.objects.filter(pk=key).values_list("count", flat=True).first() or 0


def _window(rule: str, subject: str, seconds: int, now: float) -> tuple[str, int]:
    """Key of the bucket and the moment (seconds since 1970) at which its window ends."""
    number = math.floor(now / seconds)
    return f"{rule}:{number}:{blind_index('limit', subject)}", (number + 1) * seconds


def purge_buckets() -> int:
    """Delete buckets whose window has passed; returns how many."""
    deleted, _kinds = RateBucket.objects.filter(expires_at__lt=timezone.now()).delete()
    return deleted
