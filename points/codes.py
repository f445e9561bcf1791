"""The code with which an exchange is picked up: eight signs that nobody can guess and no table holds.

It is worked out from the exchange's key and a secret outside the database; stored is a keyed digest to find it by.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from uuid import UUID

from django.conf import settings

from alliance.lib.privacy import blind_index
from alliance.lib.text import fold

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8


def code_of(client_key: UUID) -> str:
    """The code of the exchange made with ``client_key``."""
    digest = hmac.new(settings.PRIVACY_INDEX_KEY.encode(), f"points-code\x00{client_key}".encode(), hashlib.sha256)
    number, signs = int.from_bytes(digest.digest(), "big"), ""
    for _place in range(LENGTH):
        number, sign = divmod(number, len(SIGNS))
        signs += SIGNS[sign]
    return signs


def digest_of(code: str) -> str:
    """What is stored of ``code``."""
    return blind_index("points-code", code)


def as_typed(text: str) -> str:
    """A typed code as it was given out: upper case, without spaces and dashes."""
    return re.sub(r"[^0-9A-Z]", "", fold(text, 60).upper())


def spaced(code: str) -> str:
    """ABCD 2345: as one reads it aloud."""
    return f"{code[:4]} {code[4:]}"
