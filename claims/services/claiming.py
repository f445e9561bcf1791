"""我来认领: the first of the hot writes. Many want one thing at the same moment; exactly one gets each share.

Permission is decided on facts that are not scarce: seats, memberships, suspension change rarely, and who raced with
such a change is answered as of a moment before. What is scarce is taken by **one statement**: it finds the offer open,
inside its window and with a share left, takes the share, writes the claim and its event. PostgreSQL queues those who
come at once on the offer's row and asks the condition again for each, so nobody has to read before he writes. The dues
follow in the same transaction.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, NotAllowed, NotFound, RuleBroken
from claims.models import Claim, Offer
from claims.permissions import near
from claims.services import moving
from claims.services.losing import why_not
from claims.signals import claim_moved
from claims.states import Verb
from people.models import User

_FACTS = """
SELECT offer.street_code, offer.for_units, offer.for_people, unit.suspended_at IS NOT NULL,
       EXISTS (SELECT FROM members_liaison AS seat
               WHERE seat.unit_id = %(unit)s AND seat.user_id = %(user)s AND seat.starts_on <= %(today)s
                 AND (seat.ends_on IS NULL OR seat.ends_on > %(today)s)),
       EXISTS (SELECT FROM members_membership AS joined JOIN members_alliance AS one ON one.id = joined.alliance_id
               WHERE joined.unit_id = %(unit)s AND one.area_id = offer.street_code AND joined.joined_on <= %(today)s
                 AND (joined.left_on IS NULL OR joined.left_on > %(today)s))
FROM (VALUES (1)) AS always
LEFT JOIN claims_offer AS offer ON offer.id = %(offer)s
LEFT JOIN members_memberunit AS unit ON unit.id = %(unit)s
"""
_CLAIM, _OFFER = Claim._meta.concrete_fields, Offer._meta.concrete_fields
_CLAIM_NAMES, _OFFER_NAMES = [field.attname for field in _CLAIM], [field.attname for field in _OFFER]
# A term of days lasts to the last second of its last day in China, a shorter one to the minute. Without a term
# of its own a claim lasts as long as the window.
_TAKE = f"""
WITH share AS (
    UPDATE claims_offer SET taken = taken + 1, version = version + 1
    WHERE id = %(offer)s AND state = 'open' AND taken < shares
      AND opens_at <= statement_timestamp() AND (closes_at IS NULL OR closes_at > statement_timestamp())
      AND NOT EXISTS (SELECT FROM claims_claim WHERE client_key = %(key)s)
    RETURNING *
), made AS (
    INSERT INTO claims_claim
        (offer_id, unit_id, person_id, by_id, client_key, whole, state, version, claimed_at, deliver_by)
    SELECT id, %(unit)s, %(person)s, %(user)s, %(key)s, shares = 1, 'claimed', 1, statement_timestamp(),
           CASE WHEN deliver_within IS NULL THEN closes_at
                WHEN deliver_within < interval '1 day' THEN statement_timestamp() + deliver_within
                ELSE (date_trunc('day', (statement_timestamp() + deliver_within) AT TIME ZONE 'Asia/Shanghai')
                      + interval '23:59:59') AT TIME ZONE 'Asia/Shanghai' END
    FROM share RETURNING *
), told AS (
    INSERT INTO claims_claimevent (claim_id, at, actor_id, verb, source, target, words)
    SELECT id, claimed_at, by_id, 'claim', '', state, '' FROM made
)
SELECT {", ".join(f"made.{field.column}" for field in _CLAIM)}, {", ".join(f"share.{field.column}" for field in _OFFER)}
FROM made, share
"""  # noqa: S608 (names of columns)

LOST = frozenset({"claim_client_key_once", "claim_one_holds_the_whole"})
"""Whoever meets one of these was second."""


class Facts(NamedTuple):
    """What decides whether somebody may claim, read in one go. Without an offer the first three are None."""

    street_code: str | None
    for_units: bool
    for_people: bool
    suspended: bool
    seated: bool
    joined: bool


def claim_offer(*, offer_id: int, by: User, client_key: UUID, unit_id: int | None = None) -> Claim:
    """Take a share of the offer for the unit ``unit_id``, or in person. Exactly one gets each share.

    ``client_key`` is the caller's: sending it again finds the first claim, whatever has become of it; ``just_made``
    of the answer tells the two apart. Raises ``NotFound`` (no such offer, or another street's), ``NotAllowed`` (no
    seat in the unit, the unit is suspended, not offered to units or to people) and ``RuleBroken`` with a sentence: by
    whom it was taken, window over, taken down.
    """
    _check(by, unit_id, _facts(offer_id, by, unit_id))
    try:
        made = _take(offer_id, by, client_key, unit_id)
    except IntegrityError as error:
        if _constraint(error) not in LOST:
            raise
        made = None  # the same key at the same moment: the other tap has it
    if made is not None:
        return made
    first = Claim.objects.select_related("offer").filter(client_key=client_key).first()
    if first is None:
        raise RuleBroken(why_not(offer_id, unit_id=unit_id, person=by))
    if (first.offer_id, first.unit_id, first.by_id) != (offer_id, unit_id, by.pk):
        raise Conflict
    return first


def _facts(offer_id: int, by: User, unit_id: int | None) -> Facts:
    with connection.cursor() as cursor:
        asked = {"offer": offer_id, "user": by.pk, "unit": unit_id, "today": timezone.localdate()}
        cursor.execute(_FACTS, asked)
        return Facts(*cursor.fetchone())


def _check(by: User, unit_id: int | None, facts: Facts) -> None:
    """Whether ``by`` may claim at all. An offer of another street is not found."""
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


@transaction.atomic
def _take(offer_id: int, by: User, key: UUID, unit_id: int | None) -> Claim | None:
    """The share taken, with everything that belongs to it; None if there was none to take."""
    person = by.pk if unit_id is None else None
    row = _one_statement({"offer": offer_id, "unit": unit_id, "person": person, "user": by.pk, "key": str(key)})
    if row is None:
        return None
    split = len(_CLAIM)
    claim: Claim = Claim.from_db("default", _CLAIM_NAMES, row[:split])
    claim.offer = Offer.from_db("default", _OFFER_NAMES, row[split:])
    claim.by, claim.just_made = by, True
    moving.plan(claim, claim.offer, since=claim.claimed_at)
    claim_moved.send(sender=Claim, claim=claim, offer=claim.offer, verb=Verb.CLAIM, by=by, note="")
    return claim


def _constraint(error: IntegrityError) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", "") or ""


def _one_statement(values: dict[str, Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
