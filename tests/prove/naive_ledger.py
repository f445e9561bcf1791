"""The controls: redeeming and giving as a first draft would have them.

``redeem_with_locks`` is right and slow: it locks both accounts, looks at everything, saves, creates, creates.
``give_without_locks`` reads, then writes, and asks for no key: points are lost, and given twice.
``take_the_last_without_locks`` looks, then takes: the last one goes to several.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from alliance.lib.errors import RuleBroken
from deadlines.models import Due
from people.models import User
from points.codes import code_of, digest_of
from points.models import Account, Day, Entry, Lot, Redemption, RedemptionEvent, Reward, Rule, Transfer
from points.services.redeeming import dues_of, quarter_of
from points.states import Kind, Posting, RedemptionVerb


@transaction.atomic
def redeem_with_locks(*, reward: int, by: User, price: int, client_key: UUID) -> Redemption:
    """The ORM, with both rows locked: everybody of the street waits for everybody."""
    first = Redemption.objects.filter(client_key=client_key).first()
    if first is not None:
        return first
    thing = Reward.objects.select_related("unit").get(pk=reward)
    own = Account.objects.select_for_update().get(kind=Kind.PERSON, person=by, street_id=thing.street_code)
    common = Account.objects.select_for_update().get(kind=Kind.HELD, street_id=thing.street_code)
    rule = Rule.objects.on(timezone.localdate()).get()
    _require(thing, own, price)
    if thing.left is not None:
        thing = Reward.objects.select_for_update().get(pk=reward)
        if not thing.left:
            raise RuleBroken
        thing.left -= 1
        thing.save()
    made = _create(thing, own, client_key, rule)
    transfer = _transfer(made, own)
    rest = price
    for lot in own.lots.filter(rest__gt=0).order_by("expires_on"):
        part = min(rest, lot.rest)
        if not part:
            break
        lot.rest -= part
        lot.save()
        own.balance -= part
        own.seq += 1
        Entry.objects.create(transfer=transfer, account=own, lot=lot, amount=-part, seq=own.seq, after=own.balance)
        rest -= part
    own.save()
    Entry.objects.create(transfer=transfer, account=common, amount=price)
    common.save()  # a first draft would add the balance here; the database wants it folded
    for due in dues_of(made, thing.area_id):
        Due.objects.create(
            kind=due.kind, subject=due.subject, label=due.label, area_code=due.area_code, key=due.key, due_at=due.due_at
        )
    return made


def _require(thing: Reward, own: Account, price: int) -> None:
    if thing.state != "on" or thing.price != price or own.balance < price:
        raise RuleBroken
    if thing.unit is not None and thing.unit.suspended_at is not None:
        raise RuleBroken
    if thing.per_quarter is not None:
        since = quarter_of(timezone.localdate())
        rows = Redemption.objects.filter(account=own, reward=thing, asked_at__gte=since).exclude(state="void")
        if rows.count() >= thing.per_quarter:
            raise RuleBroken


def _create(thing: Reward, own: Account, key: UUID, rule: Rule) -> Redemption:
    made = Redemption.objects.create(
        account=own,
        reward=thing,
        client_key=key,
        code_key=digest_of(code_of(key)),
        label=thing.name,
        price=thing.price,
        asked_at=timezone.now(),
        until=timezone.localdate() + timedelta(days=rule.pick_up_days),
    )
    RedemptionEvent.objects.create(redemption=made, verb=RedemptionVerb.REDEEM, target=made.state)
    return made


def _transfer(made: Redemption, own: Account) -> Transfer:
    lots, rest = 0, made.price
    for lot in own.lots.filter(rest__gt=0).order_by("expires_on"):
        if rest > 0:
            lots, rest = lots + 1, rest - lot.rest
    transfer: Transfer = Transfer.objects.create(
        kind=Posting.HOLD,
        street_id=own.street_id,
        account=own,
        source=f"redemption:{made.pk}",
        client_key=uuid4(),
        label=made.label,
        amount=made.price,
        asked=made.price,
        lines=lots + 1,
        day=timezone.localdate(),
    )
    return transfer


def give_without_locks(*, person: User, street: str, amount: int, source: str, pause: Any = None) -> None:
    """Reads the balance, adds to it, writes it back. A replay is another award."""
    own = Account.objects.get(kind=Kind.PERSON, person=person, street_id=street)
    issued = Account.objects.get(kind=Kind.ISSUED, street_id=street)
    lot = Lot.objects.filter(account=own).latest("expires_on")
    day, _made = Day.objects.get_or_create(account=own, day=timezone.localdate())
    if pause is not None:
        pause()
    transfer = Transfer.objects.create(
        kind=Posting.AWARD,
        street_id=street,
        account=own,
        source=f"{source}:{uuid4()}",
        client_key=uuid4(),
        label="跑腿",
        amount=amount,
        asked=amount,
        lines=2,
        day=timezone.localdate(),
        rule=Rule.objects.latest("starts_on"),
    )
    Entry.objects.create(
        transfer=transfer, account=own, lot=lot, amount=amount, seq=own.seq + 1, after=own.balance + amount
    )
    Entry.objects.create(transfer=transfer, account=issued, amount=-amount)
    Account.objects.filter(pk=own.pk).update(balance=own.balance + amount, seq=own.seq + 1)
    Lot.objects.filter(pk=lot.pk).update(rest=lot.rest + amount)
    Day.objects.filter(pk=day.pk).update(given=day.given + amount)


def take_the_last_without_locks(reward: int, pause: Any) -> bool:
    """Looks whether one is left, then takes it."""
    thing = Reward.objects.get(pk=reward)
    pause()
    if not thing.left:
        return False
    Reward.objects.filter(pk=reward).update(left=thing.left - 1)
    return True
