"""A half-written need between the three steps: in the visitor's session, encrypted, gone after two hours.

The session row holds ciphertext only, so that words and places of people who never submit can be read by nobody.
"""

from __future__ import annotations

import json
import time
from typing import Any
from uuid import uuid4

from django.http import HttpRequest

from alliance.lib.privacy import blind_index, decrypt_or_none, encrypt

KEY, RECEIPT, SAVED = "say_draft", "say_receipt", "saved_at"
TWO_HOURS = 2 * 3600


def load(request: HttpRequest) -> dict[str, Any]:
    """The visitor's draft; a new one has its keys already (``client_key`` makes a second tap find the first need)."""
    stored = decrypt_or_none(request.session.get(KEY, ""))
    draft: dict[str, Any] = json.loads(stored) if stored else {}
    # A resident who stays signed in has a longer session than a visitor, and a draft no longer for that.
    if draft and time.time() - draft.pop(SAVED, 0) < TWO_HOURS:
        return draft
    return {"client_key": str(uuid4()), "hold_key": str(uuid4())}


def save(request: HttpRequest, draft: dict[str, Any]) -> None:
    """Keep ``draft`` for two hours from now."""
    request.session[KEY] = encrypt(json.dumps({**draft, SAVED: time.time()}, ensure_ascii=False))
    if not request.user.is_authenticated:
        request.session.set_expiry(TWO_HOURS)


def saying(draft: dict[str, Any]) -> str:
    """A mark of the words, for pages of later steps: another window may have changed them meanwhile."""
    return blind_index("draft", draft.get("words", ""))[:12]


def finish(request: HttpRequest, token: str) -> None:
    """Forget the draft and remember which need's receipt to show."""
    request.session.pop(KEY, None)
    request.session[RECEIPT] = encrypt(token)


def receipt_token(request: HttpRequest) -> str:
    """Link token of the need this visitor has just submitted, or empty."""
    return decrypt_or_none(request.session.get(RECEIPT, "")) or ""
