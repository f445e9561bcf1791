"""Limits on public writes: fixed windows counted in the database, so that every process sees the same count.

A window of a day is the day on the wall; "tomorrow" in a refusal means what people mean by it.
"""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import F
from django.utils import timezone

from alliance.lib.errors import Text, TooMany
from alliance.lib.privacy import blind_index
from people.models import RateBucket

DAY = 86_400
_TAKE = """
    INSERT INTO people_ratebucket AS b (key, count, expires_at) VALUES (%s, 1, %s)
    ON CONFLICT (key) DO UPDATE SET count = b.count + 1
    RETURNING count
"""


def take(rule: str, subject: str, *, limit: int, seconds: int, message: Text | None = None) -> int:
    """Count one try of ``subject`` (an address, a phone) under ``rule``; at most ``limit`` per ``seconds``.

    One atomic statement; returns how many there have been. Raises ``TooMany`` with the seconds left in the window. The
    subject is stored as a digest.
    """
    counted = count(rule, subject, seconds=seconds)
    if counted > limit:
        raise TooMany(_left(seconds), message)
    return counted


def untake(rule: str, subject: str, *, seconds: int) -> None:
    """One try was none after all: where only failures count, and each is counted before it is known to be one."""
    key, _ends = _window(rule, subject, seconds, time.time())
    RateBucket.objects.filter(pk=key, count__gt=0).update(count=F("count") - 1)


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
    now = time.time()
    _name, ends = _bounds(seconds, now)
    return max(1, math.ceil(ends - now))


def peek(rule: str, subject: str, *, seconds: int) -> int:
    """How often ``take`` has counted ``subject`` under ``rule`` in the present window."""
    key, _ends = _window(rule, subject, seconds, time.time())
    return RateBucket.objects.filter(pk=key).values_list("count", flat=True).first() or 0


def _window(rule: str, subject: str, seconds: int, now: float) -> tuple[str, int]:
    """Key of the bucket and the moment (seconds since 1970) at which its window ends."""
    name, ends = _bounds(seconds, now)
    return f"{rule}:{name}:{blind_index('limit', subject)}", ends


def _bounds(seconds: int, now: float) -> tuple[str, int]:
    """Name and end of the window of ``seconds`` that holds the moment ``now``."""
    if seconds == DAY:
        here = timezone.localtime(datetime.fromtimestamp(now, UTC))
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
        return f"{here:%Y-%m-%d}", int((midnight + timedelta(days=1)).timestamp())
    number = math.floor(now / seconds)
    return str(number), (number + 1) * seconds


def purge_buckets() -> int:
    """Delete buckets whose window has passed; returns how many."""
    deleted, _kinds = RateBucket.objects.filter(expires_at__lt=timezone.now()).delete()
    return deleted
