"""The code on the wall: it turns every half minute, and only the server's clock counts. Pure arithmetic."""

from __future__ import annotations

import hmac
import re
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

STEP = 30
"""Seconds until the code is another one."""
OLDER_CODE, OLDER_DIGITS = 1, 3
"""Steps back that still count: a picture is scanned at once, six digits are typed by thumb."""
LENGTH, DIGITS = 20, 6
BEFORE = timedelta(hours=1)
"""From when on one checks in."""
_SALT = "volunteers.check-in"


def step_of(now: datetime) -> int:
    """The half minute ``now`` lies in."""
    return int(now.timestamp()) // STEP


def code(slot: int, step: int) -> str:
    """What the picture says in this half minute."""
    return _digest(slot, step)[:LENGTH]


def digits(slot: int, step: int) -> str:
    """The same for whoever types."""
    return f"{int(_digest(slot, step)[LENGTH : LENGTH + 12], 16) % 10**DIGITS:0{DIGITS}d}"


def fits(slot: int, typed: str, now: datetime) -> str:
    """``code`` or ``digits``, whichever ``typed`` is, if it is of this or just before this half minute; else empty."""
    plain = re.sub(r"[\s-]", "", typed).lower()
    here = step_of(now)
    ways = (("code", code, OLDER_CODE), ("digits", digits, OLDER_DIGITS))
    for how, make, older in ways:
        if any(hmac.compare_digest(make(slot, here - back).encode(), plain.encode()) for back in range(older + 1)):
            return how
    return ""


def _digest(slot: int, step: int) -> str:
    return salted_hmac(_SALT, f"{slot}:{step}", algorithm="sha256").hexdigest()
