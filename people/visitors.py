"""Who makes a request."""

from __future__ import annotations

from typing import Any

from alliance.lib.errors import NotAllowed
from people.models import User


def signed_in(request: Any) -> User:
    """The person behind ``request`` (Django's or the API's). Raises ``NotAllowed`` for a visitor."""
    user = request.user
    if not isinstance(user, User):
        raise NotAllowed
    return user
