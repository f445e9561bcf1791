"""Sign-in by user name and password (staff)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from alliance.lib.text import fold
from people.models import User


class PasswordBackend(BaseBackend):
    """Checks the password in the same time whether the name exists or not."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if not username or password is None:
            return None
        user = User.objects.filter(username=fold(username)).first()
        if user is None:
            make_password(password)
            return None
        return user if user.check_password(password) and may_enter(user) else None

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.filter(pk=user_id).first()
        return user if user and may_enter(user) else None


def may_enter(user: User) -> bool:
    """Active accounts; the demo's, whose passwords are published, only where the demo is on."""
    return user.is_active and (settings.DEMO or not user.is_demo)
