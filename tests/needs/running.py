"""Errands in tests: published, taken, and who is told."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from claims import services as claims
from claims.models import Claim
from needs.models import Errand, Need
from needs.services.errands import publish_errand
from notifications.models import Message
from people.models import User
from tests.cast import fresh, resident

HANDOVER = "湘湖路小区9幢3单元502，敲门喊赵阿婆"


def publish(need: Need, by: User, **changes: Any) -> Errand:
    """An errand for ``need``; ``changes`` are typed differently."""
    typed: dict[str, Any] = {
        "version": None,
        "client_key": uuid4(),
        "what": "买一瓶眼药水",
        "where": "湘湖路小区",
        "handover": HANDOVER,
    }
    return publish_errand(need_pk=need.pk, by=fresh(by), **{**typed, **changes})


def take(errand: Errand, by: User) -> Claim:
    return claims.claim_offer(offer_id=errand.offer_id, by=fresh(by), client_key=uuid4())


def runner(phone: str = "13900000001") -> User:
    return resident(phone)


def told(rule: str) -> set[str]:
    return set(Message.objects.filter(rule=f"needs.{rule}").values_list("recipient_key", flat=True))
