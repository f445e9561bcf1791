"""兑换: the third of the hot writes. Points and one of the thing are held by one statement, or nothing is.

It reads the account and works out from which lots the points come, then takes the account **only if no line has been
written to it since** (``seq``): whoever changes one's points at the same moment is waited for, and the statement, now
knowing nothing new, takes nothing and is run again under the account's lock. Then it takes one of the thing, which for
what there is no end of touches no row at all; and it writes the exchange, its event, the transfer and its lines. The
street's shared account is not touched. An account that was taken with no thing to be had for it is let go with the
whole transaction.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.lib.errors import Conflict, NotAllowed, NotFound, RuleBroken, constraint_of
from alliance.lib.prepared import Prepared
from deadlines.services.dues import NewDue, add_dues
from people.models import User
from points.codes import code_of, digest_of
from points.figures import said
from points.models import Account, Redemption, Reward
from points.states import Kind, RedemptionState, Shelf

LAPSE, FETCH = "points.lapse", "points.fetch"
MORNING, NIGHT = time(9), time(0, 10)
REMIND_DAYS, PICK_UP_DAYS = 3, 15
MOST_PRICE = 100_000
"""In tenths, as the table of rewards says."""
_FIELDS = Redemption._meta.concrete_fields
_NAMES = [field.attname for field in _FIELDS]
_REDEEM = f"""
WITH seen AS (
    SELECT own.id, own.seq, own.balance, reward.name, reward.area_id
    FROM points_reward AS reward
    JOIN points_account AS own
        ON own.street_id = reward.street_code AND own.kind = 'person' AND own.person_id = %(person)s
    WHERE reward.id = %(reward)s AND reward.price = %(price)s AND own.balance >= %(price)s
      AND reward.state = 'on' AND (reward.until IS NULL OR reward.until >= %(today)s)
      AND (reward.unit_id IS NULL OR EXISTS (SELECT FROM members_memberunit AS unit
                                             WHERE unit.id = reward.unit_id AND unit.suspended_at IS NULL)
           AND EXISTS (SELECT FROM members_membership AS joined JOIN members_alliance AS alliance
                           ON alliance.id = joined.alliance_id AND alliance.street_code = reward.street_code
                       WHERE joined.unit_id = reward.unit_id AND joined.joined_on <= %(today)s
                         AND (joined.left_on IS NULL OR joined.left_on > %(today)s)))
      AND (reward.per_quarter IS NULL OR reward.per_quarter > (
            SELECT count(*) FROM points_redemption AS other
            WHERE other.account_id = own.id AND other.reward_id = reward.id AND other.state <> 'void'
              AND other.asked_at >= %(quarter)s))
      AND NOT EXISTS (SELECT FROM points_redemption WHERE client_key = %(key)s)
), uses AS (
    SELECT id, LEAST(rest, %(price)s - before) AS n, LEAST(before + rest, %(price)s) AS upto,
           row_number() OVER (ORDER BY expires_on, id) AS line
    FROM (SELECT lot.id, lot.rest, lot.expires_on,
                 sum(lot.rest) OVER (ORDER BY lot.expires_on, lot.id) - lot.rest AS before
          FROM points_lot AS lot JOIN seen ON lot.account_id = seen.id WHERE lot.rest > 0) AS lots
    WHERE before < %(price)s
), account AS (
    UPDATE points_account AS account
    SET balance = account.balance - %(price)s, seq = account.seq + (SELECT count(*) FROM uses)
    FROM seen WHERE account.id = seen.id AND account.seq = seen.seq
    RETURNING account.id, account.street_id
), counted AS (
    UPDATE points_reward AS reward SET "left" = reward."left" - 1
    FROM account WHERE reward.id = %(reward)s AND reward.state = 'on' AND reward.price = %(price)s AND reward."left" > 0
    RETURNING reward.id
), taken AS (
    SELECT id FROM counted
    UNION ALL
    SELECT reward.id FROM points_reward AS reward CROSS JOIN account
    WHERE reward.id = %(reward)s AND reward."left" IS NULL
), spent AS (
    UPDATE points_lot AS lot SET rest = lot.rest - uses.n FROM uses CROSS JOIN account WHERE lot.id = uses.id
), held AS (
    INSERT INTO points_redemption
        (account_id, reward_id, client_key, code_key, label, price, state, version, asked_at, until)
    SELECT account.id, taken.id, %(key)s, %(code)s, seen.name, %(price)s, 'held', 1, statement_timestamp(),
           %(today)s::date + coalesce((SELECT pick_up_days FROM points_rule
                                       WHERE withdrawn_at IS NULL AND starts_on <= %(today)s
                                       AND (ends_on IS NULL OR ends_on > %(today)s)), {PICK_UP_DAYS})
    FROM account CROSS JOIN taken CROSS JOIN seen RETURNING *
), told AS (
    INSERT INTO points_redemptionevent (redemption_id, at, verb, source, target, words)
    SELECT id, asked_at, 'redeem', '', 'held', '' FROM held
), made AS (
    INSERT INTO points_transfer (kind, street_id, account_id, source, client_key, label, why, amount, asked, lines,
                                 day, at)
    SELECT 'hold', account.street_id, account.id, 'redemption:' || held.id, %(posting)s, seen.name, '', %(price)s,
           %(price)s, 1 + (SELECT count(*) FROM uses), %(today)s, held.asked_at
    FROM account CROSS JOIN held CROSS JOIN seen RETURNING id, street_id
), written AS (
    INSERT INTO points_entry (transfer_id, account_id, lot_id, amount, seq, after)
    SELECT made.id, seen.id, uses.id, -uses.n, seen.seq + uses.line, seen.balance - uses.upto
    FROM made CROSS JOIN seen CROSS JOIN uses
    UNION ALL
    SELECT made.id, common.id, NULL, %(price)s, NULL, NULL
    FROM made JOIN points_account AS common ON common.street_id = made.street_id AND common.kind = 'held'
)
SELECT {", ".join(f"held.{field.column}" for field in _FIELDS)}, seen.area_id
FROM account CROSS JOIN seen LEFT JOIN held ON true
"""  # noqa: S608 (names of columns)
_TYPES = {"reward": "bigint", "person": "bigint", "price": "integer", "key": "uuid", "today": "date"}
_TYPES |= {"quarter": "timestamptz", "code": "text", "posting": "uuid"}
_STATEMENT = Prepared("points_redeem", _REDEEM, _TYPES)
LOST = frozenset({"redemption_client_key_once", "transfer_client_key_once"})


class _NothingLeft(Exception):
    """The account was taken, and there was nothing to be had for it any more."""


def redeem(*, reward: int, by: User, price: int, client_key: UUID) -> Redemption:
    """Hold ``price`` tenths of ``by`` and one of ``reward``, until it is picked up; ``price`` is what was shown.

    The same ``client_key`` finds the first exchange (``just_made`` tells the two apart). Raises ``NotFound``,
    ``Conflict`` (the key was used for something else, or the price has changed) and ``RuleBroken`` with a sentence:
    too few points, nothing left, enough of it this quarter, taken off the shelf.
    """
    if not by.is_active:
        raise NotAllowed
    if not 0 < price <= MOST_PRICE:
        return _refuse(by, reward, price)
    today = timezone.localdate()
    asked: dict[str, Any] = {"reward": reward, "person": by.pk, "price": price, "key": str(client_key), "today": today}
    asked |= {"code": digest_of(code_of(client_key)), "posting": str(uuid5(client_key, "hold"))}
    asked |= {"quarter": quarter_of(today)}
    for careful in (False, True):
        try:
            made = _take(asked, careful=careful)
        except _NothingLeft:
            break
        except IntegrityError as error:
            if constraint_of(error) not in LOST:
                raise
            break  # the same key at the same moment: the other tap has it
        if made is not None:
            return made
        first = _first(client_key, by, reward, price)
        if first is not None:
            return first
        if careful or not _could(by, reward, price):
            break
    return _first(client_key, by, reward, price) or _refuse(by, reward, price)


def quarter_of(day: date) -> datetime:
    """The beginning of the quarter."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return datetime.combine(first, time(), timezone.get_current_timezone())


@transaction.atomic
def _take(asked: dict[str, Any], *, careful: bool) -> Redemption | None:
    """Everything that belongs to it; None if nothing was to be had. ``careful``: nobody else changes the account."""
    if careful:
        rows = Account.objects.filter(kind=Kind.PERSON, person_id=asked["person"]).order_by("pk")
        list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    row = _STATEMENT.row(asked)
    if row is None:
        return None
    *columns, area = row
    if columns[0] is None:
        raise _NothingLeft
    made: Redemption = Redemption.from_db("default", _NAMES, columns)
    add_dues(dues_of(made, area))
    made.just_made = True
    return made


def dues_of(made: Redemption, place: str) -> list[NewDue]:
    """A word three days before, and the night in which it is void."""
    zone = timezone.get_current_timezone()
    ends = datetime.combine(made.until + timedelta(days=1), NIGHT, zone)
    soon = datetime.combine(made.until - timedelta(days=REMIND_DAYS), MORNING, zone)
    found = [NewDue(LAPSE, subject_of(made), ends, f"{LAPSE}:{made.pk}", label=made.number, area_code=place)]
    if soon > timezone.now():
        found.append(NewDue(FETCH, subject_of(made), soon, f"{FETCH}:{made.pk}", label=made.number, area_code=place))
    return found


def subject_of(made: Redemption) -> str:
    """The exchange as the subject of dues."""
    return f"redemption:{made.pk}"


def _first(key: UUID, by: User, reward: int, price: int) -> Redemption | None:
    """The exchange of the first tap. Raises ``Conflict`` if the key is another's, or was used for other points."""
    found = Redemption.objects.select_related("account", "reward").filter(client_key=key).first()
    if found is not None and (found.account.person_id, found.reward_id, found.price) != (by.pk, reward, price):
        raise Conflict
    return found


def _could(by: User, reward: int, price: int) -> bool:
    """Whether it was only that somebody changed the account at the same moment."""
    row = Reward.objects.filter(pk=reward).values_list("street_code", flat=True).first()
    return row is not None and Account.objects.of(by).filter(street_id=row, balance__gte=price).exists()


def _refuse(by: User, key: int, price: int) -> Redemption:
    """Says why not. Nothing is decided here: it was."""
    reward = Reward.objects.filter(pk=key).first()  # what once stood on the shelf is no secret
    if reward is None:
        raise NotFound
    if not Reward.objects.on_shelf().filter(pk=key).exists() or reward.state != Shelf.ON:
        raise RuleBroken(_("“%(name)s”已经下架了，看看别的吧。") % {"name": reward.name})
    if reward.price != price:
        raise Conflict(_("“%(name)s”现在要%(n)s分，请看一眼再兑换。") % {"name": reward.name, "n": said(reward.price)})
    account = Account.objects.of(by).filter(street_id=reward.street_code).first()
    balance = account.balance if account else 0
    if balance < price:
        words = _("积分不够：要%(price)s分，您有%(own)s分。")
        raise RuleBroken(words % {"price": said(price), "own": said(balance)})
    if account is not None and reward.per_quarter is not None:
        rows = Redemption.objects.filter(account=account, reward=reward, asked_at__gte=quarter_of(timezone.localdate()))
        if rows.exclude(state=RedemptionState.VOID).count() >= reward.per_quarter:
            raise RuleBroken(
                _("“%(name)s”每人每季最多%(n)d份，这一季已经换过了。") % {"name": reward.name, "n": reward.per_quarter}
            )
    if reward.left == 0:
        raise RuleBroken(_("“%(name)s”刚被换完，看看别的吧。") % {"name": reward.name})
    raise RuleBroken(_("刚才有别的积分变动，请再点一次。"))
