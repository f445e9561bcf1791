"""A wish was claimed: its line of history and the notices follow in the transaction of the hot write.

So one statement writes the line and reads what the notices need; a test holds its people to ``wish_keepers``.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.utils import timezone

from claims.models import Claim, Offer
from needs.messages import wishes as messages
from needs.models import Wish
from needs.states.wish import KEEPERS
from notifications.services import queue
from people.models import Area, User
from people.states import COMMUNITY_ROLES

_WRITE = """
WITH wish AS (
    SELECT * FROM needs_wish WHERE id = %(wish)s
), line AS (
    INSERT INTO needs_wishevent (wish_id, at, actor_id, verb, source, target, words, params)
    SELECT id, statement_timestamp(), %(by)s, 'claimed', state, state, '', %(params)s::jsonb FROM wish
    RETURNING id
)
SELECT wish.id, wish.number, wish.area_id, wish.item, area.name,
       ARRAY(SELECT DISTINCT held.user_id
             FROM people_rolegrant AS held JOIN people_user AS person ON person.id = held.user_id
             WHERE held.area_id = ANY (%(around)s) AND person.is_active
               AND held.starts_on <= %(today)s AND (held.ends_on IS NULL OR held.ends_on > %(today)s)
               AND (held.role = ANY (%(community)s)
                    OR held.user_id IN (wish.raised_by_id, wish.verified_by_id) AND held.role = ANY (%(keepers)s))),
       line.id
FROM wish CROSS JOIN line JOIN people_area AS area ON area.code = wish.area_id
"""
_NAMES = ("id", "number", "area_id", "item")
"""In the order of the columns, as ``from_db`` wants them."""


def wish_was_claimed(*, pk: int, claim: Claim, offer: Offer, by: User | None) -> None:
    """Write it down and tell the wish's keepers, except whoever did it."""
    wish, keepers, line = write_line(pk, claim, offer.area_id, by)
    users = [user for user in keepers if by is None or user.pk != by.pk]
    queue(messages.about(messages.WishClaimed, wish), occurrence=f"{wish.number}:{line}", users=users)


def write_line(pk: int, claim: Claim, area_code: str, by: User | None) -> tuple[Wish, list[User], int]:
    """The wish and its keepers, as far as a notice needs them, and the key of the new line of its history.

    Whatever else is asked of wish and keepers is loaded then.
    """
    claimer = str(claim.unit) if claim.unit_id else ""
    params = {"actor": by.name if by else "", "claimer": claimer, "claim": claim.pk}
    asked: dict[str, Any] = {"wish": pk, "by": by.pk if by else None, "params": json.dumps(params)}
    asked |= {"around": [area_code[:length] for length in range(4, len(area_code) + 1)]}
    asked |= {"today": timezone.localdate(), "community": sorted(COMMUNITY_ROLES), "keepers": sorted(KEEPERS)}
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, asked)
        *found, area_name, keepers, line = cursor.fetchone()
    wish: Wish = Wish.from_db("default", _NAMES, found)
    wish.area = Area.from_db("default", ("code", "name"), (wish.area_id, area_name))
    return wish, [User.from_db("default", ("id", "is_active"), (user_id, True)) for user_id in keepers], line
