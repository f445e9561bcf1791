"""A wish was claimed: its line of history and the notices follow in the transaction of the hot write.

So what both need is read by one statement; a test holds its people to ``wish_keepers``.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils import timezone

from claims.models import Claim, Offer
from needs.messages import wishes as messages
from needs.models import Wish
from needs.states.wish import KEEPERS, WishVerb
from notifications.services import queue
from people.models import Area, User
from people.states import COMMUNITY_ROLES

_READ = """
SELECT wish.id, wish.number, wish.area_id, wish.item, wish.state, area.name,
       ARRAY(SELECT DISTINCT held.user_id
             FROM people_rolegrant AS held JOIN people_user AS person ON person.id = held.user_id
             WHERE held.area_id = ANY (%(around)s) AND person.is_active
               AND held.starts_on <= %(today)s AND (held.ends_on IS NULL OR held.ends_on > %(today)s)
               AND (held.role = ANY (%(community)s)
                    OR held.user_id IN (wish.raised_by_id, wish.verified_by_id) AND held.role = ANY (%(keepers)s)))
FROM needs_wish AS wish JOIN people_area AS area ON area.code = wish.area_id
WHERE wish.id = %(wish)s
"""
_NAMES = ("id", "number", "area_id", "item", "state")
"""In the order of the columns, as ``from_db`` wants them."""


def wish_was_claimed(*, pk: int, claim: Claim, offer: Offer, by: User | None) -> None:
    """Write it down and tell the wish's keepers, except whoever did it."""
    wish, keepers = read_wish(pk, offer.area_id)
    params = {"claimer": str(claim.unit) if claim.unit_id else "", "claim": claim.pk}
    state = wish.state
    event = wish.write_event(verb=WishVerb.CLAIMED, actor=by, source=state, target=state, note="", params=params)
    users = [user for user in keepers if by is None or user.pk != by.pk]
    queue(messages.about(messages.WishClaimed, wish), occurrence=f"{wish.number}:{event.pk}", users=users)


def read_wish(pk: int, area_code: str) -> tuple[Wish, list[User]]:
    """The wish and its keepers, as far as a notice needs them; whatever else is asked of them is loaded then."""
    around = [area_code[:length] for length in range(4, len(area_code) + 1)]
    asked: dict[str, Any] = {"wish": pk, "around": around, "today": timezone.localdate()}
    asked |= {"community": sorted(COMMUNITY_ROLES), "keepers": sorted(KEEPERS)}
    with connection.cursor() as cursor:
        cursor.execute(_READ, asked)
        *found, area_name, keepers = cursor.fetchone()
    wish: Wish = Wish.from_db("default", _NAMES, found)
    wish.area = Area.from_db("default", ("code", "name"), (wish.area_id, area_name))
    return wish, [User.from_db("default", ("id", "is_active"), (user_id, True)) for user_id in keepers]
