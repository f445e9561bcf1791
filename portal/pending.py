"""A sign-in on its way: which phone, proven or not yet.

In the visitor's session, encrypted, forgotten after ten minutes, and five after the phone was proven. The session's key
changes whenever more is known: whoever brought a key along, or planted it, has nothing of what comes after.
"""

from __future__ import annotations

import json
import time
from typing import Any

from django.http import HttpRequest

from alliance.lib.privacy import decrypt_or_none, encrypt

KEY = "sign_in"
TEN_MINUTES = 600
FIVE_MINUTES = 300
VISITORS_SESSION = 2 * 3600


def load(request: HttpRequest) -> dict[str, Any]:
    """``phone``, ``next``, ``sent_at``, and ``proven`` once the code was right; empty when nothing is on its way."""
    stored = decrypt_or_none(request.session.get(KEY, ""))
    state: dict[str, Any] = json.loads(stored) if stored else {}
    good_for = FIVE_MINUTES if state.get("proven") else TEN_MINUTES
    return state if state and time.time() - state["at"] < good_for else {}


def save(request: HttpRequest, **state: Any) -> None:
    """Keep ``state`` from now, under a new key of the session."""
    request.session.cycle_key()
    request.session[KEY] = encrypt(json.dumps({**state, "at": time.time()}))
    if not request.user.is_authenticated:
        request.session.set_expiry(VISITORS_SESSION)


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
