"""Proof of work against robots on public forms (ALTCHA): no puzzle for people, no third party.

The widget needs a secure context (HTTPS or localhost). On plain HTTP limits and a honeypot stand alone.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from datetime import UTC, datetime
from typing import Any

import altcha
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Invalid
from alliance.lib.privacy import blind_index
from people.models import RateBucket

ALGORITHM = "PBKDF2/SHA-256"
COST = 2000
MAX_COUNTER = 300
LIFETIME = 1800


def new_challenge() -> dict[str, Any]:
    """A challenge for the widget: about a second of work on an old phone, good for half an hour."""
    challenge = altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=_counter(),
        expires_at=int(time.time()) + LIFETIME,
        hmac_secret=_secret(),
        hmac_key_secret=_secret() + "-key",
    )
    return dict(challenge.to_dict())


def check_proof(payload: str) -> None:
    """Accept a solved challenge once. Raises ``Invalid`` for a wrong, expired, missing or used one."""
    message = _("没能确认不是机器在填，请再点一次提交。")
    try:
        result = altcha.verify_solution(payload, _secret(), hmac_key_secret=_secret() + "-key")
    except Exception as error:  # the library raises whatever a malformed payload happens to break
        raise Invalid({"proof": [message]}) from error
    if not result.verified:
        raise Invalid({"proof": [message]})
    try:
        _use_up(payload)
    except IntegrityError as error:
        raise Invalid({"proof": [message]}) from error


def _use_up(payload: str) -> None:
    """Note the verified challenge by its signature, until it expires anyway. Raises ``IntegrityError`` if noted before.

    The signature, not the payload: one payload can be written in many ways, by spaces in the JSON or bits that
    base64 ignores, and its solution may carry more than the check reads.
    """
    challenge = json.loads(base64.b64decode(payload))["challenge"]
    expires_at = datetime.fromtimestamp(challenge["parameters"]["expiresAt"], UTC)
    with transaction.atomic():
        RateBucket.objects.create(
            key=f"proof-used:{blind_index('limit', challenge['signature'])}", count=1, expires_at=expires_at
        )


def _counter() -> int:
    return MAX_COUNTER // 3 + secrets.randbelow(MAX_COUNTER)


def _secret() -> str:
    return f"altcha:{settings.SECRET_KEY}"
