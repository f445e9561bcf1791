"""得分: the second of the hot writes. Points come into an account by one statement, or not at all.

It takes the account, as everything that moves points does first, the day's row (a day has a limit, and a right sum
under it cannot be read beforehand) and the lot, in this order, and writes the transfer with its two lines. The
street's shared account is not touched: its line is appended and folded later, so that nobody waits for anybody else.
What was given already for this ``source``, or with this key, is found again instead.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.lib.errors import Conflict, Invalid, NotAllowed, constraint_of
from alliance.lib.text import clean
from notifications.services import queue
from people.models import User
from people.querysets import STREET_LENGTH
from points.messages import given
from points.models import Account, Lot, Rule, Transfer
from points.permissions import on_duty
from points.services.clock import plan_back, plan_expiry
from points.services.opening import account_of, open_account
from points.services.rules import rule_on
from points.states import Posting
from points.worth import expires_on

MOST = 100_000
"""Ten thousand points: whoever types more has slipped."""
_AWARD = """
WITH mine AS (
    SELECT id, street_id FROM points_account
    WHERE kind = 'person' AND street_id = %(street)s AND person_id = %(person)s AND closed_at IS NULL
    FOR NO KEY UPDATE
), given AS (
    INSERT INTO points_day (account_id, day, given)
    SELECT id, %(day)s, LEAST(%(asked)s, %(most)s) FROM mine
    WHERE NOT EXISTS (SELECT FROM points_transfer
                      WHERE client_key = %(key)s OR (source = %(source)s AND kind = 'award'))
    ON CONFLICT (account_id, day) DO UPDATE
        SET given = points_day.given + GREATEST(0, LEAST(%(asked)s, %(most)s - points_day.given))
    RETURNING new.account_id AS id, new.given - coalesce(old.given, 0) AS amount
), account AS (
    UPDATE points_account AS account SET balance = account.balance + given.amount, seq = account.seq + 1
    FROM given WHERE account.id = given.id AND given.amount > 0
    RETURNING account.id, account.balance, account.seq
), lot AS (
    INSERT INTO points_lot (account_id, expires_on, rest)
    SELECT account.id, %(expires)s, given.amount FROM account CROSS JOIN given
    ON CONFLICT (account_id, expires_on) DO UPDATE SET rest = points_lot.rest + excluded.rest
    RETURNING new.id, old.id IS NULL AS fresh
), made AS (
    INSERT INTO points_transfer (kind, street_id, account_id, source, client_key, label, why, amount, asked, lines,
                                 day, rule_id, by_id, at)
    SELECT 'award', %(street)s, given.id, %(source)s, %(key)s, %(label)s, %(why)s, given.amount, %(asked)s,
           CASE WHEN given.amount > 0 THEN 2 ELSE 0 END, %(day)s, %(rule)s, %(by)s, statement_timestamp()
    FROM given RETURNING id
), written AS (
    INSERT INTO points_entry (transfer_id, account_id, lot_id, amount, seq, after)
    SELECT made.id, account.id, lot.id, given.amount, account.seq, account.balance
    FROM made CROSS JOIN account CROSS JOIN lot CROSS JOIN given
    UNION ALL
    SELECT made.id, issued.id, NULL, -given.amount, NULL, NULL
    FROM made CROSS JOIN given JOIN points_account AS issued
        ON issued.street_id = %(street)s AND issued.kind = 'issued' AND given.amount > 0
)
SELECT made.id, lot.id, lot.fresh FROM made LEFT JOIN lot ON true
"""
ONCE = frozenset({"transfer_once", "transfer_client_key_once"})
"""Whoever meets one of these was second."""


def award(
    *,
    person: User,
    area_code: str,
    source: str,
    amount: int,
    label: str,
    day: date | None = None,
    client_key: UUID | None = None,
    by: User | None = None,
    why: str = "",
    rule: Rule | None = None,
    unlimited: bool = False,
) -> Transfer | None:
    """Give ``person`` ``amount`` tenths for ``source`` (the key of what was done) in the street of ``area_code``.

    At most what the day's limit leaves, unless ``unlimited`` (nothing was earned, it comes back): what came to
    nothing stands in the statement as nothing. None for whoever works there: it is their job.

    Once for each source, and for each ``client_key``: asked again, it finds the first (``just_made`` tells the two
    apart). Raises ``Invalid`` (not between one and ``MOST``, no reason) and ``Conflict`` (the same source or key for
    somebody else or another amount).
    """
    if type(amount) is not int or not 0 < amount <= MOST or not clean(source) or not clean(label):
        raise Invalid({"amount": [_("分数要大于0，最多10000分，并写明事由。")]})
    if not person.is_active:
        raise NotAllowed
    if on_duty(person, area_code):
        return None
    street, today = area_code[:STREET_LENGTH], day or timezone.localdate()
    rule = rule or rule_on(today)
    key = client_key or uuid5(NAMESPACE_URL, f"points:award:{source}")
    asked = {"person": person.pk, "street": street, "source": source[:80], "asked": amount, "key": str(key)}
    asked |= {"label": clean(label)[:80], "why": clean(why)[:200], "day": today, "rule": rule.pk}
    ends = expires_on(rule, today)
    asked |= {"by": by.pk if by else None, "most": 2 * MOST if unlimited else rule.day_most, "expires": ends}
    asked |= {"late": ends - timedelta(days=rule.notice_days) <= timezone.localdate()}
    made = _once(asked) or _first(asked)
    if made is None:
        open_account(person, street)
        made = _once(asked) or _first(asked)
    if made is None:
        raise Conflict
    return made


def _once(asked: dict[str, Any]) -> Transfer | None:
    """The transfer, made now; None if it stands already or there is no account."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_AWARD, asked)
                row = cursor.fetchone()
            if row is None:
                return None
            made: Transfer = Transfer.objects.select_related("account").get(pk=row[0])
            if row[1] and (row[2] or asked["late"]):
                plan = plan_expiry if row[2] else partial(plan_back, mark=f"t{made.pk}")
                plan(Lot.objects.get(pk=row[1]), made.account, Rule.objects.get(pk=asked["rule"]))
    except IntegrityError as error:
        if constraint_of(error) not in ONCE:
            raise
        return None  # the same source at the same moment: the other one has it
    made.just_made = True
    return made


def award_and_tell(**said: Any) -> Transfer | None:
    """As ``award``; whoever is given something reads it in the inbox."""
    made = award(**said)
    if made is not None and made.just_made and made.amount:
        queue(given(made), occurrence=f"transfer:{made.pk}", users=[said["person"]])
    return made


def _first(asked: dict[str, Any]) -> Transfer | None:
    """What was given before for this source or with this key. Raises ``Conflict`` if it was something else."""
    rows = Transfer.objects.select_related("account")
    found = rows.filter(client_key=asked["key"]).first()
    found = found or rows.filter(source=asked["source"], kind=Posting.AWARD).first()
    if found is None:
        return None
    same = (found.kind, found.source, found.asked, found.street_id, found.account.person_id)
    if same != (Posting.AWARD, asked["source"], asked["asked"], asked["street"], asked["person"]):
        raise Conflict(_("这一笔已经记过，分数或对象不一样，没有再记。"))
    return found


def balance_of(person: User, street: str) -> int:
    """Tenths that ``person`` may spend in ``street``."""
    account: Account | None = account_of(person, street)
    return account.balance if account else 0
