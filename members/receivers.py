"""What members hear from below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from members.services.seats import leave_seats
from people.models import User
from people.signals import account_changed
from people.states import SignIn


@receiver(account_changed, dispatch_uid="members.account_changed")
def account_was_closed(user: User, change: str, **kwargs: Any) -> None:
    """A number that rested too long: its account was emptied for whoever has the number now."""
    if change == "switched_off" and user.sign_in == SignIn.PHONE and not user.phone_index:
        leave_seats(user=user)
