"""Nobody mints points: not by a service, not by the ORM, not by SQL as the application; and if, the check finds it."""

# ruff: noqa: S608 (forged statements are the point)
from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from points.codes import code_of
from points.models import Account, Entry, Lot, Rule, Transfer
from points.services import posting
from points.services.folding import fold
from points.services.picking_up import Counter, write_off
from points.services.verifying import compare, verify
from points.states import Kind, Posting
from tests.cast import Cast
from tests.points.things import account, give, now_true, redeem, reward_in, volunteer

NEW = """
WITH made AS (
    INSERT INTO points_transfer (kind, street_id, account_id, source, client_key, label, why, amount, asked, lines, day,
                                 rule_id, at)
    SELECT '{kind}', street_id, id, 'x:1', gen_random_uuid(), 'x', '', 100, 100, {lines}, current_date,
           (SELECT id FROM points_rule), now() FROM points_account WHERE id = {own} RETURNING id
)
INSERT INTO points_entry (transfer_id, account_id, lot_id, amount, seq, after)
"""
UP = "UPDATE points_account SET balance = balance + 100, seq = seq + 1 WHERE id = {own};"
LOT = "UPDATE points_lot SET rest = rest + 100 WHERE account_id = {own};"
INTO = "SELECT id, {own}, {lot}, 100, 2, 150 FROM made"
OUT = "SELECT id, {issued}, NULL::bigint, -100, NULL::int, NULL::bigint FROM made"
FORGERIES = {
    "a balance alone": "UPDATE points_account SET balance = balance + 100 WHERE id = {own}",
    "a lot alone": LOT,
    "balance and lot without a line": "UPDATE points_account SET balance = balance + 100 WHERE id = {own};" + LOT,
    "a line that nobody pays for": NEW.format(kind="award", lines=2, own="{own}") + INTO + ";" + UP + LOT,
    "one line that says it is one": NEW.format(kind="award", lines=1, own="{own}") + INTO + ";" + UP + LOT,
    "out of another purse than the kind says": NEW.format(kind="award", lines=2, own="{own}")
    + INTO
    + " UNION ALL SELECT id, {held}, NULL, -100, NULL, NULL FROM made;"
    + UP
    + LOT,
    "out of another street": NEW.format(kind="award", lines=2, own="{own}")
    + INTO
    + " UNION ALL SELECT id, {elsewhere}, NULL, -100, NULL, NULL FROM made;"
    + UP
    + LOT,
    "out of a neighbour's account": NEW.format(kind="award", lines=2, own="{own}")
    + INTO
    + " UNION ALL SELECT id, {other}, {others_lot}, -50, 3, 0 FROM made;"
    + UP
    + LOT,
    "into a neighbour's lot": NEW.format(kind="award", lines=2, own="{own}")
    + "SELECT id, {own}, {others_lot}, 100, 2, 150 FROM made UNION ALL "
    + OUT
    + ";"
    + UP
    + LOT,
    "a line that does not follow": NEW.format(kind="award", lines=2, own="{own}")
    + "SELECT id, {own}, {lot}, 100, 2, 999 FROM made UNION ALL "
    + OUT
    + ";"
    + UP
    + LOT,
    "a release of nothing": NEW.format(kind="release", lines=2, own="{own}")
    + INTO
    + " UNION ALL SELECT id, {held}, NULL, -100, NULL, NULL FROM made;"
    + UP
    + LOT,
    "spent and never held": NEW.format(kind="spend", lines=2, own="{own}")
    + "SELECT id, {held}, NULL::bigint, -100, NULL::int, NULL::bigint FROM made UNION ALL "
    "SELECT id, {spent}, NULL, 100, NULL, NULL FROM made",
    "given back after it was spent": """
        WITH made AS (
            INSERT INTO points_transfer (kind, street_id, account_id, source, client_key, label, why, amount, asked,
                                         lines, day, reverses_id, at)
            SELECT 'release', street_id, account_id, source, gen_random_uuid(), 'x', '', amount, amount, 2,
                   current_date, id, now() FROM points_transfer WHERE id = {hold} RETURNING id
        )
        INSERT INTO points_entry (transfer_id, account_id, lot_id, amount, seq, after)
        SELECT id, {other}, {others_lot}, 50, 3, 50 FROM made
        UNION ALL SELECT id, {held}, NULL, -50, NULL, NULL FROM made;
        UPDATE points_account SET balance = 50, seq = 3 WHERE id = {other};
        UPDATE points_lot SET rest = 50 WHERE id = {others_lot}""",
    "lines more to an old transfer": "INSERT INTO points_entry (transfer_id, account_id, lot_id, amount, seq, after)"
    " VALUES ({old}, {own}, {lot}, 100, 2, 150), ({old}, {issued}, NULL, -100, NULL, NULL);" + UP + LOT,
    "a shared balance": "UPDATE points_account SET balance = balance + 100 WHERE id = {issued}",
    "a shared balance folded twice": "UPDATE points_account SET balance = 2 * balance, folded_to = folded_to"
    " WHERE id = {issued}",
    "an account of another kind": "UPDATE points_account SET kind = 'held' WHERE id = {own}",
    "an account of somebody else": "UPDATE points_account SET person_id = (SELECT max(id) FROM people_user)"
    " WHERE id = {own}",
    "a longer life": "UPDATE points_lot SET expires_on = expires_on + 365",
    "a better rule": "UPDATE points_rule SET hour = 100",
    "no rule any more": "UPDATE points_rule SET ends_on = '2020-02-01'",
    "an overdraft": "UPDATE points_account SET balance = -1 WHERE id = {own}",
    "a line rewritten": "UPDATE points_entry SET amount = 1000",
    "a line gone": "DELETE FROM points_entry",
    "a transfer rewritten": "UPDATE points_transfer SET amount = 1000",
    "an account gone": "DELETE FROM points_account",
    "a lot gone": "DELETE FROM points_lot",
    "a day forgotten": "DELETE FROM points_day",
    "all gone": "TRUNCATE points_entry, points_transfer CASCADE",
}


@pytest.fixture
def keys(cast: Cast) -> dict[str, int]:
    """What the forgeries name: two accounts of one street with 50 each, and the street's own."""
    here, who, other = cast.chengxiang, volunteer(), volunteer("老王")
    old = give(who, here, 50)
    give(other, here, 50)
    give(other, cast.xiasha, 50)
    spent = redeem(other, reward_in(here, points=5))
    write_off(code=code_of(spent.client_key), by=here.worker, counter=Counter(area=here.home))
    fold()
    own, theirs = account(who, here), account(other, here)
    now_true()
    return {
        "own": own.pk,
        "other": theirs.pk,
        "lot": own.lots.get().pk,
        "others_lot": theirs.lots.get().pk,
        "old": old.pk,
        "issued": posting.shared(here.street.pk, Kind.ISSUED).pk,
        "hold": Transfer.objects.get(kind=Posting.HOLD).pk,
        "spent": posting.shared(here.street.pk, Kind.SPENT).pk,
        "held": posting.shared(here.street.pk, Kind.HELD).pk,
        "elsewhere": posting.shared(cast.xiasha.street.pk, Kind.ISSUED).pk,
    }


def _forge(statement: str, keys: dict[str, int]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(**keys))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_in_sql_is_refused(keys: dict[str, int], name: str) -> None:
    before = list(Account.objects.order_by("pk").values_list("pk", "balance"))
    with pytest.raises(DatabaseError):
        _forge(FORGERIES[name], keys)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert list(Account.objects.order_by("pk").values_list("pk", "balance")) == before
    now_true()


@pytest.mark.parametrize("day", ["current_date", "current_date - 7"], ids=["a day with awards", "a day without any"])
def test_control_the_same_statement_with_a_payer_is_an_award(keys: dict[str, int], day: str) -> None:
    """The forgeries fail for what is wrong with them, not for a slip in the statement."""
    new = NEW.format(kind="award", lines=2, own="{own}").replace("current_date", day)
    _forge(new + INTO + " UNION ALL " + OUT + ";" + UP + LOT, keys)
    assert Account.objects.get(pk=keys["own"]).balance == 150
    assert [problem.split()[0] for problem in compare()[1]] == ["day"], "a day's limit that nobody looked at"


def test_the_orm_cannot_either(keys: dict[str, int]) -> None:
    entry, transfer = Entry.objects.earliest("pk"), Transfer.objects.earliest("pk")
    entry.amount, transfer.amount = 10_000, 10_000
    for change in (
        entry.save,
        entry.delete,
        transfer.save,
        transfer.delete,
        Lot.objects.all().delete,
        Rule.objects.all().delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.create(transfer_id=keys["old"], account_id=keys["issued"], amount=5)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


HARM = {
    "account": "UPDATE points_account SET balance = balance + 1 WHERE id = {own}",
    "lot": "UPDATE points_lot SET rest = rest + 1 WHERE id = {lot}",
    "folded": "UPDATE points_account SET balance = balance + 1 WHERE id = {issued}",
    "transfer": "UPDATE points_transfer SET amount = amount + 1, asked = asked + 1 WHERE id = {old}",
    "sum": "UPDATE points_entry SET amount = amount + 1 WHERE transfer_id = {old} AND seq IS NOT NULL",
    "day": "UPDATE points_day SET given = given + 1 WHERE account_id = {own}",
    "lots": "UPDATE points_lot SET rest = rest + 1 WHERE id = {lot}",
    "held": "UPDATE points_redemption SET state = 'held', ended_at = NULL",
}


@pytest.mark.parametrize("name", HARM)
def test_the_check_finds_what_the_owner_forges_says_so_and_mends_nothing(
    keys: dict[str, int], as_owner: Any, name: str
) -> None:
    as_owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in ("account", "lot", "entry", "transfer", "day"):
        as_owner.execute(f"ALTER TABLE points_{table} DISABLE TRIGGER USER")
    as_owner.execute(HARM[name].format(**keys))
    found = verify()
    assert any(problem.split()[0] == name for problem in found.problems)
    assert verify().problems == found.problems


def test_keys_are_unique_whatever_the_service_does(keys: dict[str, int]) -> None:
    first = Transfer.objects.earliest("pk")
    for key, source in ((first.client_key, "y:1"), (uuid4(), first.source)):
        copy = Transfer.objects.get(pk=first.pk)
        copy.pk, copy.client_key, copy.source = None, key, source
        with pytest.raises(DatabaseError), transaction.atomic():
            copy.save(force_insert=True)
