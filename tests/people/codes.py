"""A phone in the tests' hands: what is sent to it is read from the message, as its owner reads it."""

from __future__ import annotations

from notifications.models import Message


def newest_code() -> str:
    """The code of the newest text message that waits to be sent."""
    waiting = Message.objects.filter(rule__in=["notifications.SignInCode", "notifications.EraseCode"])
    text = waiting.latest("pk").text or ""
    return "".join(sign for sign in text.split("，")[0 if "登录" in text else 1] if sign.isdigit())


def other_than(code: str) -> str:
    """A code that is certainly wrong."""
    return f"{(int(code) + 1) % 10**6:06d}"
