"""Why a claim was not to be had, in a sentence: looked at afterwards, so that the winner's way stays short.

One statement reads everything but who was faster: of two hundred who tap at once, all but one come here.
"""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.errors import NotAllowed, NotFound, RuleBroken
from claims.permissions import near
from claims.states import HOLDING, Ending, OfferState
from people.models import User

_LOOK = """
SELECT offer.street_code, offer.for_units, offer.for_people, offer.state = %(open)s, offer.ending,
       offer.taken >= offer.shares, offer.closes_at <= statement_timestamp(), offer.opens_at > statement_timestamp(),
       unit.suspended_at IS NOT NULL,
       EXISTS (SELECT FROM members_liaison AS seat
               WHERE seat.unit_id = %(unit)s AND seat.user_id = %(user)s AND seat.starts_on <= %(today)s
                 AND (seat.ends_on IS NULL OR seat.ends_on > %(today)s)),
       EXISTS (SELECT FROM members_membership AS joined JOIN members_alliance AS one ON one.id = joined.alliance_id
               WHERE joined.unit_id = %(unit)s AND one.street_code = offer.street_code AND joined.joined_on <= %(today)s
                 AND (joined.left_on IS NULL OR joined.left_on > %(today)s)),
       EXISTS (SELECT FROM claims_claim WHERE client_key = %(key)s)
FROM (VALUES (1)) AS always
LEFT JOIN claims_offer AS offer ON offer.id = %(offer)s
LEFT JOIN members_memberunit AS unit ON unit.id = %(unit)s
"""
_HOLDING = """
SELECT claim.unit_id, claim.person_id, unit.is_public, COALESCE(NULLIF(unit.short_name, ''), unit.name)
FROM claims_claim AS claim LEFT JOIN members_memberunit AS unit ON unit.id = claim.unit_id
WHERE claim.offer_id = %s AND claim.state = ANY (%s) ORDER BY claim.id DESC LIMIT 20
"""


class Facts(NamedTuple):
    """The offer and whoever wants it. Without an offer its part is None."""

    street_code: str | None
    for_units: bool
    for_people: bool
    open: bool
    ending: str
    full: bool
    over: bool | None
    early: bool
    suspended: bool
    seated: bool
    joined: bool
    key_known: bool


def look(offer_id: int, by: User, unit_id: int | None, key: UUID) -> Facts:
    """How things stand."""
    asked = {"offer": offer_id, "user": by.pk, "unit": unit_id, "key": str(key), "today": timezone.localdate()}
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, {**asked, "open": OfferState.OPEN.value})
        return Facts(*cursor.fetchone())


def require_may_claim(facts: Facts, by: User, unit_id: int | None) -> None:
    """Whether ``by`` may claim the offer at all, taken or not. An offer of another street is not found.

    Raises ``NotFound``, ``NotAllowed``.
    """
    if unit_id is not None and not facts.seated:
        raise NotAllowed(_("您现在不是这个单位的联络员，不能代它认领。请联系街道党建办。"))
    if facts.street_code is None:
        raise NotFound
    if unit_id is None:
        if not near(by, facts.street_code):
            raise NotFound
        if not facts.for_people:
            raise NotAllowed(_("这一件由共建单位认领。您是联络员的，请以单位的名义认领。"))
    elif not facts.joined:
        raise NotFound
    elif facts.suspended:
        raise NotAllowed(_("您的单位现在暂停参加，不能认领。有疑问请联系街道党建办。"))
    elif not facts.for_units:
        raise NotAllowed(_("这一件由个人来接，不用以单位的名义。"))


def why_not(facts: Facts, offer_id: int, *, unit_id: int | None, person: User) -> RuleBroken:
    """The sentence for whoever came too late, or too early."""
    if facts.ending == Ending.WITHDRAWN:
        return RuleBroken(_("这一件已撤下，不用再认领。谢谢您。"))
    if facts.full:
        return RuleBroken(_by_whom(offer_id, unit_id, person))
    if not facts.open or facts.over:
        return RuleBroken(_("这一件已过认领期。谢谢您，可以看看别的。"))
    if facts.early:
        return RuleBroken(_("这一件还没有到认领的时间。"))
    return RuleBroken(_("刚刚有变化，这一件又可以认领了。请再点一次。"))


def _by_whom(offer_id: int, unit_id: int | None, person: User) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_HOLDING, [offer_id, list(HOLDING)])
        claims = cursor.fetchall()
    if unit_id is not None and any(claim[0] == unit_id for claim in claims):
        return _("这一件您的单位已经认领了，不用再点。")
    if unit_id is None and any(claim[1] == person.pk for claim in claims):
        return _("这一件您已经接下了，不用再点。")
    named = [name for _unit, _person, public, name in claims if public]
    if named:
        return _("已被%(unit)s认领。谢谢您，可以看看别的。") % {"unit": named[0]}
    if any(claim[0] for claim in claims):
        return _("已被别的单位认领。谢谢您，可以看看别的。")
    return _("已经有别人接下了。谢谢您，可以看看别的。")
