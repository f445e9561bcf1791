"""What points hear from below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from people.models import User
from people.signals import account_changed
from people.states import SignIn
from points.services.leaving import close_accounts_of


@receiver(account_changed, dispatch_uid="points.account_changed")
def account_was_closed(user: User, change: str, **kwargs: Any) -> None:
    """A number that rested too long: its account was emptied for whoever has the number now."""
    if change == "switched_off" and user.sign_in == SignIn.PHONE and not user.phone_index:
        close_accounts_of(user, asleep=True)
