"""Many wishes at once, for measuring and for crowds."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from claims.models import Offer
from needs.models import Wish
from needs.states.wish import WishState
from people.models import User

COMMUNITY, WORKER, SECRETARY = "330109001048", "xujia", "shenjie"


def published_wishes(count: int) -> list[int]:
    """Keys of the offers of ``count`` wishes of the demo's 万寿桥社区, open since yesterday, one after another."""
    now = timezone.now()
    wishes = _wishes(count, now)
    made = _offers(wishes, now)
    for wish, offer in zip(wishes, made, strict=True):
        wish.offer, wish.state = offer, WishState.PUBLISHED
    Wish.objects.bulk_update(wishes, ["offer", "state"], batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_offer, needs_wish, claims_claim, deadlines_due, notifications_message")
    keys = [offer.pk for offer in made]
    assert keys == list(range(keys[0], keys[0] + count))
    return keys


def _wishes(count: int, now: datetime) -> list[Wish]:
    raiser, approver = (User.objects.get(username=name) for name in (WORKER, SECRETARY))
    return Wish.objects.bulk_create(
        Wish(
            number=f"XY-{uuid4().hex}",
            client_key=uuid4(),
            area_id=COMMUNITY,
            kind="goods",
            item="一床厚被子",
            called="李伯",
            cap_yuan=200,
            beneficiary="李（演示）",
            raised_by=raiser,
            verified_by=raiser,
            verified_at=now,
            decided_by=approver,
            decided_at=now,
        )
        for _n in range(count)
    )


def _offers(wishes: list[Wish], now: datetime) -> list[Offer]:
    return Offer.objects.bulk_create(
        Offer(
            kind="wish",
            subject=f"wish:{wish.pk}",
            label=wish.number,
            title=wish.item,
            area_id=COMMUNITY,
            for_people=True,
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=14),
            deliver_within=timedelta(days=15),
        )
        for wish in wishes
    )
