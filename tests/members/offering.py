"""Asking somebody to take a seat, and reading what they were sent."""

from __future__ import annotations

import re
from typing import Any

from members.models import SeatOffer
from members.services import (
    offer_seat,
)
from notifications.models import Message
from tests.cast import browser_of
from tests.members.conftest import Twins

PHONE = "138 0000 5678"
DIGITS = "13800005678"


def token_of(offer: SeatOffer) -> str:
    """As in the newest text message."""
    sent = Message.objects.filter(rule="members.SeatOffered", subject_label=str(offer.unit)).latest("pk")
    found = re.search(r"/c/([\w-]+)", sent.secrets)
    assert found
    return found.group(1)


def answer(token: str, value: str) -> Any:
    return browser_of(None).post(f"/c/{token}/", {"answer": value})


def ask(twins: Twins, **typed: Any) -> SeatOffer:
    said: dict[str, Any] = {"unit_id": twins.here.unit.pk, "by": twins.here.clerk, "name": "王明", "phone": PHONE}
    return offer_seat(**{**said, **typed})
