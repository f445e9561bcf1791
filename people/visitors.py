"""Who makes a request: somebody signed in, or a visitor who may have to prove that no robot is at work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from alliance.lib.errors import Invalid, NotAllowed
from people.models import User


def signed_in(request: Any) -> User:
    """The person behind ``request`` (Django's or the API's). Raises ``NotAllowed`` for a visitor."""
    user = request.user
    if not isinstance(user, User):
        raise NotAllowed
    return user


def proof_wanted(request: HttpRequest) -> bool:
    """Browsers run the proof of work only in a secure context: HTTPS, or this very machine."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return settings.CAPTCHA_ENABLED and (request.is_secure() or host in ("localhost", "127.0.0.1", "[::1]"))


def proof_of(request: HttpRequest, typed: Mapping[str, Any]) -> str | None:
    """The solved proof; empty from a browser without script; None where none is asked for.

    Raises ``Invalid`` when the trap that people never see (``website``) has been filled.
    """
    if typed.get("website"):
        raise Invalid(message=_("没能确认不是机器在填，请再点一次提交。"))
    return typed.get("altcha", "") if proof_wanted(request) else None
