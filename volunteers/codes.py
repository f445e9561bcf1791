"""The code on the wall of a day: ``alliance.lib.rotating``, by the key of the slot."""

from __future__ import annotations

from datetime import timedelta

from alliance.lib.rotating import STEP, Rotating, step_of

_CODES = Rotating("volunteers.check-in")
code, digits, fits, codes_at = _CODES.code, _CODES.digits, _CODES.fits, _CODES.now
BEFORE = timedelta(hours=1)
"""From when on one checks in."""

__all__ = ["BEFORE", "STEP", "code", "codes_at", "digits", "fits", "step_of"]
