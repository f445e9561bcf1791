"""我来认领: the first of the hot writes. Many want one thing at the same moment; exactly one gets each share.

What is scarce is taken by **one statement**: it finds the offer open, inside its window and with a share left, takes
the share, writes the claim and its event. PostgreSQL queues those who come at once on the offer's row and asks the
condition again for each, so nobody has to read before he writes. Permission hangs on facts that are not scarce (seat,
membership, suspension, where somebody works); they are further conditions of the same statement, since asking for them
first would cost every winner a round trip. Who gets nothing is told why by ``losing``. The dues follow in the same
transaction.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.lib.errors import Conflict, constraint_of
from alliance.lib.prepared import Prepared
from claims.models import Claim, Offer
from claims.permissions import taking_places
from claims.services import moving
from claims.services.losing import look, require_may_claim, why_not
from claims.signals import claim_moved
from claims.states import Verb
from members.models import MemberUnit
from people.models import User

_CLAIM, _OFFER = Claim._meta.concrete_fields, Offer._meta.concrete_fields
_CLAIM_NAMES, _OFFER_NAMES = [field.attname for field in _CLAIM], [field.attname for field in _OFFER]
# A term of days lasts to the last second of its last day in China, a shorter one to the minute. Without a term
# of its own a claim lasts as long as the window, or until it is given back where the offer says so.
_TAKE = f"""
WITH share AS (
    UPDATE claims_offer SET taken = taken + 1, version = version + 1
    WHERE id = %(offer)s AND state = 'open' AND taken < shares
      AND opens_at <= statement_timestamp() AND (closes_at IS NULL OR closes_at > statement_timestamp())
      AND NOT EXISTS (SELECT FROM claims_claim WHERE client_key = %(key)s)
      AND {{may}}
    RETURNING *
), made AS (
    INSERT INTO claims_claim
        (offer_id, unit_id, person_id, by_id, client_key, whole, state, version, claimed_at, deliver_by)
    SELECT id, %(unit)s, %(person)s, %(user)s, %(key)s, shares = 1, 'claimed', 1, statement_timestamp(),
           CASE WHEN without_term THEN NULL
                WHEN deliver_within IS NULL THEN closes_at
                WHEN deliver_within < interval '1 day' THEN statement_timestamp() + deliver_within
                ELSE (date_trunc('day', (statement_timestamp() + deliver_within) AT TIME ZONE 'Asia/Shanghai')
                      + interval '23:59:59') AT TIME ZONE 'Asia/Shanghai' END
    FROM share RETURNING *
), told AS (
    INSERT INTO claims_claimevent (claim_id, at, actor_id, verb, source, target, words)
    SELECT id, claimed_at, by_id, 'claim', '', state, '' FROM made
)
SELECT {", ".join(f"made.{field.column}" for field in _CLAIM)},
       {", ".join(f"share.{field.column}" for field in _OFFER)},
       unit.id, unit.name, unit.short_name
FROM made CROSS JOIN share LEFT JOIN members_memberunit AS unit ON unit.id = made.unit_id
"""  # noqa: S608 (names of columns)
_FOR_UNIT = _TAKE.format(
    may="""for_units
      AND EXISTS (SELECT FROM members_liaison AS seat JOIN members_memberunit AS unit ON unit.id = seat.unit_id
                  WHERE seat.unit_id = %(unit)s AND seat.user_id = %(user)s AND unit.suspended_at IS NULL
                    AND seat.starts_on <= %(today)s AND (seat.ends_on IS NULL OR seat.ends_on > %(today)s))
      AND EXISTS (SELECT FROM members_membership AS joined
                  JOIN members_alliance AS alliance ON alliance.id = joined.alliance_id
                  WHERE joined.unit_id = %(unit)s AND alliance.street_code = claims_offer.street_code
                    AND joined.joined_on <= %(today)s AND (joined.left_on IS NULL OR joined.left_on > %(today)s))"""
)
_FOR_PERSON = _TAKE.format(may="for_people AND street_code LIKE ANY (%(places)s)")
_TYPES = {"offer": "bigint", "unit": "bigint", "user": "bigint", "person": "bigint", "key": "uuid", "today": "date"}
_TYPES |= {"places": "text[]"}
_BY_UNIT = Prepared("claims_take_by_unit", _FOR_UNIT, _TYPES)
_IN_PERSON = Prepared("claims_take_in_person", _FOR_PERSON, _TYPES)

LOST = frozenset({"claim_client_key_once", "claim_one_holds_the_whole"})
"""Whoever meets one of these was second."""


def claim_offer(*, offer_id: int, by: User, client_key: UUID, unit_id: int | None = None) -> Claim:
    """Take a share of the offer for the unit ``unit_id``, or in person. Exactly one gets each share.

    ``client_key`` is the caller's: sending it again finds the first claim, whatever has become of it; ``just_made``
    of the answer tells the two apart. Raises ``NotFound`` (no such offer, or another street's), ``NotAllowed`` (no
    seat in the unit, the unit is suspended, not offered to units or to people) and ``RuleBroken`` with a sentence: by
    whom it was taken, window over, taken down.
    """
    try:
        made = _take(offer_id, by, client_key, unit_id)
    except IntegrityError as error:
        if constraint_of(error) not in LOST:
            raise
        made = None  # the same key at the same moment: the other tap has it
    if made is not None:
        return made
    facts = look(offer_id, by, unit_id, client_key)
    require_may_claim(facts, by, unit_id)
    if facts.key_known:
        return _first(offer_id, by, client_key, unit_id)
    raise why_not(facts, offer_id, unit_id=unit_id, person=by)


def _first(offer_id: int, by: User, key: UUID, unit_id: int | None) -> Claim:
    """The claim that the first tap made. Raises ``Conflict`` if the key is another's."""
    claim = Claim.objects.select_related("offer", "unit", "person").get(client_key=key)
    if (claim.offer_id, claim.unit_id, claim.by_id) != (offer_id, unit_id, by.pk):
        raise Conflict
    return claim


@transaction.atomic
def _take(offer_id: int, by: User, key: UUID, unit_id: int | None) -> Claim | None:
    """The share taken, with everything that belongs to it; None if there was none to take."""
    row = _one_statement(offer_id, by, key, unit_id)
    if row is None:
        return None
    split, end = len(_CLAIM), len(_CLAIM) + len(_OFFER)
    claim: Claim = Claim.from_db("default", _CLAIM_NAMES, row[:split])
    claim.offer = Offer.from_db("default", _OFFER_NAMES, row[split:end])
    claim.unit = MemberUnit.from_db("default", ("id", "name", "short_name"), row[end:]) if unit_id else None
    claim.by, claim.person, claim.just_made = by, None if unit_id else by, True
    moving.plan(claim, claim.offer, since=claim.claimed_at)
    claim_moved.send(sender=Claim, claim=claim, offer=claim.offer, verb=Verb.CLAIM, by=by, note="")
    return claim


def _one_statement(offer_id: int, by: User, key: UUID, unit_id: int | None) -> tuple[Any, ...] | None:
    values: dict[str, Any] = {"offer": offer_id, "unit": unit_id, "user": by.pk, "key": str(key), "person": None}
    if unit_id is None:
        values |= {"person": by.pk, "places": [f"{code}%" for code in taking_places(by)]}
    else:
        values["today"] = timezone.localdate()
    return (_IN_PERSON if unit_id is None else _BY_UNIT).row(values)
