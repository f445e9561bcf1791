"""Codes on a wall: another one every half minute, by the server's clock alone. Pure arithmetic."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac

STEP = 30
"""Seconds until the code is another one."""
OLDER_CODE, OLDER_DIGITS = 1, 3
"""Steps back that still count: a picture is scanned at once, six digits are typed by thumb."""
LENGTH, DIGITS = 20, 6


@dataclass(frozen=True)
class Rotating:
    """The codes of one kind of thing: ``salt`` keeps a code of one kind from fitting another."""

    salt: str

    def code(self, key: int, step: int) -> str:
        """What the picture says in this half minute."""
        return self._digest(key, step)[:LENGTH]

    def digits(self, key: int, step: int) -> str:
        """The same for whoever types."""
        return f"{int(self._digest(key, step)[LENGTH : LENGTH + 12], 16) % 10**DIGITS:0{DIGITS}d}"

    def now(self, key: int, moment: datetime) -> tuple[str, str, int]:
        """Code and digits at ``moment``, and for how many seconds they stay."""
        step = step_of(moment)
        return self.code(key, step), self.digits(key, step), STEP - int(moment.timestamp()) % STEP

    def fits(self, key: int, typed: str, moment: datetime) -> str:
        """``code`` or ``digits``, whichever ``typed`` is, if it is of this or just before this half minute; else
        empty."""
        plain = re.sub(r"[\s-]", "", typed).lower()
        here = step_of(moment)
        ways = (("code", self.code, OLDER_CODE), ("digits", self.digits, OLDER_DIGITS))
        for how, make, older in ways:
            if any(hmac.compare_digest(make(key, here - back).encode(), plain.encode()) for back in range(older + 1)):
                return how
        return ""

    def _digest(self, key: int, step: int) -> str:
        return salted_hmac(self.salt, f"{key}:{step}", algorithm="sha256").hexdigest()


def step_of(moment: datetime) -> int:
    """The half minute ``moment`` lies in."""
    return int(moment.timestamp()) // STEP
