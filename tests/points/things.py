"""Volunteers, and points for them."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from people.models import User
from points.models import Account, Redemption, Reward, Transfer
from points.services import redeeming
from points.services.awarding import award
from points.services.picking_up import Counter
from points.services.rewards import Draft, add_reward
from points.services.verifying import compare
from tests.cast import Street, resident
from tests.claims.things import alliance_of, unit_of

_numbers = count(1)
_phones = count(13700000000)


def volunteer(name: str = "大刘") -> User:
    """Somebody who has signed in with a phone of their own."""
    return resident(str(next(_phones)), name)


def give(person: User, here: Street, amount: int = 50, **changes: Any) -> Transfer:
    """Points for something new."""
    said: dict[str, Any] = {"source": f"thing:{next(_numbers)}", "label": "跑腿：买一瓶眼药水"}
    made = award(person=person, area_code=here.home.pk, amount=amount, **{**said, **changes})
    assert made is not None
    return made


def account(person: User, here: Street) -> Account:
    return Account.objects.of(person).get(street_id=here.street.pk)


def now_true(*but: str) -> None:
    """Everything that the database looks at when a transaction ends, and what the check compares."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    assert [problem for problem in compare()[1] if not problem.startswith(but or ("-",))] == []


def reward_in(here: Street, **changes: Any) -> Reward:
    """A haircut for 20 points, written off by the community unless ``unit`` does."""
    said: dict[str, Any] = {"name": "理发", "sort": "service", "points": 20}
    draft = Draft(**{**said, **changes})
    return add_reward(client_key=uuid4(), by=here.worker, area=here.home.pk, draft=draft)


def redeem(person: User, reward: Reward, **changes: Any) -> Redemption:
    said: dict[str, Any] = {"price": reward.price, "client_key": uuid4()}
    return redeeming.redeem(reward=reward.pk, by=person, **{**said, **changes})


def at_the_unit(here: Street) -> tuple[Counter, User]:
    """The counter of the street's unit, and the liaison who stands there."""
    alliance_of(here)
    return Counter(unit=unit_of(here)), here.liaison


def rich(here: Street, points: int = 100, name: str = "大刘") -> User:
    """A volunteer with so many points, of several days."""
    who, today = volunteer(name), timezone.localdate()
    for number in range(-(-points // 20)):
        give(who, here, min(200, 10 * (points - 20 * number)), day=today - timedelta(days=number))
    return who
