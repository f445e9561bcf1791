"""Two doors: user name and password (staff, liaisons), a code sent to the phone (residents)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from alliance.lib.text import fold
from people.models import User
from people.states import SignIn


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
        user = User.objects.filter(username=fold(username), sign_in=SignIn.PASSWORD).first()
        if user is None:
            make_password(password)
            return None
        return user if user.check_password(password) and may_enter(user) else None

    def get_user(self, user_id: int) -> User | None:
        return _of_session(user_id, SignIn.PASSWORD)


class PhoneBackend(BaseBackend):
    """Keeps sessions that a code has opened (``people.services.phone_sign_in``); takes no credentials itself."""

    def get_user(self, user_id: int) -> User | None:
        return _of_session(user_id, SignIn.PHONE)


def _of_session(user_id: int, sign_in: SignIn) -> User | None:
    user = User.objects.filter(pk=user_id, sign_in=sign_in).first()
    return user if user and may_enter(user) else None


def may_enter(user: User) -> bool:
    """Active accounts; the demo's, whose passwords are published, only where the demo is on."""
    return user.is_active and (settings.DEMO or not user.is_demo)
